// Which target words a sentence may call for, so that the output layer need not ask about all of them.
//
// A word of 10,000 is scored by 10,000 sums, but for a given source nearly all of them are out of the question. Here each
// source word has a few candidates, those for which it stands by IBM model 1 (support/text/alignments/ibm_model_1.h);
// what may be written about a sentence are the candidates of its words, and the most frequent words. This is Jean, Cho,
// Memisevic and Bengio's candidate list (2015, section 3.3). Probabilities are then of these words alone.
#pragma once

#include <filesystem>
#include <vector>

#include "examples/translate/model/text_model.h"

namespace heed::translate {

class Shortlist {
 public:
  // candidates[e]: numbers of the target words for which source word e may stand; `frequent`: so many of the first words
  // of the target vocabulary, after the special ones, may always be written.
  Shortlist(std::vector<std::vector<int64_t>> candidates, int64_t frequent);

  // A text file: for each source word a line "word<tab>its candidates, with blanks between", after a first line that
  // says how many frequent words there are. Throws when a word is not in the run's vocabularies.
  void save(const std::filesystem::path& path, const TextModel& text) const;
  static Shortlist load(const std::filesystem::path& path, const TextModel& text);
  static constexpr const char* file = "shortlist.tsv";  // in the run's folder

  // The numbers of what may be written about these sentences, ascending. The four special words come first, and so
  // keep their numbers as places in this list.
  std::vector<int64_t> words_for(const std::vector<const std::vector<int64_t>*>& sources) const;

 private:
  std::vector<std::vector<int64_t>> candidates_;
  int64_t frequent_, words_;  // all that may be named are below words_
};

}  // namespace heed::translate
