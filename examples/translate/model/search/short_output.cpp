#include "examples/translate/model/search/short_output.h"

#include "autograd/ops/indexing.h"

namespace heed::translate {

ShortOutput::ShortOutput(const Linear& output, const std::vector<int64_t>& words) {
  const Tensor rows = Tensor::from(words);
  weight_ = std::make_shared<const PackedMatrix>(index_select(output.weight, 0, rows), true);
  if (output.bias) bias_ = index_select(output.bias, 0, rows);
}

Tensor ShortOutput::operator()(const Tensor& t) const {
  Tensor logits = Tensor::empty({t.size(0), weight_->outer()}, t.dtype());
  if (bias_) copy_into(logits, bias_.view(logits.shape(), {0, bias_.strides()[0]}));
  weight_->multiply(logits, densify(t), bool(bias_));
  return logits;
}

}  // namespace heed::translate
