// A corpus of longer texts: neighbouring lines of another one, joined. With real sentences, which are short, it shows
// what becomes of a model as texts get longer (Bahdanau et al., Figure 2).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "examples/support/text/corpus.h"

namespace heed::translate {

// Each pair is of 1 to `most` neighbouring pairs of the text, as many of each number, each used once and in its order;
// `seed` draws the numbers. What is left at the end makes a shorter one.
support::ParallelText joined_lines(const support::ParallelText& text, int64_t most, uint64_t seed);

struct Joining {
  std::string data, source, target;  // as translate train takes them
  int64_t most = 1;                  // lines in one, to learn from and to validate by
  int64_t test_most = 0;             // to test by; 0: as the others
  uint64_t seed = 1;
};

// The files of the joined corpus, name and content: train.SOURCE, train.TARGET, valid.., and of each other split of the
// data. Throws what load_split throws.
std::vector<std::pair<std::string, std::string>> joined_files(const Joining& wanted);

}  // namespace heed::translate
