#include "nn/attention/attention_memory.h"

#include "autograd/views/views.h"

#include <algorithm>


namespace heed {

Tensor length_mask(const std::vector<int64_t>& lengths, int64_t steps) {
  Tensor mask = Tensor::zeros({static_cast<int64_t>(lengths.size()), steps}, DType::i64);
  int64_t* to = mask.mutable_data<int64_t>();
  for (size_t b = 0; b < lengths.size(); ++b) {
    if (lengths[b] < 0 || lengths[b] > steps)
      throw Error("length_mask: sentence {} has length {}, outside 0 .. {}", b, lengths[b], steps);
    std::fill_n(to + static_cast<int64_t>(b) * steps, lengths[b], 1);
  }
  return mask;
}

Tensor lengths_of(const AttentionMemory& memory) {
  const int64_t batch = memory.keys.size(0), steps = memory.keys.size(1);
  std::vector<double> lengths(static_cast<size_t>(batch), static_cast<double>(steps));
  if (memory.mask) {
    const std::vector<int64_t> mask = memory.mask.to_ids();
    for (int64_t b = 0; b < batch; ++b) {
      int64_t count = 0;
      for (int64_t t = 0; t < steps; ++t) count += mask[static_cast<size_t>(b * steps + t)] != 0;
      lengths[static_cast<size_t>(b)] = static_cast<double>(count);
    }
  }
  return Tensor::from(lengths, {batch}, memory.keys.dtype());
}

Tensor both(const Tensor& a, const Tensor& b) {
  if (!a) return b;
  if (!b) return a;
  const Shape shape = broadcast(a.shape(), b.shape(), "both");
  const std::vector<int64_t> left = expand(a, shape).to_ids(), right = expand(b, shape).to_ids();
  Tensor y = Tensor::empty(shape, DType::i64);
  int64_t* to = y.mutable_data<int64_t>();
  for (size_t i = 0; i < left.size(); ++i) to[i] = left[i] != 0 && right[i] != 0;
  return y;
}

Tensor mask_for(const Tensor& scores, const Tensor& mask) {
  return mask && scores.rank() == 3 ? unsqueeze(mask, 1) : mask;
}

}  // namespace heed
