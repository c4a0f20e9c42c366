#include "nn/attention/rows/additive_attention.h"

#include <cmath>

#include "autograd/ops/softmax.h"
#include "nn/attention/rows/row_loops.h"
#include "nn/attention/rows/row_scores.h"
#include "nn/attention/rows/weighted_rows.h"

namespace heed {
namespace {

using namespace rows;

// e -> softmax(e), in place
template <class T>
void normalise(T* e, int64_t length) {
  T largest = e[0], total = 0;
  for (int64_t j = 1; j < length; ++j) largest = std::max(largest, e[j]);
  for (int64_t j = 0; j < length; ++j) total += e[j] = std::exp(e[j] - largest);
  for (int64_t j = 0; j < length; ++j) e[j] /= total;
}

struct Sizes {
  int64_t queries, width, alignment, context;
  int64_t query_step;  // from one query to the next: queries are often a slice of a wider product
};

template <class T>
void forward(const Sizes& size, const AttentionMask& mask, const T* q, const T* v, const T* keys, const T* h,
             T* context, T* alpha) {
  for (int64_t b = 0; b < size.queries; ++b) {
    const int64_t* rows = mask.rows.data() + b * mask.width;
    const int64_t length = mask.lengths[static_cast<size_t>(b)];
    T* weights = alpha + b * size.width;
    for (int64_t j = 0; j < length; ++j)
      weights[j] = score(v, q + b * size.query_step, keys + rows[j] * size.alignment, size.alignment);
    if (length > 0) normalise(weights, length);
    add_weighted_rows(context + b * size.context, weights, h, rows, length, size.context);
  }
}

template <class T>
struct Places {
  T *query, *v, *keys, *annotations;  // null if nobody wants the gradient
  int64_t query_step;
};

template <class T>
void backward(const Sizes& size, const AttentionMask& mask, const T* q, const T* v, const T* keys, const T* h,
              const T* alpha, const T* dcontext, const T* dalpha, const Places<T>& to) {
  std::vector<T> de(static_cast<size_t>(size.width));
  for (int64_t b = 0; b < size.queries; ++b) {
    const int64_t* rows = mask.rows.data() + b * mask.width;
    const int64_t length = mask.lengths[static_cast<size_t>(b)];
    const T* weights = alpha + b * size.width;
    const T* dc = dcontext ? dcontext + b * size.context : nullptr;
    T mean = 0;
    for (int64_t j = 0; j < length; ++j) {
      T& d = de[static_cast<size_t>(j)];
      d = dalpha ? dalpha[b * size.width + j] : T(0);
      if (dc) d += dot(dc, h + rows[j] * size.context, size.context);
      mean += weights[j] * d;
      if (dc && to.annotations)
        add_scaled(to.annotations + rows[j] * size.context, weights[j], dc, size.context);
    }
    for (int64_t j = 0; j < length; ++j)
      score_backward(weights[j] * (de[static_cast<size_t>(j)] - mean), q + b * size.query_step, v,
                     keys + rows[j] * size.alignment, to.query ? to.query + b * to.query_step : nullptr, to.v,
                     to.keys ? to.keys + rows[j] * size.alignment : nullptr, size.alignment);
  }
}

void check(const Tensor& query, const Tensor& v, const Tensor& keys, const Tensor& annotations,
           const AttentionMask& mask) {
  if (query.rank() != 2 || keys.rank() != 2 || v.rank() != 1 || annotations.rank() != 2 ||
      query.size(1) != keys.size(1) || v.size(0) != keys.size(1) || annotations.size(0) != keys.size(0))
    throw Error("additive_attention: query {}, v {}, keys {} and annotations {} do not fit", describe(query),
                describe(v), describe(keys), describe(annotations));
  if (query.size(0) > mask.queries())
    throw Error("additive_attention: {} queries, but a mask for {}", query.size(0), mask.queries());
}

}  // namespace

std::array<Tensor, 2> additive_attention(const Tensor& query, const Tensor& v, const Tensor& keys,
                                         const Tensor& annotations, const SharedMask& mask) {
  check(query, v, keys, annotations, *mask);
  const bool rows = query.strides()[1] == 1 || query.size(1) == 1;
  const std::array<Tensor, 4> in{rows ? query : densify(query), densify(v), densify(keys),
                                 densify(annotations)};
  const Sizes size{query.size(0), mask->width, query.size(1), annotations.size(1), in[0].strides()[0]};
  std::array<Tensor, 2> out{Tensor::zeros({size.queries, size.context}, query.dtype()),
                            Tensor::zeros({size.queries, size.width}, query.dtype())};
  dispatch_float(query.dtype(), "additive_attention", [&]<class T>(T) {
    forward<T>(size, *mask, in[0].data<T>(), in[1].data<T>(), in[2].data<T>(), in[3].data<T>(),
               out[0].mutable_data<T>(), out[1].mutable_data<T>());
  });
  if (!recording()) return out;
  const std::array<Tensor, 4> inputs{query, v, keys, annotations};
  const auto definition = [mask](const Tensor& q, const Tensor& w, const Tensor& k, const Tensor& h) {
    return additive_attention_plain(q, w, k, h, mask);
  };
  const auto kernel = [in, alpha = detach(out[1]), mask, size](std::span<Tensor> dy, InPlace& d) {
    SuitablePlace dq(d, 0, in[0], has_rows), dv(d, 1, in[1], is_dense), dk(d, 2, in[2], is_dense),
        dh(d, 3, in[3], is_dense);
    for (SuitablePlace* to : {&dq, &dv, &dk, &dh}) to->zero();
    const Tensor dc = dy[0] ? densify(dy[0]) : Tensor(), da = dy[1] ? densify(dy[1]) : Tensor();
    dispatch_float(alpha.dtype(), "additive_attention", [&]<class T>(T) {
      const int64_t step = dq ? dq.tensor().strides()[0] : 0;
      backward<T>(size, *mask, in[0].data<T>(), in[1].data<T>(), in[2].data<T>(), in[3].data<T>(),
                  alpha.data<T>(), dc ? dc.data<T>() : nullptr, da ? da.data<T>() : nullptr,
                  {dq.data<T>(), dv.data<T>(), dk.data<T>(), dh.data<T>(), step});
    });
    for (SuitablePlace* to : {&dq, &dv, &dk, &dh}) to->finish();
  };
  record("additive_attention", inputs, std::span<Tensor>(out), by_definition(definition, inputs), kernel);
  return out;
}

std::array<Tensor, 2> additive_attention_plain(const Tensor& query, const Tensor& v, const Tensor& keys,
                                               const Tensor& annotations, const SharedMask& mask) {
  const Tensor e = additive_scores_plain(query, v, keys, mask);
  const Tensor alpha = masked_softmax(e, mask_tensor(*mask, query.size(0)), 1);
  return {weighted_rows_plain(alpha, annotations, mask), alpha};
}

}  // namespace heed
