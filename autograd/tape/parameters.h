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

#include <algorithm>
#include <string>
#include <string_view>
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

// A copy of a model whose tensors, trained or not, have memory of their own: it stays as it is while the original is
// trained. Tied weights stay tied. Not recorded. Throws if the model holds a part by a pointer, which a copy shares.
void clone_tensors(const std::vector<NamedTensor>& copy, const std::vector<NamedTensor>& original);
template <class Model>
requires requires(Model& model, PartVisitor& visit) { model.parts(visit); }
Model clone(Model& model) {
  Model copy = model;
  clone_tensors(named_tensors(copy), named_tensors(model));
  return copy;
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

  // A selection: the parameters whose names match a pattern (base/glob.h: "encoder.*", "*.bias"), or all the others.
  // One that has several names (tied weights) matches by any of them. They stay where they lie and keep their tensors
  // and names; gradients and moments of a selection have a layout of its own, without the rest. Throws if no name
  // matches, or if nothing is left.
  Parameters matching(std::string_view pattern) const;
  Parameters without(std::string_view pattern) const;
  // Throws unless each of these parameters is in exactly one of the groups, and no other is.
  void check_split(const std::vector<Parameters>& groups) const;

  // Throws, in the name of an operation, if the model no longer consists of these tensors: it was converted, or
  // given to other Parameters that took them along.
  void check_current(const char* operation) const;

  size_t size() const { return tensors_.size(); }
  const std::string& name(size_t i) const { return names_[i]; }
  const Tensor& operator[](size_t i) const { return tensors_[i]; }
  const std::vector<Tensor>& tensors() const { return tensors_; }
  int64_t count() const;  // numbers that are trained
  DType dtype() const;    // throws if there are none

  // The layout: all parameters one after the other, each on cache lines of its own (the gaps hold zeros). A flat
  // buffer of that layout, for gradients or an optimizer's moments; and its views, one for each parameter.
  Tensor buffer(double value = 0) const;
  std::vector<Tensor> views(const Tensor& flat) const;

  // Where the parameters themselves lie: a whole model in one piece, a selection perhaps in several. A piece holds
  // the numbers of the layout from `begin` on.
  struct Piece {
    int64_t begin;
    Tensor memory;
    int64_t end() const { return begin + memory.numel(); }
  };
  const std::vector<Piece>& pieces() const { return pieces_; }
  // Calls f(number of the piece, from, to) for what each piece has of [begin, end) of the layout.
  template <class F>
  void each_piece(int64_t begin, int64_t end, F f) const {
    for (size_t i = 0; i < pieces_.size(); ++i) {
      const int64_t from = std::max(begin, pieces_[i].begin), to = std::min(end, pieces_[i].end());
      if (from < to) f(i, from, to);
    }
  }
  // The memory of parameters that lie in one piece; throws if they lie in several.
  const Tensor& flat() const;
  Tensor& flat();
  // Their numbers, copied into a flat buffer and back, in however many pieces they lie.
  Tensor numbers() const;
  void set_numbers(const Tensor& flat);

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> other_names_;  // of tied weights
  std::vector<Tensor> tensors_;
  std::vector<int64_t> offsets_;  // in the layout
  int64_t end_ = 0;               // of the layout
  std::vector<Piece> pieces_;
  Tensor flat_;  // if they lie in one piece

  void append(const std::string& name, const Tensor& tensor);
  bool lie_in_order() const;
  void move_together();
  void find_pieces();
  bool has_name(size_t i, std::string_view pattern) const;
  Parameters select(std::string_view pattern, bool matching) const;
};

}  // namespace heed
