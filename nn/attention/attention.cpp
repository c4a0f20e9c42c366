#include "nn/attention/attention.h"

#include "autograd/views/joins.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/init.h"

namespace heed {

AttentionalVector::AttentionalVector(int64_t context, int64_t query, int64_t out, Rng& rng)
    : weight(init::fan_in_uniform({out, context + query}, rng)) {}

Tensor AttentionalVector::operator()(const Tensor& context, const Tensor& query) const {
  return tanh(linear(concat({context, query}, -1), weight));
}

}  // namespace heed
