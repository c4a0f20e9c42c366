// cosine_score.h: scores by the angle between query and annotation, e_j = sharpness cos(q, h_j), as in the
// addressing of the neural Turing machine (Graves, Wayne, Danihelka 2014, eq. 5 and 6).
#pragma once

#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/rows/row_scores.h"
#include "nn/attention/score.h"

namespace heed {

struct CosineScore {
  Tensor sharpness = Tensor::scalar(5);  // []

  CosineScore() = default;
  CosineScore(const ScoreSizes& sizes, Rng&) {
    if (sizes.query != sizes.annotation)
      throw Error("the score cosine needs queries and annotations of one size, got {} and {}", sizes.query,
                  sizes.annotation);
  }
  Tensor prepare(const Tensor& annotations) const { return unit(annotations); }  // [N, C] -> [N, C]
  Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const {
    return sharpness * dot_scores(unit(query), keys, mask);
  }
  void parts(auto& visit) { visit("sharpness", sharpness); }

  // Rows of length 1; a row of zeros stays zeros.
  static Tensor unit(const Tensor& x) {
    return x / maximum(norm(x, 2, {-1}, true), Tensor::full({}, 1e-12, x.dtype()));
  }
};

}  // namespace heed
