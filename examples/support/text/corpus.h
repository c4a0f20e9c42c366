// Parallel text: sentences and their translations.
//
// A corpus has splits: "train" to learn from, "valid" to decide when to stop, "test.." to be judged by.
// It is given as
//   a folder      with two files for each split (train.en and train.de, valid.en, .., or as OpenNMT has them:
//                 pairs/parallel_files.h), line i of one being the translation of line i of the other, or with a
//                 table for each split; with but one of these that is no split's, it is cut as a file is
//   a file        with one pair a line, tabs between the columns, or csv (pairs/table_lines.h; which of them is what:
//                 pairs/pairs_table.h); also two files by what their names have in common, "corpus" for corpus.en and
//                 corpus.de. Its splits are cut by a hash of the source sentence (pairs/cut.h)
//   "builtin"     the corpus of grammar.h, English and French.
// All files may be packed (files/packed.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "examples/support/text/pairs/parallel_text.h"
#include "examples/support/text/text_form.h"
#include "examples/support/text/tokens/token_form.h"

namespace heed::support {

struct Corpus {
  ParallelText train, valid;
};

struct ReadOptions {
  TextForm form = usual_text_form();
  std::string columns = {};  // of a table, where it does not say itself: PairsWanted::columns
  bool keep_empty = false;   // pairs with an empty side, too: one pair for each line of the split
  TokenForm tokens = {};
  bool keep_plain = false;  // ParallelText::plain_target
  bool hold_out = true;     // false: nothing is, and one file that holds all splits is all for "train"
};

// One split, in the normal form that is asked for, and then as tokens.
//
// Throws when there is no such corpus or split (saying what was looked for and which splits exist), when the
// two sides have different numbers of lines, when more than one row in a hundred of a table lacks a column, or when
// no pair is left.
ParallelText load_split(const std::string& data, const std::string& split, const std::string& source_language,
                        const std::string& target_language, const ReadOptions& options = {});

// "train" and "valid", tokenised alike; without options.hold_out "train" alone.
Corpus load_corpus(const std::string& data, const std::string& source_language, const std::string& target_language,
                   const ReadOptions& options = {});

// The names of the splits that load_split finds for these languages, sorted; empty when there are none.
std::vector<std::string> list_splits(const std::string& data, const std::string& source_language,
                                     const std::string& target_language);

}  // namespace heed::support
