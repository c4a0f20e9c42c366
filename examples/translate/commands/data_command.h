// translate data: writes a corpus as files: one that the program makes itself, with the links between its words beside
// it, or one of longer texts, neighbouring lines of another corpus joined.
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
  std::string source = "en", target = "de";
  int64_t join = 0, test_join = 0;
  bool overwrite = false, json = false;

  void fields(auto& visit) {
    visit("corpus", corpus, "builtin, or what --data of train takes, with --join", {.flag = "corpus"});
    visit("out", out, "folder for train.en, train.fr, valid.en, ..", {.required = true});
    visit("train", wanted.train, "pairs to learn from", {.least = 1, .most = 10000000});
    visit("valid", wanted.valid, "pairs to validate by", {.least = 1, .most = 1000000});
    visit("test", wanted.test, "pairs to test by", {.least = 1, .most = 1000000});
    visit("seed", wanted.seed, "1 with the other defaults: the same pairs as --data builtin");
    visit("min_words", wanted.min_words, "of an English sentence, the full stop counted", {.least = 3, .most = 200});
    visit("max_words", wanted.max_words, "of an English sentence", {.least = 3, .most = 200});
    visit("test_min_words", wanted.test_min_words, "of a test sentence; 0: as the others", {.most = 200});
    visit("test_max_words", wanted.test_max_words, "of a test sentence; 0: as the others", {.most = 200});
    visit("lengths", wanted.lengths, length_choices, "of sentences");
    visit("join", join, "of another corpus than builtin: 1 to N neighbouring lines become one",
          {.least = 1, .most = 100});
    visit("test_join", test_join, "the same for what is tested on; 0: as the others", {.most = 100});
    visit("source", source, "of another corpus: language");
    visit("target", target, "of another corpus: language");
    visit("overwrite", overwrite, "replace other files of these names");
    visit("json", json, "one JSON object on stdout");
  }
};

// Returns the exit code. `program`: as it was called, for what to type next.
int write_data(const DataFlags& flags, const std::string& program);

}  // namespace heed::translate
