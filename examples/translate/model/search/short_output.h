// The output layer of some words alone, packed once for the search about a sentence or a few (shortlist.h).
#pragma once

#include <memory>
#include <vector>

#include "autograd/kernels/packed_weights.h"
#include "nn/layers/linear.h"

namespace heed::translate {

// Logit k is that of words[k].
class ShortOutput {
 public:
  ShortOutput(const Linear& output, const std::vector<int64_t>& words);
  // t [n, R] -> logits [n, words].
  Tensor operator()(const Tensor& t) const;

 private:
  std::shared_ptr<const PackedMatrix> weight_;
  Tensor bias_;  // [words], or undefined
};

}  // namespace heed::translate
