// The split that a run is judged by, and the links that people have drawn between its words.
#pragma once

#include <string>
#include <vector>

#include "examples/support/text/alignments/word_links.h"
#include "examples/support/text/corpus.h"
#include "examples/translate/commands/options.h"
#include "examples/translate/evaluation/references.h"

namespace heed::translate {

// Where they are.
struct SplitFlags {
  std::string data, split = "valid", columns, gold;
  std::vector<std::string> references;
  bool swap_gold = false;

  void text_fields(auto& visit) {
    visit("data", data, "corpus; that of the training unless given");
    visit("columns", columns, "of a table, as in training: where source and target stand, such as 2,4");
    visit("split", split, "valid, test, test2016, ..");
  }
  void fields(auto& visit) {
    text_fields(visit);
    visit(
        "reference", references,
        "another translation of the split by people, a line for each of its lines; several (--reference A --reference "
        "B) count together with the split's own target, which is the first. A blank line is none. Perplexity is of "
        "the split's own");
    visit("gold", gold,
          "links between words, to judge attention by: a line '0-0 1-2 3?1' for each line of the split, or lines "
          "'sentence source target [S|P]'; builtin: the grammar's own");
    visit("swap_gold", swap_gold, "the file has target and source in the place of source and target");
  }
};

struct SplitText {
  support::ParallelText lines;           // all lines of the split, also those with an empty side
  support::ParallelText whole;           // those with words on both sides, by which a run is judged
  std::vector<size_t> line_of;           // of each of them, counted from 0
  References references;                 // of each of them
  std::vector<support::WordLinks> gold;  // of each of them; empty if nobody asked
};

// Of a run that was trained so. Throws what reading text and links throws.
SplitText load_split_text(const SplitFlags& flags, const Options& trained);

}  // namespace heed::translate
