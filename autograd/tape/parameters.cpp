#include "autograd/tape/parameters.h"

#include <map>

namespace heed {

void convert(const std::vector<NamedTensor>& tensors, DType dtype) {
  std::map<const void*, Tensor> done;  // tied weights stay tied
  for (const NamedTensor& part : tensors) {
    Tensor& result = done[part.tensor->identity()];
    if (!result) {
      result = Tensor::empty(part.tensor->shape(), dtype);
      copy_into(result, *part.tensor);
      if (!part.tensor->label().empty()) result.set_label(part.tensor->label());
    }
  }
  for (const NamedTensor& part : tensors) *part.tensor = done.at(part.tensor->identity());
}

Parameters::Parameters(const std::vector<NamedTensor>& tensors) {
  constexpr int64_t line = 16;  // numbers: at least one cache line
  std::map<const void*, size_t> seen;
  std::vector<NamedTensor> trained;
  int64_t end = 0;
  for (const NamedTensor& part : tensors) {
    if (!part.trained) continue;
    trained.push_back(part);
    if (!seen.emplace(part.tensor->identity(), names_.size()).second) continue;
    if (!tensors_.empty() && part.tensor->dtype() != tensors_[0].dtype())
      throw Error("parameters: {} is {}, but {} is {}; convert() the whole model", part.name,
                  to_string(part.tensor->dtype()), names_[0], to_string(tensors_[0].dtype()));
    names_.push_back(part.name);
    tensors_.push_back(*part.tensor);
    offsets_.push_back(end);
    end += (part.tensor->numel() + line - 1) / line * line;
  }
  if (tensors_.empty()) throw Error("parameters: the model lists no parts; see parameters.h for parts()");
  flat_ = Tensor::zeros({end}, tensors_[0].dtype());
  std::vector<Tensor> homes = views(flat_);
  for (size_t i = 0; i < homes.size(); ++i) {
    copy_into(homes[i], tensors_[i]);
    homes[i].set_label(names_[i]);
  }
  for (const NamedTensor& part : trained) *part.tensor = homes[seen.at(part.tensor->identity())];
  tensors_ = std::move(homes);
}

int64_t Parameters::count() const {
  int64_t total = 0;
  for (const Tensor& tensor : tensors_) total += tensor.numel();
  return total;
}

std::vector<Tensor> Parameters::views(const Tensor& flat) const {
  if (flat_ && !(flat.shape() == flat_.shape()))
    throw Error("parameters: a flat buffer of shape {} was given where {} is needed", to_string(flat.shape()),
                to_string(flat_.shape()));
  std::vector<Tensor> result;
  for (size_t i = 0; i < tensors_.size(); ++i)
    result.push_back(flat.view(tensors_[i].shape(), dense_strides(tensors_[i].shape()), offsets_[i]));
  return result;
}

}  // namespace heed
