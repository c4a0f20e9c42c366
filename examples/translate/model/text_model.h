// Between text and ids: the vocabularies of both sides, and subwords if the run uses them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "examples/support/text/corpus.h"
#include "examples/support/text/subwords/subwords.h"
#include "examples/support/text/text_form.h"
#include "examples/support/text/tokens/token_form.h"
#include "examples/support/text/vocabulary.h"

namespace heed::translate {

struct TextOptions {
  support::VocabularyOptions vocabulary{.min_count = 2};
  int64_t bpe = 0;  // pieces of a joint subword model; 0: whole words
  support::TextForm form = support::TextForm::bytes;
  support::TokenForm tokens;

  void fields(auto& visit) {
    visit("form", form, support::text_forms, "of all text that is read", {.flag = "--text-form"});
    tokens.fields(visit);
    vocabulary.fields(visit);
    visit("bpe", bpe, "pieces of a joint subword model; 0: whole words", {.most = 1000000});
  }
};

class TextModel {
 public:
  // Learns vocabularies (and subwords) from training text.
  static TextModel build(const support::ParallelText& train, const TextOptions& options);
  // From a run's folder, with the options that it was built with; and into it.
  static TextModel load(const std::filesystem::path& run_folder, const TextOptions& options);
  void save(const std::filesystem::path& run_folder) const;
  // The names of the files there.
  std::vector<std::string> files() const;

  // The tokens of a sentence: its words, or their pieces.
  std::vector<std::string> tokens(const std::string& line) const;
  // The sentence that tokens spell, and for each token the number of its word.
  std::string join(const std::vector<std::string>& tokens) const;
  std::vector<size_t> words_of(const std::vector<std::string>& tokens) const;
  bool has_subwords() const { return subwords_.has_value(); }
  const std::optional<support::Subwords>& subwords() const { return subwords_; }
  // Where this differs from another, for people: "the target vocabulary"; "" if both give every word the same number.
  std::string difference(const TextModel& other) const;

  std::vector<std::vector<int64_t>> encode_source(const std::vector<std::string>& lines) const;
  std::vector<std::vector<int64_t>> encode_target(const std::vector<std::string>& lines) const;

  support::Vocabulary source, target;

 private:
  std::optional<support::Subwords> subwords_;
};

}  // namespace heed::translate
