// BLEU, the usual measure of a translation (Papineni et al., "BLEU: a method for automatic evaluation of
// machine translation", 2002), over a whole corpus and on tokens, as the script multi-bleu defines it.
//
// Count the runs of n words (n-grams) of the hypotheses, n = 1..4. An n-gram is correct as often as it occurs
// in the hypothesis, but at most as often as in the one reference sentence that has it most ("clipping":
// otherwise "the the the" would be perfect). With correct_n and total_n summed over all sentences:
//
//     p_n  = correct_n / total_n
//     BP   = min(1, exp(1 - ref_len / hyp_len))       the brevity penalty: short output is easily precise
//     BLEU = BP * (p_1 p_2 p_3 p_4)^(1/4)
//
// ref_len sums, for each sentence, the length of the reference closest to the hypothesis (the shorter one at
// a tie). There is no smoothing: without one correct 4-gram in the corpus BLEU is 0, whatever else is right.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace heed::support {

struct Bleu {
  std::array<int64_t, 4> correct{};  // clipped matches of 1-grams .. 4-grams
  std::array<int64_t, 4> total{};    // 1-grams .. 4-grams of the hypotheses
  int64_t hyp_len = 0;               // words
  int64_t ref_len = 0;               // words of the closest references

  // Adds one sentence. Words are separated by white space; case matters.
  void add(const std::string& hypothesis, const std::vector<std::string>& references);

  Bleu& operator+=(const Bleu& other);

  double precision(int n) const;      // p_n as a fraction, n = 1..4; 0 when there is no n-gram
  double brevity_penalty() const;     // 0 when nothing was said or nothing was asked for
  double score(int order = 4) const;  // BLEU of 1-grams .. `order`-grams as a fraction in [0, 1]
  // BLEU of a single sentence, smoothed so that one without a correct 4-gram is worth more than one without a correct
  // word: p_n = (correct_n + 1) / (total_n + 1) for n > 1 (Lin and Och 2004, "ORANGE"; BLEU+1). 0 where no word is right.
  double smoothed() const;
  std::string line() const;      // in percent, as multi-bleu prints it: "BLEU = 36.93, 75.0/66.7/.."
  std::string why_zero() const;  // what to say behind a score() of 0: ", no 4-gram matches"; "" behind others
};

// BLEU of a corpus with one or with several references a sentence. Throws when the
// numbers of sentences differ.
Bleu corpus_bleu(const std::vector<std::string>& hypotheses, const std::vector<std::string>& references);
Bleu corpus_bleu(const std::vector<std::string>& hypotheses, const std::vector<std::vector<std::string>>& references);

}  // namespace heed::support
