// Parallel text: sentences and their translations.
//
// A corpus has splits: "train" to learn from, "valid" to decide when to stop, "test.." to be judged by.
// It is given as
//   a directory   with files SPLIT.LANGUAGE (train.en, train.de, valid.en, ..), one sentence a line, line i
//                 of one being the translation of line i of the other; each may be packed (train.en.gz);
//   a .tsv file   (or .tsv.gz) with one pair a line and tabs between the columns (which of them is what:
//                 pairs/pairs_table.h). Its splits are cut by a hash of the source sentence: 1 % valid, 1 % test,
//                 the rest train; of a small file a tenth each (load_split);
//   "builtin"     the corpus of grammar.h, English and French.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "examples/support/text/text_form.h"
#include "examples/support/text/tokens/token_form.h"

namespace heed::support {

struct ParallelText {
  std::vector<std::string> source, target;  // of equal length
  int64_t dropped = 0;                      // pairs left out because one side (or both) was empty
  std::vector<int64_t> line;  // of each pair, counted from 1 in its file; empty for the built-in corpus
  std::string columns;        // how a table was read, for people; "" for another corpus
  Tokenization tokenization = Tokenization::none;  // what was done to the lines
  std::string tokens;                              // what is worth saying of that, for people; or ""
  // The targets before they became tokens, in normal form; empty unless ReadOptions::keep_plain, and where the lines
  // were left as they are.
  std::vector<std::string> plain_target;
};

struct Corpus {
  ParallelText train, valid;
};

struct ReadOptions {
  TextForm form = usual_text_form();
  std::string columns = {};  // of a table, where it does not say itself: PairsWanted::columns
  bool keep_empty = false;   // pairs with an empty side, too: one pair for each line of the split
  TokenForm tokens = {};
  bool keep_plain = false;  // ParallelText::plain_target
};

// One split, in the normal form that is asked for, and then as tokens. For a .tsv file: a pair is in "valid" when the hash of its
// source, as a fraction of all hashes, lies below f, in "test" from f to 2f, else in "train", with f =
// min(1/100, 2000 / rows), before it becomes tokens. So equal sources are never in different splits, whatever the order of the file.
// Where one of the two would be empty, they get a tenth of the different sources each, those with the
// smallest hashes, and at least one. A held-out split is cut after 2000 pairs; what lies beyond is not used
// at all.
//
// Throws when there is no such corpus or split (saying what was looked for and which splits exist), when the
// two sides have different numbers of lines, when a row of a .tsv file lacks a column, or when no pair is
// left.
ParallelText load_split(const std::string& data, const std::string& split, const std::string& source_language,
                        const std::string& target_language, const ReadOptions& options = {});

// "train" and "valid", tokenised alike.
Corpus load_corpus(const std::string& data, const std::string& source_language,
                   const std::string& target_language, const ReadOptions& options = {});

// The pairs with words on both sides; the others are counted in `dropped`.
ParallelText without_empty(const ParallelText& text);

// The names of the splits that load_split finds for these languages, sorted; empty when there are none.
std::vector<std::string> list_splits(const std::string& data, const std::string& source_language,
                                     const std::string& target_language);

}  // namespace heed::support
