// A vocabulary: words as numbers and back.
//
// A network sees row numbers of an embedding table. Numbers 0 to 3 are set apart: padding after the end of a
// short sentence, the start and the end of a sentence, and one number for every word that the table does not
// hold. The other words follow by falling frequency in the training text (equal frequencies in the order of
// their bytes), so the first rows are the busiest and a smaller vocabulary is a prefix of a larger one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace heed::support {

struct VocabularyOptions {
  int64_t min_count = 1;  // rarer words are left out and read as <unk>
  int64_t max_words = 0;  // how many words at most, the four special ones not counted; 0 for all

  void fields(auto& visit) {
    visit("min_count", min_count, "rarer words become <unk>", {.least = 1});
    visit("max_words", max_words, "largest vocabulary; 0: no limit");
  }
};

class Vocabulary {
 public:
  static constexpr int64_t pad = 0, start = 1, end = 2, unknown = 3;

  // Only <pad>, <s>, </s>, <unk>.
  Vocabulary();

  // The words of the sentences, counted and sorted.
  static Vocabulary build(const std::vector<std::vector<std::string>>& sentences, const VocabularyOptions& options);

  // From its words in the order of their numbers; the first four must be the special ones. Throws when they
  // are not, or when a word is empty, holds white space, or occurs twice. `origin` is named in the error.
  static Vocabulary from_words(const std::vector<std::string>& words, const std::string& origin = "vocabulary");
  const std::vector<std::string>& words() const { return words_; }

  // A text file: a first line with the number of words, then one word a line. Throws when the file cannot be
  // written, or when what is read is cut, damaged or something else.
  void save(const std::filesystem::path& path) const;
  static Vocabulary load(const std::filesystem::path& path);

  int64_t size() const { return static_cast<int64_t>(words_.size()); }
  int64_t id(const std::string& word) const;  // `unknown` for a word that is not held
  const std::string& word(int64_t id) const;  // throws when the id is out of range

  // One number for each word, nothing added. Text that looks like <pad>, <s> or </s> is unknown:
  // it must not steer.
  std::vector<int64_t> encode(const std::vector<std::string>& words) const;
  // The words up to the first </s>, without <s> and <pad>.
  std::vector<std::string> decode(const std::vector<int64_t>& ids) const;

 private:
  std::vector<std::string> words_;
  std::unordered_map<std::string, int64_t> ids_;
};

}  // namespace heed::support
