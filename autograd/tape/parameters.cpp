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
  for (const NamedTensor& part : tensors) {
    Tensor converted = done.at(part.tensor->identity());
    part.tensor->set_role(Tensor::Role::replaced);
    *part.tensor = std::move(converted);
  }
}

namespace {

constexpr int64_t kLine = 16;  // numbers: at least one cache line

int64_t offset_in_base(const Tensor& x) {
  return (static_cast<char*>(x.address()) - static_cast<char*>(x.base().address())) / size_of(x.dtype());
}

}  // namespace

Parameters::Parameters(const std::vector<NamedTensor>& tensors) {
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
    end += (part.tensor->numel() + kLine - 1) / kLine * kLine;
  }
  if (tensors_.empty()) throw Error("parameters: the model lists no parts; see parameters.h for parts()");
  if (lie_in_order(end)) {
    flat_ = tensors_[0].base().view({end}, dense_strides({end}), offset_in_base(tensors_[0]));
    return;
  }
  move_together(end);
  for (const NamedTensor& part : trained) *part.tensor = tensors_[seen.at(part.tensor->identity())];
}

bool Parameters::lie_in_order(int64_t end) const {
  const Tensor base = tensors_[0].base();
  const int64_t start = offset_in_base(tensors_[0]);
  if (base.role() != Tensor::Role::flat_buffer || start + end > base.numel()) return false;
  for (size_t i = 0; i < tensors_.size(); ++i)
    if (tensors_[i].block() != base.block() || !tensors_[i].is_dense() ||
        offset_in_base(tensors_[i]) != start + offsets_[i])
      return false;
  return true;
}

// Not those who hold the old tensors: they are told by check_current().
void Parameters::move_together(int64_t end) {
  flat_ = Tensor::zeros({end}, tensors_[0].dtype());
  flat_.set_role(Tensor::Role::flat_buffer);
  std::vector<Tensor> homes = views(flat_);
  for (size_t i = 0; i < homes.size(); ++i) {
    copy_into(homes[i], tensors_[i]);
    homes[i].set_label(names_[i]);
    tensors_[i].set_role(Tensor::Role::replaced);
  }
  tensors_ = std::move(homes);
}

void Parameters::check_current(const char* operation) const {
  for (size_t i = 0; i < tensors_.size(); ++i)
    if (tensors_[i].role() == Tensor::Role::replaced)
      throw Error(
          "{}: {} of these Parameters is the model's no longer: the model was converted, or other Parameters have "
          "moved it; make the Parameters of a model after convert(), and anew when it has changed",
          operation, names_[i]);
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
