#include "nn/attention/scores.h"

#include <cmath>

#include "autograd/ops/matmul.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/init.h"

namespace heed {
namespace {

void check_one_size(const char* name, const ScoreSizes& sizes) {
  if (sizes.query != sizes.annotation)
    throw Error(
        "the score {} needs queries and annotations of one size, got {} and {}; general has a matrix between them",
        name, sizes.query, sizes.annotation);
}

}  // namespace

AdditiveScore::AdditiveScore(const ScoreSizes& sizes, Rng& rng)
    : query_weight(init::fan_in_uniform({sizes.hidden, sizes.query}, rng)),
      key_weight(init::fan_in_uniform({sizes.hidden, sizes.annotation}, rng)) {
  if (sizes.bias) bias = Tensor::zeros({sizes.hidden});
  v = init::fan_in_uniform({sizes.hidden}, rng);
}

Tensor AdditiveScore::prepare(const Tensor& annotations) const { return linear(annotations, key_weight, bias); }

Tensor AdditiveScore::operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const {
  const Tensor scores = additive_scores(linear(query, query_weight), v, keys, mask);
  return v_bias ? scores + v_bias : scores;
}

DotScore::DotScore(const ScoreSizes& sizes, Rng&) { check_one_size("dot", sizes); }
ScaledDotScore::ScaledDotScore(const ScoreSizes& sizes, Rng&) { check_one_size("scaled-dot", sizes); }

Tensor ScaledDotScore::prepare(const Tensor& annotations) const {
  check_defined("ScaledDotScore", annotations);
  if (annotations.rank() == 0 || !is_float(annotations.dtype()))
    throw Error("ScaledDotScore: wants annotations [N, C], f32 or f64, got {}", describe(annotations));
  return annotations * (1 / std::sqrt(static_cast<double>(annotations.size(-1))));
}

GeneralScore::GeneralScore(const ScoreSizes& sizes, Rng& rng)
    : weight(init::fan_in_uniform({sizes.query, sizes.annotation}, rng)) {}
Tensor GeneralScore::prepare(const Tensor& annotations) const { return linear(annotations, weight); }

ConcatScore::ConcatScore(const ScoreSizes& sizes, Rng& rng)
    : weight(init::fan_in_uniform({sizes.hidden, sizes.query + sizes.annotation}, rng)),
      v(init::fan_in_uniform({sizes.hidden}, rng)) {}

Tensor ConcatScore::part_for(const Tensor& x, bool last) const {
  check_defined("ConcatScore", x, weight);
  if (x.rank() == 0 || weight.rank() != 2 || x.size(-1) > weight.size(1))
    throw Error("ConcatScore: {} does not fit the weight {}, the columns of a query and of an annotation",
                describe(x), describe(weight));
  return narrow(weight, 1, last ? weight.size(1) - x.size(-1) : 0, x.size(-1));
}

Tensor ConcatScore::prepare(const Tensor& annotations) const {
  return linear(annotations, part_for(annotations, true));
}

Tensor ConcatScore::operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const {
  return additive_scores(linear(query, part_for(query, false)), v, keys, mask);
}

LocationScore::LocationScore(const ScoreSizes& sizes, Rng& rng)
    : weight(init::fan_in_uniform({sizes.max_length, sizes.query}, rng)) {}

Tensor LocationScore::operator()(const Tensor& query, const Tensor&, const SharedMask& mask) const {
  check_defined("LocationScore", query, weight);
  if (!mask) throw Error("LocationScore: got no mask that says who may attend to what");
  if (query.rank() != 2 || weight.rank() != 2)
    throw Error("LocationScore: wants queries [n, Q] and a weight [L, Q], got {} and {}", describe(query),
                describe(weight));
  const double lowest = query.dtype() == DType::f32 ? -1e30 : -1e300;
  if (!mask->first.empty()) {  // each query has rows of the weight of its own
    const int64_t n = query.size(0);
    Tensor known = Tensor::zeros({n, mask->width}, DType::i64);
    auto positions = std::make_shared<AttentionMask>(*mask);
    positions->annotations = weight.size(0);
    each_row(*mask, n, [&](int64_t b, int64_t j, int64_t) {
      const int64_t position = mask->first[static_cast<size_t>(b)] + j;
      const int64_t at = b * mask->width + j;
      known.mutable_data<int64_t>()[at] = position < weight.size(0);
      positions->rows[static_cast<size_t>(at)] = std::min(position, weight.size(0) - 1);
    });
    return where(known, dot_scores(query, weight, positions), Tensor::full({}, lowest, query.dtype()));
  }
  const int64_t known = std::min(mask->width, weight.size(0)), beyond = mask->width - known;
  const Tensor scores = linear(query, narrow(weight, 0, 0, known));
  if (beyond == 0) return scores;
  return concat({scores, Tensor::full({query.size(0), beyond}, lowest, scores.dtype())}, 1);
}

}  // namespace heed
