// Another hand at the attention: weights that are set, and words that may not be looked at.
#pragma once

#include <map>
#include <vector>

#include "examples/page/views/numbers.h"

namespace heed::page {

struct Meddling {
  std::map<int64_t, std::vector<double>> weights{};  // by step: the weights to read with, one for each word
  std::vector<int64_t> hidden{};                     // words that attention may not look at; the encoder reads them

  bool at(int64_t step) const { return !hidden.empty() || weights.contains(step); }
};

// Of a request: {"weights": {"0": [..]}, "hidden": [..]}, both optional.
Meddling meddling_of(const Json& request);

// The weights to read with in place of alpha, [1, words]: those that were set for the step, or alpha without the hidden
// words, scaled to the sum 1, which is the softmax over the others. Throws for weights of another number than the words,
// for such as are negative or not finite, and for a hidden word that is not there.
Tensor meddled(const Tensor& alpha, const Meddling& meddling, int64_t step);

}  // namespace heed::page
