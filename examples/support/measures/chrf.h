// chrF, a measure of text by its characters (Popovic, "chrF: character n-gram F-score for automatic MT
// evaluation", 2015): half a word right counts half, which helps where words have many endings.
//
// White space is taken out; what is left are runs of n characters (Unicode code points), n = 1..6, with
// clipped matches as in bleu.h. Over the whole corpus, for each n,
//
//     P_n = matches / n-grams of the hypotheses,     R_n = matches / n-grams of the references
//
// and with P and R their means over those n for which both sides have n-grams,
//
//     chrF2 = (1 + 2^2) P R / (2^2 P + R)            recall counts twice as much as precision
//
// This is sacreBLEU 2's chrF2 (nc:6, nw:0, space:no, case:mixed, eff:yes): the n-grams of a hypothesis are
// not counted for an n for which its reference has none, and of several references that one counts which
// gives the sentence its best score (the first of several as good).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace heed::support {

struct Chrf {
  static constexpr size_t orders = 6;
  std::array<int64_t, orders> matches{};     // of 1-grams .. 6-grams
  std::array<int64_t, orders> hypothesis{};  // n-grams that were written
  std::array<int64_t, orders> reference{};   // n-grams that were wanted

  // Adds one sentence. Throws when there is no reference.
  void add(const std::string& text, const std::vector<std::string>& references);
  Chrf& operator+=(const Chrf& other);
  double score() const;  // as a fraction in [0, 1]; 0 if nothing can be compared
};

// Of a corpus. Throws when the numbers of sentences differ.
Chrf corpus_chrf(const std::vector<std::string>& hypotheses, const std::vector<std::vector<std::string>>& references);

}  // namespace heed::support
