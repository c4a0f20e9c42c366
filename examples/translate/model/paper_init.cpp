#include "examples/translate/model/paper_init.h"

#include <string>

#include "nn/layers/init.h"

namespace heed::translate {
namespace {

bool contains(const std::string& name, const char* part) { return name.find(part) != std::string::npos; }

// Square blocks of a recurrent matrix, one below the other, each orthogonal.
Tensor orthogonal_blocks(const Shape& shape, Rng& rng) {
  Tensor blocks = Tensor::empty(shape);
  const int64_t n = shape[1];
  for (int64_t at = 0; at < shape[0]; at += n) {
    Tensor to = blocks.view({n, n}, blocks.strides(), at * n);
    copy_into(to, init::orthogonal({n, n}, rng));
  }
  return blocks;
}

}  // namespace

void luong_init(Translator& model, Rng& rng) {
  for (const NamedTensor& part : named_tensors(model))
    copy_into(*part.tensor, rng.uniform(part.tensor->shape(), -0.1, 0.1));
}

void paper_init(Translator& model, Rng& rng) {
  for (const NamedTensor& part : named_tensors(model)) {
    Tensor& x = *part.tensor;
    const Tensor fresh = contains(part.name, "bias") || part.name == "attention.v" ? init::zeros(x.shape())
                         : contains(part.name, "weight_hh")                        ? orthogonal_blocks(x.shape(), rng)
                         : part.name.starts_with("attention.") ? init::gaussian(x.shape(), 0.001, rng)
                                                               : init::gaussian(x.shape(), 0.01, rng);
    copy_into(x, fresh);
  }
}

}  // namespace heed::translate
