// An embedding: a table with one row of numbers for each word, the rows being learned.
#pragma once

#include "autograd/base/rng.h"
#include "autograd/ops/indexing.h"
#include "autograd/tape/parameters.h"

namespace heed {

struct Embedding {
  Tensor weight;  // [V, E]

  Embedding() = default;
  // Normal with deviation `sd`; 1 is PyTorch's default, RNNsearch takes 0.01.
  Embedding(int64_t words, int64_t size, Rng& rng, double sd = 1) {
    if (words < 1 || size < 1)
      throw Error("Embedding: {} words of {} numbers were asked for; both must be at least 1", words, size);
    weight = rng.normal({words, size}, 0, sd);
  }

  Tensor operator()(const Tensor& ids) const { return embedding(weight, ids); }  // i64 [..] -> [.., E]
  void parts(auto& visit) { visit("weight", weight); }
};

}  // namespace heed
