#include "nn/attention/rows/row_scores.h"

#include "autograd/ops/indexing.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/attention/rows/row_loops.h"

namespace heed {
namespace {

using namespace rows;

void check(const char* name, const Tensor& query, const Tensor& keys, const AttentionMask& mask) {
  if (query.rank() != 2 || keys.rank() != 2 || query.size(1) != keys.size(1) || query.dtype() != keys.dtype())
    throw Error("{}: query {} and keys {} do not fit", name, describe(query), describe(keys));
  if (query.size(0) > mask.queries())
    throw Error("{}: {} queries, but a mask for {}", name, query.size(0), mask.queries());
}

// score(q, k) of each query with each of its keys.
template <class T, class Score>
Tensor each_score(const Tensor& query, const Tensor& keys, const AttentionMask& mask, Score score) {
  const int64_t n = query.size(0), size = query.size(1);
  Tensor scores = Tensor::zeros({n, mask.width}, query.dtype());
  each_row(mask, n, [&](int64_t b, int64_t j, int64_t row) {
    scores.mutable_data<T>()[b * mask.width + j] = score(query.data<T>() + b * size, keys.data<T>() + row * size);
  });
  return scores;
}

// The way back: add(de, q, k, dq, dk) for each of them, de being the score's gradient; dq, dk null if not wanted.
template <class T, class Add>
void each_gradient(const Tensor& dy, const Tensor& query, const Tensor& keys, const AttentionMask& mask,
                   SuitablePlace& dquery, SuitablePlace& dkeys, Add add) {
  const int64_t size = query.size(1), step = dquery ? dquery.tensor().strides()[0] : 0;
  T *dq = dquery.data<T>(), *dk = dkeys.data<T>();
  each_row(mask, query.size(0), [&](int64_t b, int64_t j, int64_t row) {
    add(dy.data<T>()[b * mask.width + j], query.data<T>() + b * size, keys.data<T>() + row * size,
        dq ? dq + b * step : nullptr, dk ? dk + row * size : nullptr);
  });
}

// 0 in place of the scores of positions that are not attended to.
Tensor only_attended(const Tensor& scores, const AttentionMask& mask) {
  return where(mask_tensor(mask, scores.size(0)), scores, Tensor::zeros({}, scores.dtype()));
}

}  // namespace

Tensor additive_scores(const Tensor& query, const Tensor& v, const Tensor& keys, const SharedMask& mask) {
  check("additive_scores", query, keys, *mask);
  const int64_t size = query.size(1);
  if (v.rank() != 1 || v.size(0) != size)
    throw Error("additive_scores: v {} does not fit the keys {}", describe(v), describe(keys));
  const Tensor q = densify(query), w = densify(v), k = densify(keys);
  const Tensor scores = dispatch_float(q.dtype(), "additive_scores", [&]<class T>(T) {
    return each_score<T>(q, k, *mask, [&](const T* a, const T* b) { return score(w.data<T>(), a, b, size); });
  });
  const auto definition = [mask](const Tensor& a, const Tensor& b, const Tensor& c) {
    return additive_scores_plain(a, b, c, mask);
  };
  const auto kernel = [q, w, k, mask, size](const Tensor& dy, InPlace& d) {
    SuitablePlace dq(d, 0, q, has_rows), dv(d, 1, w, is_dense), dk(d, 2, k, is_dense);
    for (SuitablePlace* place : {&dq, &dv, &dk}) place->zero();
    const Tensor upstream = densify(dy);
    dispatch_float(q.dtype(), "additive_scores", [&]<class T>(T) {
      each_gradient<T>(upstream, q, k, *mask, dq, dk, [&](T de, const T* a, const T* b, T* da, T* db) {
        score_backward(de, a, w.data<T>(), b, da, dv.data<T>(), db, size);
      });
    });
    for (SuitablePlace* place : {&dq, &dv, &dk}) place->finish();
  };
  return record("additive_scores", {query, v, keys}, scores, by_definition(definition, std::array{query, v, keys}),
                kernel);
}

Tensor dot_scores(const Tensor& query, const Tensor& keys, const SharedMask& mask) {
  check("dot_scores", query, keys, *mask);
  const int64_t size = query.size(1);
  const Tensor q = densify(query), k = densify(keys);
  const Tensor scores = dispatch_float(q.dtype(), "dot_scores", [&]<class T>(T) {
    return each_score<T>(q, k, *mask, [&](const T* a, const T* b) { return dot(a, b, size); });
  });
  const auto definition = [mask](const Tensor& a, const Tensor& b) { return dot_scores_plain(a, b, mask); };
  const auto kernel = [q, k, mask, size](const Tensor& dy, InPlace& d) {
    SuitablePlace dq(d, 0, q, has_rows), dk(d, 1, k, is_dense);
    for (SuitablePlace* place : {&dq, &dk}) place->zero();
    const Tensor upstream = densify(dy);
    dispatch_float(q.dtype(), "dot_scores", [&]<class T>(T) {
      each_gradient<T>(upstream, q, k, *mask, dq, dk, [&](T de, const T* a, const T* b, T* da, T* db) {
        if (da) add_scaled(da, de, b, size);
        if (db) add_scaled(db, de, a, size);
      });
    });
    for (SuitablePlace* place : {&dq, &dk}) place->finish();
  };
  return record("dot_scores", {query, keys}, scores, by_definition(definition, std::array{query, keys}), kernel);
}

Tensor additive_scores_plain(const Tensor& query, const Tensor& v, const Tensor& keys, const SharedMask& mask) {
  const auto fit = [](auto weight, auto q, auto k) { return weight * tanh(q + k); };
  const Tensor rows = attended_rows(keys, *mask, query.size(0));
  return only_attended(zip_sum("additive score", fit, v, unsqueeze(query, 1), rows), *mask);
}

Tensor dot_scores_plain(const Tensor& query, const Tensor& keys, const SharedMask& mask) {
  const Tensor rows = attended_rows(keys, *mask, query.size(0));
  const auto product = [](auto q, auto k) { return q * k; };
  return only_attended(zip_sum("dot score", product, unsqueeze(query, 1), rows), *mask);
}

Tensor attended_rows(const Tensor& x, const AttentionMask& mask, int64_t n) {
  Tensor rows = Tensor::zeros({n * mask.width}, DType::i64);
  int64_t* to = rows.mutable_data<int64_t>();
  each_row(mask, n, [&](int64_t b, int64_t j, int64_t row) { to[b * mask.width + j] = row; });
  return reshape(index_select(x, 0, rows), {n, mask.width, x.size(1)});
}

}  // namespace heed
