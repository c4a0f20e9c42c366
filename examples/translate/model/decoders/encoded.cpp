#include "examples/translate/model/decoders/encoded.h"

#include "autograd/ops/indexing.h"
#include "autograd/views/views.h"

namespace heed::translate {

Encoded Encoded::select(const std::vector<int64_t>& rows) const {
  Encoded result = *this;
  if (fixed) result.fixed = index_select(fixed, 0, Tensor::from(rows));
  if (memory.mask) result.memory.mask = select_queries(*memory.mask, rows);
  return result;
}

Attended Encoded::attend(const AnyAttention& attention, const Tensor& query, int64_t time) const {
  const int64_t n = query.size(0);
  if (fixed) return {.context = narrow(fixed, 0, 0, n)};
  const Tensor position = Tensor::full({n}, static_cast<double>(time), DType::i64);
  if (reading == support::Reading::sample)
    throw Error("translator: a translation is not sampled; read by expectation or by argmax");
  if (reading == support::Reading::argmax) return attention(query, memory, position, HardReading{});
  Attended attended = attention(query, memory, position);
  if (reading == support::Reading::place) attended.weights = HardReading{}(attended.alpha);
  return attended;
}

Encoded Prepared::with_products(Encoded encoded, const std::function<Tensor(const Tensor&)>& products) {
  for (Tensor* read : {&encoded.fixed, &encoded.memory.annotations})
    if (*read) *read = products(*read);
  return encoded;
}

}  // namespace heed::translate
