// Sentences and their translations, side by side.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "examples/support/text/tokens/token_form.h"

namespace heed::support {

struct ParallelText {
  std::vector<std::string> source, target;  // of equal length
  std::vector<int64_t> line;                // of each pair, counted from 1 in its file; empty for the built-in corpus
  // What was left out: pairs of which one side (or both) is empty; rows of a table that lack a column, and the line
  // of the first; and pairs held out of one file beyond those that a held-out split keeps.
  int64_t dropped = 0, short_rows = 0, first_short = 0, beyond = 0;
  // Rows of a table that have more columns than they should, and the line of the first: perhaps the separator stands in
  // their sentences. Of a CSV they are left out.
  int64_t long_rows = 0, first_long = 0;
  std::string columns;                             // how a table was read, for people; "" for another corpus
  std::string cut;                                 // how one file was cut into splits, for people; or ""
  Tokenization tokenization = Tokenization::none;  // what was done to the lines
  std::string tokens;                              // what is worth saying of that, for people; or ""
  // The targets before they became tokens, in normal form; empty unless ReadOptions::keep_plain, and where the lines
  // were left as they are.
  std::vector<std::string> plain_target;

  void add(std::string of_source, std::string of_target, int64_t at_line);
  // Whether both sides of a pair have words.
  bool whole(size_t pair) const;
};

// The pairs with words on both sides; the others are counted in `dropped`.
ParallelText without_empty(const ParallelText& text);

// What was left out, and why, for people: a line for each reason, without an end.
std::vector<std::string> left_out(const ParallelText& text);

}  // namespace heed::support
