// Parallel text: sentences and their translations.
//
// A corpus has splits: "train" to learn from, "valid" to decide when to stop, "test.." to be judged by.
// It is given as
//   a directory   with files SPLIT.LANGUAGE (train.en, train.de, valid.en, ..), one sentence a line, line i
//                 of one being the translation of line i of the other; each may be packed (train.en.gz);
//   a .tsv file   (or .tsv.gz) with one pair a line, source<TAB>target, further columns ignored. Its splits
//                 are cut by a hash of the source sentence: 1 % valid, 1 % test, the rest train (load_split);
//   "builtin"     the corpus of grammar.h, English and French.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heed::support {

struct ParallelText {
  std::vector<std::string> source, target;  // of equal length
  int64_t dropped = 0;                      // pairs left out because one side (or both) was empty
};

struct Corpus {
  ParallelText train, valid;
};

// One split. For a .tsv file: a pair is in "valid" when the hash of its source, as a fraction of all hashes,
// lies below f, in "test" from f to 2f, else in "train", with f = min(1/100, 2000 / rows). So equal sources
// are never in different splits, whatever the order of the file. A held-out split is cut after 2000 pairs;
// what lies beyond is not used at all.
//
// Throws when there is no such corpus or split (saying what was looked for and which splits exist), when the
// two sides have different numbers of lines, when a row of a .tsv file has no tab, or when no pair is left.
ParallelText load_split(const std::string& data, const std::string& split, const std::string& source_language,
                        const std::string& target_language);

// "train" and "valid".
Corpus load_corpus(const std::string& data, const std::string& source_language,
                   const std::string& target_language);

// The names of the splits that load_split finds for these languages, sorted; empty when there are none.
std::vector<std::string> list_splits(const std::string& data, const std::string& source_language,
                                     const std::string& target_language);

}  // namespace heed::support
