#include "nn/attention/rows/row_scores.h"

#include "autograd/kernels/long_sums.h"
#include "autograd/ops/indexing.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/attention/rows/row_loops.h"

namespace heed {
namespace {

using namespace rows;

void check(const char* name, const Tensor& query, const Tensor& keys, const SharedMask& mask) {
  check_defined(name, query, keys);
  if (query.rank() != 2 || keys.rank() != 2 || query.size(1) != keys.size(1) || query.dtype() != keys.dtype())
    throw Error("{}: query {} and keys {} do not fit", name, describe(query), describe(keys));
  check_mask(name, mask, query.size(0), keys);
}

// score(q, k) of each query with each of its keys; add(de, q, k, dq, dk) is its way back, dq and dk being null if not
// wanted. Both get the numbers of `v`, too, and add that of its gradient, where there is one.
template <class Definition, class Score, class Add>
Tensor each_score(const char* name, const std::array<Tensor, 3>& inputs, const SharedMask& mask,
                  Definition definition, Score score, Add add) {
  check(name, inputs[0], inputs[1], mask);
  const Tensor q = densify(inputs[0]), k = densify(inputs[1]), v = inputs[2] ? densify(inputs[2]) : Tensor();
  const int64_t n = q.size(0), size = q.size(1), width = mask->width;
  Tensor scores = Tensor::zeros({n, width}, q.dtype());
  const auto numbers = []<class T>(T, const Tensor& t) { return t ? t.data<T>() : nullptr; };
  dispatch_float(q.dtype(), name, [&]<class T>(T) {
    const T *query = q.data<T>(), *keys = k.data<T>(), *vector = numbers(T(), v);
    T* to = scores.mutable_data<T>();
    each_row(*mask, n, [&](int64_t b, int64_t j, int64_t row) {
      to[b * width + j] = score(query + b * size, keys + row * size, vector, size);
    });
  });
  const auto kernel = [=](const Tensor& dy, InPlace& d) {
    SuitablePlace dq(d, 0, q, has_rows), dk(d, 1, k, is_dense), dv(d, 2, v, is_dense);
    for (SuitablePlace* place : {&dq, &dk, &dv}) place->zero();
    const Tensor upstream = densify(dy);
    dispatch_float(q.dtype(), name, [&]<class T>(T) {
      const T *query = q.data<T>(), *keys = k.data<T>(), *vector = numbers(T(), v), *de = upstream.data<T>();
      LongSums<T> to_query(dq.data<T>(), n, size, dq ? dq.tensor().strides()[0] : 0);
      LongSums<T> to_keys(dk.data<T>(), k.size(0), size), to_vector(dv.data<T>(), 1, size);
      each_row(*mask, n, [&](int64_t b, int64_t j, int64_t row) {
        if (de[b * width + j] == 0) return;  // what a window has left out is not looked at: it may be infinite
        add(de[b * width + j], query + b * size, keys + row * size, vector, to_query.row(b), to_keys.row(row),
            to_vector.row(0), size);
      });
    });
    for (SuitablePlace* place : {&dq, &dk, &dv}) place->finish();
  };
  return record(name, {inputs[0], inputs[1], inputs[2]}, scores, by_definition(definition, inputs), kernel);
}

// 0 in place of the scores of positions that are not attended to.
Tensor only_attended(const Tensor& scores, const AttentionMask& mask) {
  return where(mask_tensor(mask, scores.size(0)), scores, Tensor::zeros({}, scores.dtype()));
}

}  // namespace

Tensor additive_scores(const Tensor& query, const Tensor& v, const Tensor& keys, const SharedMask& mask) {
  check_defined("additive_scores", query, v, keys);
  if (v.rank() != 1 || query.rank() != 2 || v.size(0) != query.size(1) || v.dtype() != query.dtype())
    throw Error("additive_scores: v {} does not fit the query {}", describe(v), describe(query));
  return each_score(
      "additive_scores", {query, keys, v}, mask,
      [mask](const Tensor& q, const Tensor& k, const Tensor& w) { return additive_scores_plain(q, w, k, mask); },
      [](auto* q, auto* k, auto* w, int64_t size) { return score(w, q, k, size); },
      [](auto de, auto* q, auto* k, auto* w, auto* dq, auto* dk, auto* dw, int64_t size) {
        score_backward(de, q, w, k, dq, dw, dk, size);
      });
}

Tensor dot_scores(const Tensor& query, const Tensor& keys, const SharedMask& mask) {
  check_defined("dot_scores", query, keys);
  return each_score(
      "dot_scores", {query, keys, Tensor()}, mask,
      [mask](const Tensor& q, const Tensor& k, const Tensor&) { return dot_scores_plain(q, k, mask); },
      [](auto* q, auto* k, auto*, int64_t size) { return dot(q, k, size); },
      [](auto de, auto* q, auto* k, auto*, auto* dq, auto* dk, auto*, int64_t size) {
        if (dq) add_scaled(dq, de, k, size);
        if (dk) add_scaled(dk, de, q, size);
      });
}

Tensor additive_scores_plain(const Tensor& query, const Tensor& v, const Tensor& keys, const SharedMask& mask) {
  check("additive_scores", query, keys, mask);
  const auto fit = [](auto weight, auto q, auto k) { return weight * tanh(q + k); };
  const Tensor rows = attended_rows(keys, *mask, query.size(0));
  return only_attended(zip_sum("additive score", fit, v, unsqueeze(query, 1), rows), *mask);
}

Tensor dot_scores_plain(const Tensor& query, const Tensor& keys, const SharedMask& mask) {
  check("dot_scores", query, keys, mask);
  const Tensor rows = attended_rows(keys, *mask, query.size(0));
  const auto product = [](auto q, auto k) { return q * k; };
  return only_attended(zip_sum("dot score", product, unsqueeze(query, 1), rows), *mask);
}

Tensor attended_rows(const Tensor& x, const AttentionMask& mask, int64_t n) {
  check_defined("attended_rows", x);
  if (x.rank() != 2) throw Error("attended_rows: wants rows [M, E], got {}", describe(x));
  check_queries("attended_rows", mask, n);
  Tensor rows = Tensor::full({n * mask.width}, static_cast<double>(x.size(0)), DType::i64);
  int64_t* to = rows.mutable_data<int64_t>();
  each_row(mask, n, [&](int64_t b, int64_t j, int64_t row) { to[b * mask.width + j] = row; });
  const Tensor all = concat({x, Tensor::zeros({1, x.size(1)}, x.dtype())}, 0);  // a row of zeros behind the others
  return reshape(index_select(all, 0, rows), {n, mask.width, x.size(1)});
}

}  // namespace heed
