// translate data: writes a corpus that the program makes itself as files, with the links between its words
// beside them.
#pragma once

#include <string>

#include "examples/support/program/fields.h"
#include "examples/support/text/grammar.h"

namespace heed::translate {

inline constexpr Choice<support::Lengths> length_choices[] = {
    {"usual", "most sentences have at most 12 words, the others tail off", support::Lengths::usual},
    {"even", "about as many sentences of each length", support::Lengths::even},
};

struct DataFlags {
  std::string corpus = "builtin", out;
  support::GrammarCorpus wanted;
  bool overwrite = false;

  void fields(auto& visit) {
    visit("out", out, "folder for train.en, train.fr, train.gold, valid.en, ..", {.required = true});
    visit("train", wanted.train, "pairs to learn from", {.least = 1, .most = 10000000});
    visit("valid", wanted.valid, "pairs to validate by", {.least = 1, .most = 1000000});
    visit("test", wanted.test, "pairs to test by", {.least = 1, .most = 1000000});
    visit("seed", wanted.seed, "1 with the other defaults: the same pairs as --data builtin");
    visit("min_words", wanted.min_words, "of an English sentence, the full stop counted",
          {.least = 3, .most = 200});
    visit("max_words", wanted.max_words, "of an English sentence", {.least = 3, .most = 200});
    visit("test_min_words", wanted.test_min_words, "of a test sentence; 0: as the others", {.most = 200});
    visit("test_max_words", wanted.test_max_words, "of a test sentence; 0: as the others", {.most = 200});
    visit("lengths", wanted.lengths, length_choices, "of sentences");
    visit("overwrite", overwrite, "replace other files of these names");
  }
};

// Returns the exit code. `program`: as it was called, for what to type next.
int write_data(const DataFlags& flags, const std::string& program);

}  // namespace heed::translate
