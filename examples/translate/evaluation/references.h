// What people have written for the sentences of a split: its own target, and the files of --reference.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "examples/support/text/corpus.h"
#include "examples/translate/commands/options.h"

namespace heed::translate {

// Of each sentence, the split's own first.
struct References {
  std::vector<std::vector<std::string>> tokens;
  std::vector<std::vector<std::string>> plain;  // as they were written; empty for a run that does not tokenise

  // The numbers of references of the sentences: fewest and most.
  std::pair<size_t, size_t> counts() const;
};

// `lines`: all of the split; `chosen`: those to be judged, counted from 0. A file has a line for each line of the split,
// and where that is blank, one reference less. Throws when it has more or fewer, or the very lines of the target or of
// another file, which would count twice.
References read_references(const std::vector<std::string>& files, const support::ParallelText& lines,
                           const std::vector<size_t>& chosen, const Options& trained);

}  // namespace heed::translate
