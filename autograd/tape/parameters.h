// The trainable tensors of a model: names, handles, and one flat buffer that holds all their numbers.
//
// A layer is a plain struct that lists its parts once:
//
//     struct Linear {
//       Tensor weight, bias;
//       void parts(auto& visit) { visit("weight", weight); visit("bias", bias); }
//     };
//
// Parts are tensors, other layers, or vectors of either. Saving, counting, optimizing and checking all use
// this list. Undefined tensors are skipped, so an absent bias needs no special case. Tensors that are kept
// but not trained (the running mean of a batch norm) are given to visit.buffer(name, tensor).
#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

struct NamedTensor {
  std::string name;  // a dotted path: "encoder.forward.weight_ih"
  Tensor* tensor;
  bool trained = true;
};

// Takes down the parts that a model lists.
class PartVisitor {
 public:
  explicit PartVisitor(std::vector<NamedTensor>& found) : found_(found) {}

  template <class Part>
  void operator()(const std::string& name, Part& part) {
    if constexpr (std::is_same_v<Part, Tensor>) {
      if (part) found_.push_back({prefix_ + name, &part, true});
    } else if constexpr (requires { part.begin(); }) {
      int index = 0;
      for (auto& element : part) (*this)(name + "." + std::to_string(index++), element);
    } else {
      const std::string outer = prefix_;
      prefix_ += name + ".";
      part.parts(*this);
      prefix_ = outer;
    }
  }
  void buffer(const std::string& name, Tensor& tensor) {
    if (tensor) found_.push_back({prefix_ + name, &tensor, false});
  }

 private:
  std::string prefix_;
  std::vector<NamedTensor>& found_;
};

// Every tensor of a model, trained or not, by name: what a checkpoint holds.
template <class Model>
std::vector<NamedTensor> named_tensors(Model& model) {
  std::vector<NamedTensor> found;
  PartVisitor visitor(found);
  model.parts(visitor);
  return found;
}

// Converts all numbers of a model, for instance to f64 for a gradient check. Parameters that were made of it before
// are its parameters no longer, and say so when they are used.
void convert(const std::vector<NamedTensor>& tensors, DType dtype);
template <class Model>
void convert(Model& model, DType dtype) {
  convert(named_tensors(model), dtype);
}

class Parameters {
 public:
  Parameters() = default;
  // Moves the model's parameters into one flat buffer; the model's tensors become views of it, labelled with
  // their names. A tensor that occurs twice (tied weights) is kept once. If they lie in such a buffer already,
  // one after the other, they stay there: Parameters of a model and of a part of it (model.encoder) go together.
  template <class Model>
    requires requires(Model& model, PartVisitor& visit) { model.parts(visit); }
  explicit Parameters(Model& model) : Parameters(named_tensors(model)) {}
  explicit Parameters(const std::vector<NamedTensor>& tensors);

  // Throws, in the name of an operation, if the model no longer consists of these tensors: it was converted, or
  // given to other Parameters that took them along.
  void check_current(const char* operation) const;

  size_t size() const { return tensors_.size(); }
  const std::string& name(size_t i) const { return names_[i]; }
  const Tensor& operator[](size_t i) const { return tensors_[i]; }
  const std::vector<Tensor>& tensors() const { return tensors_; }
  int64_t count() const;                       // numbers that are trained

  // All parameters one after the other, each on cache lines of its own (the gaps hold zeros).
  const Tensor& flat() const { return flat_; }
  Tensor& flat() { return flat_; }
  // Views of another buffer with the same layout, one for each parameter: gradients, or an optimizer's
  // moments.
  std::vector<Tensor> views(const Tensor& flat) const;

 private:
  std::vector<std::string> names_;
  std::vector<Tensor> tensors_;
  std::vector<int64_t> offsets_;
  Tensor flat_;

  bool lie_in_order(int64_t end) const;
  void move_together(int64_t end);
};

}  // namespace heed
