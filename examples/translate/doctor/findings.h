// What can be said of pairs before anything is trained on them.
#pragma once

#include <string>
#include <vector>

#include "examples/support/doctor/noticed.h"
#include "examples/support/text/corpus.h"

namespace heed::translate {

// Pairs of a kind, and the lines of the first few.
using Kind = support::Noticed<int64_t>;

struct SplitFindings {
  std::string name;
  int64_t pairs = 0;
  support::Lengths source, target;
  std::vector<std::string> left_out;  // with the reasons, for people
  Kind twice;                         // the same pair stood there before
  Kind same;                          // both sides are the same text, of more than one word
  Kind lopsided;                      // one side has more than three times as many words, and at least six more
  Kind other_script;     // a side whose letters are of another script than those of most sentences of that side
  Kind in_train;         // of a held-out split: the pair is in train, too
  Kind source_in_train;  // its source is, whatever its translation
};

// `train` is what else it may repeat; null for the split to learn from itself.
SplitFindings look_at(const std::string& name, const support::ParallelText& text, const support::ParallelText* train);

}  // namespace heed::translate
