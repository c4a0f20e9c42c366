#include "nn/attention/additive_parts.h"

#include <limits>

#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/attention/additive_kernel.h"

namespace heed {
namespace {

using namespace additive;

// Calls use(b, j, row) for each row that each of the first n queries sees.
template <class Use>
void each_row(const Sight& sight, int64_t n, Use use) {
  for (int64_t b = 0; b < n; ++b)
    for (int64_t j = 0; j < sight.lengths[static_cast<size_t>(b)]; ++j)
      use(b, j, sight.rows[static_cast<size_t>(b * sight.width + j)]);
}

// The rows that n queries see, those of nobody being row 0, and a mask: i64 [n, S] each.
std::array<Tensor, 2> rows_and_mask(const Sight& sight, int64_t n) {
  std::array<Tensor, 2> both{Tensor::zeros({n, sight.width}, DType::i64),
                             Tensor::zeros({n, sight.width}, DType::i64)};
  each_row(sight, n, [&](int64_t b, int64_t j, int64_t row) {
    both[0].mutable_data<int64_t>()[b * sight.width + j] = row;
    both[1].mutable_data<int64_t>()[b * sight.width + j] = 1;
  });
  return both;
}

// [N, C] -> [n, S, C]
Tensor seen_rows(const Tensor& x, const Tensor& rows) {
  return reshape(index_select(x, 0, reshape(rows, {-1})), {rows.size(0), rows.size(1), x.size(1)});
}

void check_rows(const char* name, int64_t queries, const Sight& sight) {
  if (queries > sight.queries())
    throw Error("{}: {} queries, but rows for {}", name, queries, sight.queries());
}

}  // namespace

Tensor additive_scores(const Tensor& query, const Tensor& v, const Tensor& keys,
                       const std::shared_ptr<const Sight>& sight) {
  if (query.rank() != 2 || keys.rank() != 2 || v.rank() != 1 || query.size(1) != keys.size(1) ||
      v.size(0) != keys.size(1))
    throw Error("additive_scores: query {}, v {} and keys {} do not fit", describe(query), describe(v),
                describe(keys));
  const int64_t n = query.size(0), size = query.size(1), width = sight->width;
  check_rows("additive_scores", n, *sight);
  const std::array<Tensor, 3> in{densify(query), densify(v), densify(keys)};
  Tensor scores = Tensor::full({n, width}, -std::numeric_limits<double>::infinity(), query.dtype());
  dispatch_float(query.dtype(), "additive_scores", [&](auto zero) {
    using T = decltype(zero);
    each_row(*sight, n, [&](int64_t b, int64_t j, int64_t row) {
      scores.mutable_data<T>()[b * width + j] =
          score(in[1].data<T>(), in[0].data<T>() + b * size, in[2].data<T>() + row * size, size);
    });
  });
  const std::array<Tensor, 3> inputs{query, v, keys};
  const auto definition = [sight](const Tensor& q, const Tensor& w, const Tensor& k) {
    return additive_scores_plain(q, w, k, sight);
  };
  const auto kernel = [in, sight, n, size, width](const Tensor& dy, InPlace& d) {
    SuitablePlace to[] = {{d, 0, in[0], has_rows}, {d, 1, in[1], is_dense}, {d, 2, in[2], is_dense}};
    for (SuitablePlace& place : to) place.zero();
    const Tensor de = densify(dy);
    dispatch_float(de.dtype(), "additive_scores", [&](auto zero) {
      using T = decltype(zero);
      T *dq = to[0].data<T>(), *dv = to[1].data<T>(), *dk = to[2].data<T>();
      const int64_t step = dq ? to[0].tensor().strides()[0] : 0;
      each_row(*sight, n, [&](int64_t b, int64_t j, int64_t row) {
        score_backward(de.data<T>()[b * width + j], in[0].data<T>() + b * size, in[1].data<T>(),
                       in[2].data<T>() + row * size, dq ? dq + b * step : nullptr, dv,
                       dk ? dk + row * size : nullptr, size);
      });
    });
    for (SuitablePlace& place : to) place.finish();
  };
  return record("additive_scores", {query, v, keys}, scores, by_definition(definition, inputs), kernel);
}

Tensor additive_scores_plain(const Tensor& query, const Tensor& v, const Tensor& keys,
                             const std::shared_ptr<const Sight>& sight) {
  const auto [rows, mask] = rows_and_mask(*sight, query.size(0));
  const Tensor e = zip_sum(
      "score", [](auto w, auto q, auto k) { return w * tanh(q + k); }, v, unsqueeze(query, 1),
      seen_rows(keys, rows));
  return e + log(to(mask, e.dtype()));
}

Tensor weighted_rows(const Tensor& weights, const Tensor& annotations,
                     const std::shared_ptr<const Sight>& sight) {
  if (weights.rank() != 2 || annotations.rank() != 2 || weights.size(1) != sight->width)
    throw Error("weighted_rows: weights {} and annotations {} do not fit {} rows for each query",
                describe(weights), describe(annotations), sight->width);
  const int64_t n = weights.size(0), size = annotations.size(1), width = sight->width;
  check_rows("weighted_rows", n, *sight);
  const std::array<Tensor, 2> in{densify(weights), densify(annotations)};
  Tensor context = Tensor::zeros({n, size}, weights.dtype());
  dispatch_float(weights.dtype(), "weighted_rows", [&](auto zero) {
    using T = decltype(zero);
    each_row(*sight, n, [&](int64_t b, int64_t j, int64_t row) {
      const T w = in[0].data<T>()[b * width + j];
      if (w != 0) add_scaled(context.mutable_data<T>() + b * size, w, in[1].data<T>() + row * size, size);
    });
  });
  const std::array<Tensor, 2> inputs{weights, annotations};
  const auto definition = [sight](const Tensor& w, const Tensor& h) { return weighted_rows_plain(w, h, sight); };
  const auto kernel = [in, sight, n, size, width](const Tensor& dy, InPlace& d) {
    SuitablePlace to[] = {{d, 0, in[0], has_rows}, {d, 1, in[1], is_dense}};
    for (SuitablePlace& place : to) place.zero();
    const Tensor dc = densify(dy);
    dispatch_float(dc.dtype(), "weighted_rows", [&](auto zero) {
      using T = decltype(zero);
      T *dw = to[0].data<T>(), *dh = to[1].data<T>();
      const int64_t step = dw ? to[0].tensor().strides()[0] : 0;
      each_row(*sight, n, [&](int64_t b, int64_t j, int64_t row) {
        const T* upstream = dc.data<T>() + b * size;
        const T w = in[0].data<T>()[b * width + j];
        if (dw) dw[b * step + j] += dot(upstream, in[1].data<T>() + row * size, size);
        if (dh && w != 0) add_scaled(dh + row * size, w, upstream, size);
      });
    });
    for (SuitablePlace& place : to) place.finish();
  };
  return record("weighted_rows", {weights, annotations}, context, by_definition(definition, inputs), kernel);
}

Tensor weighted_rows_plain(const Tensor& weights, const Tensor& annotations,
                           const std::shared_ptr<const Sight>& sight) {
  const auto [rows, mask] = rows_and_mask(*sight, weights.size(0));
  const Tensor seen = weights * to(mask, weights.dtype());
  return squeeze(matmul(unsqueeze(seen, 1), seen_rows(annotations, rows)), 1);
}

}  // namespace heed
