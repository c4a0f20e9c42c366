// A trained translator as one string of bytes: what a page needs to translate with it, and nothing of its training.
//
//     8 bytes     N, the length of the header (little-endian)
//     N bytes     JSON: languages, settings, vocabularies, sentences to try, and each tensor's name, type and shape
//     the rest    the numbers, F32 or F16, little-endian, row-major, tensor after tensor
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "examples/support/text/tokens/token_form.h"
#include "examples/support/text/vocabulary.h"
#include "examples/translate/model/translator.h"

namespace heed::translate {

struct SamplePair {
  std::string source, target;
};

struct PackedRun {
  std::string name;            // of the run, for people
  std::string source, target;  // its languages
  support::TokenForm tokens;   // of the text that it reads
  support::Vocabulary source_words, target_words;
  std::vector<SamplePair> samples;  // sentences to try, as tokens, with their right translations
  std::unique_ptr<Translator> model;
};

enum class Precision { f32, f16 };
inline constexpr Choice<Precision> precisions[] = {
    {"f32", "the numbers of the checkpoint", Precision::f32},
    {"f16", "rounded to 11 binary digits: half the size", Precision::f16},
};

// With f16 throws, naming the tensor, for a number that it does not hold: above 65504, or not finite.
std::string pack(const PackedRun& run, Precision precision);

// Throws if the bytes are cut, or are not a translator's.
PackedRun unpack(std::string_view bytes);

}  // namespace heed::translate
