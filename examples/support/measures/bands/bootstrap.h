// How sure a figure is: the bootstrap (Efron 1979; Koehn, "Statistical significance tests for machine
// translation evaluation", 2004).
//
// A test set is a sample of all the sentences that there could be, and another sample would give another
// figure. So draw, from the sentences at hand, as many with replacement, compute the figure anew, 1,000
// times: what lies between the 26th and the 975th in order of size is its band of 95 %. Two models are
// compared on the same draws, sentence by sentence, since a sentence that is hard for one is hard for the
// other.
//
// A figure is made of what sentences add up to (Bleu, Chrf, AlignmentScore: they have +=), so a draw is a
// sum.
#pragma once

#include <cstdint>
#include <vector>

#include "examples/support/text/splitmix.h"

namespace heed::support {

struct BootstrapOptions {
  int draws = 1000;
  uint64_t seed = 1;  // the same draws wherever there are as many sentences
};

struct Band {
  double low = 0, high = 0;
};

// The middle 95 % of figures: with 1,000 of them the 26th smallest and the 26th largest. Those that are NaN,
// as an error rate without a link is, are left out; NaN if all are.
Band band_of(std::vector<double> figures);

// The difference between two models, on these sentences and in the draws.
struct Difference {
  double value = 0;  // of the first less the second
  Band band{};
  // How often chance alone gives a difference as large: the share of draws whose difference is at least
  // |value| away from the mean of all, counting one more of either kind (Riezler and Maxwell 2005;
  // sacreBLEU).
  double p = 1;
};
Difference difference_of(double value, const std::vector<double>& drawn);

// The figure of each draw; `figure` maps a sum of sentences to a number.
template <class Sentence, class Figure>
std::vector<double> drawn_figures(const std::vector<Sentence>& sentences, Figure figure,
                                  const BootstrapOptions& options = {}) {
  SplitMix random(options.seed);
  std::vector<double> figures;
  for (int draw = 0; draw < options.draws; ++draw) {
    Sentence sum{};
    for (size_t i = 0; i < sentences.size(); ++i)
      sum += sentences[static_cast<size_t>(random.below(static_cast<int>(sentences.size())))];
    figures.push_back(figure(sum));
  }
  return figures;
}

template <class Sentence>
Sentence sum_of(const std::vector<Sentence>& sentences) {
  Sentence sum{};
  for (const Sentence& sentence : sentences) sum += sentence;
  return sum;
}

template <class Sentence, class Figure>
Band bootstrap(const std::vector<Sentence>& sentences, Figure figure, const BootstrapOptions& options = {}) {
  return band_of(drawn_figures(sentences, figure, options));
}

// The same sentences by two models, in the same order.
template <class Sentence, class Figure>
Difference paired_bootstrap(const std::vector<Sentence>& a, const std::vector<Sentence>& b, Figure figure,
                            const BootstrapOptions& options = {}) {
  std::vector<double> drawn = drawn_figures(a, figure, options);
  const std::vector<double> others = drawn_figures(b, figure, options);
  for (size_t i = 0; i < drawn.size(); ++i) drawn[i] -= others[i];
  return difference_of(figure(sum_of(a)) - figure(sum_of(b)), drawn);
}

}  // namespace heed::support
