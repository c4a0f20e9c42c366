// What can be said of pairs before anything is trained on them.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "examples/support/text/corpus.h"
#include "examples/support/text/vocabulary.h"

namespace heed::translate {

// Words of the sentences of one side.
struct Lengths {
  size_t middle = 0, most = 0;  // the median, and that of the longest
  size_t nearly_all = 0;        // 95 in 100 are no longer
};

// Pairs of a kind: how many, and the lines of the first few.
struct Kind {
  int64_t count = 0;
  std::vector<int64_t> lines = {};

  void add(const support::ParallelText& text, size_t pair);
};

struct SplitFindings {
  std::string name;
  int64_t pairs = 0;
  Lengths source, target;
  std::vector<std::string> left_out;  // with the reasons, for people
  Kind twice;                         // the same pair stood there before
  Kind same;                          // both sides are the same text, of more than one word
  Kind lopsided;                      // one side has more than three times as many words, and at least six more
  Kind other_script;     // a side whose letters are of another script than those of most sentences of that side
  Kind in_train;         // of a held-out split: the pair is in train, too
  Kind source_in_train;  // its source is, whatever its translation
};

// Words of held-out text that a vocabulary of the training text does not have, as shares of all: source and target.
struct Unknown {
  int64_t source_words = 0, target_words = 0;  // in the vocabularies
  double source = 0, target = 0;
};

// `train` is what else it may repeat; null for the split to learn from itself.
SplitFindings look_at(const std::string& name, const support::ParallelText& text, const support::ParallelText* train);

Unknown unknown_words(const support::ParallelText& train, const support::ParallelText& held_out,
                      const support::VocabularyOptions& options);

}  // namespace heed::translate
