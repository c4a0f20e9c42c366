#include "nn/attention/attention_scores.h"

#include <cmath>

#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

Tensor start(const Shape& shape, Rng& rng) {
  const double bound = 1 / std::sqrt(static_cast<double>(shape[shape.rank() - 1]));
  return rng.uniform(shape, -bound, bound);
}

// Query [B, 1, Q] beside keys [B, T, Q]; or [B, U, 1, Q] beside [B, 1, T, Q].
Tensor beside(const Tensor& query) { return unsqueeze(query, -2); }
Tensor keys_for(const Tensor& query, const Tensor& keys) {
  return query.rank() == 3 ? unsqueeze(keys, 1) : keys;
}

void check(const char* name, const Tensor& query, const Tensor& prepared, bool same_width) {
  const bool fits = query && prepared && (query.rank() == 2 || query.rank() == 3) && prepared.rank() == 3 &&
                    query.size(0) == prepared.size(0) && (!same_width || query.size(-1) == prepared.size(2));
  if (!fits)
    throw Error("{}: a query is [B, Q] or [B, U, Q] and prepared keys are [B, T, ..], got {} and {}", name,
                describe(query), describe(prepared));
}

// v^T tanh(q + k_t): summed as it goes, so that nothing of the size [B, T, A] is stored.
Tensor additive(const Tensor& query, const Tensor& prepared, const Tensor& v) {
  const auto fit = [](auto weight, auto q, auto k) { return weight * tanh(q + k); };
  return zip_sum("additive score", fit, v, beside(query), keys_for(query, prepared));
}

}  // namespace

AdditiveScore::AdditiveScore(int64_t query, int64_t key, int64_t hidden, Rng& rng, bool with_bias)
    : query_weight(start({hidden, query}, rng)), key_weight(start({hidden, key}, rng)) {
  if (with_bias) bias = Tensor::zeros({hidden});
  v = start({hidden}, rng);
}

Tensor AdditiveScore::prepare(const Tensor& keys) const { return linear(keys, key_weight, bias); }

Tensor AdditiveScore::operator()(const Tensor& query, const Tensor& prepared) const {
  check("AdditiveScore", query, prepared, false);
  const Tensor scores = additive(linear(query, query_weight), prepared, v);
  return v_bias ? scores + v_bias : scores;
}

Tensor DotScore::operator()(const Tensor& query, const Tensor& prepared) const {
  check("DotScore", query, prepared, true);
  if (query.rank() == 3) return matmul(query, transpose(prepared, 1, 2));
  const auto product = [](auto q, auto k) { return q * k; };
  return zip_sum("dot score", product, beside(query), prepared);
}

Tensor ScaledDotScore::prepare(const Tensor& keys) const {
  return keys * (1 / std::sqrt(static_cast<double>(keys.size(-1))));
}

GeneralScore::GeneralScore(int64_t query, int64_t key, Rng& rng) : weight(start({query, key}, rng)) {}
Tensor GeneralScore::prepare(const Tensor& keys) const { return linear(keys, weight); }

ConcatScore::ConcatScore(int64_t query, int64_t key, int64_t hidden, Rng& rng)
    : weight(start({hidden, query + key}, rng)), v(start({hidden}, rng)) {}

Tensor ConcatScore::prepare(const Tensor& keys) const {
  const int64_t key = keys.size(-1);
  return linear(keys, narrow(weight, 1, weight.size(1) - key, key));
}

Tensor ConcatScore::operator()(const Tensor& query, const Tensor& prepared) const {
  check("ConcatScore", query, prepared, false);
  return additive(linear(query, narrow(weight, 1, 0, query.size(-1))), prepared, v);
}

LocationScore::LocationScore(int64_t query, int64_t max_length, Rng& rng)
    : weight(start({max_length, query}, rng)) {}

Tensor LocationScore::operator()(const Tensor& query, const Tensor& prepared) const {
  check("LocationScore", query, prepared, false);
  const int64_t positions = prepared.size(1);
  if (positions > weight.size(0))
    throw Error(
        "LocationScore: {} positions, but its weight {} has a row for only the first {}; make it with a "
        "larger "
        "max_length",
        positions, describe(weight), weight.size(0));
  return linear(query, narrow(weight, 0, 0, positions));
}

Tensor AnyScore::prepare(const Tensor& keys) const {
  return std::visit([&](const auto& chosen) { return chosen.prepare(keys); }, score);
}
Tensor AnyScore::operator()(const Tensor& query, const Tensor& prepared) const {
  return std::visit([&](const auto& chosen) { return chosen(query, prepared); }, score);
}

AnyScore make_score(const std::string& name, const ScoreSizes& sizes, Rng& rng) {
  const bool is_dot = name == "dot" || name == "scaled_dot";
  if (is_dot && sizes.query != sizes.key)
    throw Error(
        "the score {} needs queries and keys of one size, got {} and {}; general has a matrix between them",
        name, sizes.query, sizes.key);
  if (name == "additive") return {AdditiveScore(sizes.query, sizes.key, sizes.hidden, rng)};
  if (name == "dot") return {DotScore{}};
  if (name == "scaled_dot") return {ScaledDotScore{}};
  if (name == "general") return {GeneralScore(sizes.query, sizes.key, rng)};
  if (name == "concat") return {ConcatScore(sizes.query, sizes.key, sizes.hidden, rng)};
  if (name == "location") return {LocationScore(sizes.query, sizes.max_length, rng)};
  throw Error("there is no score \"{}\"; choose additive, dot, scaled_dot, general, concat or location",
              name);
}

}  // namespace heed
