// A trained translator for a page (support/pages/packed_model.h): its header tells languages, settings, vocabularies and
// sentences to try; attached is the model of subwords, as in the run's folder, or nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "examples/support/pages/packed_model.h"
#include "examples/support/text/subwords/subwords.h"
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
  std::optional<support::Subwords> subwords;
  support::Vocabulary source_words, target_words;
  std::vector<SamplePair> samples;  // sentences to try, as tokens, with their right translations
  std::unique_ptr<Translator> model;
};

// Throws what pack_model throws.
std::string pack(const PackedRun& run, support::NumberType precision);

// Throws if the bytes are cut, or are not a translator's.
PackedRun unpack(std::string_view bytes);

}  // namespace heed::translate
