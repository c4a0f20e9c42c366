// What a pullback adds to: the gradients of its node's inputs (their adjoints), summed over all nodes that read them.
//
// A pullback that is written with operations gets Adjoints. A kernel that sums into memory gets InPlace, which also
// gives that memory. Which of the two is called is the backward pass's choice (record.h).
#pragma once

#include <optional>

#include "autograd/base/tensor.h"

namespace heed {

class Adjoints {
 public:
  // Whether the gradient of this input leads to anything that was asked for.
  virtual bool wanted(int input) const = 0;
  // The shape of this input, which a pullback therefore need not save.
  virtual const Shape& shape(int input) const = 0;

  // gradient of `input` += value, of the input's shape. A value that nobody else holds is taken over, not copied.
  // An undefined value adds nothing.
  virtual void add(int input, const Tensor& value) = 0;
  virtual void add(int input, Tensor&& value) = 0;
  // The same for an input that was broadcast: value is summed down to its shape.
  virtual void add_broadcast(int input, const Tensor& value) = 0;
  virtual void add_broadcast(int input, Tensor&& value) = 0;
  // gradient of `input` [K,N] += left^T right, with left [R,K], right [R,N]. A weight that is used at every
  // time step has the gradient  sum_t x_t^T d_t = X^T D,  so the factors are gathered and multiplied once.
  virtual void add_product(int input, const Tensor& left, const Tensor& right) = 0;

 protected:
  ~Adjoints() = default;
};

class InPlace : public Adjoints {
 public:
  // The memory where a gradient is being summed. If `fresh` its numbers are undefined and must be stored, not
  // added to. The gradient of a view is a view of the gradient, so it may have any strides.
  struct Place {
    Tensor& buffer;
    bool fresh = false;
  };
  // That of `input`, which has the shape and type of `like`.
  virtual Place place(int input, const Tensor& like) = 0;
  // The same as a buffer that is ready to be added to: filled with zeros if it was fresh.
  Tensor place_zeroed(int input, const Tensor& like);

 protected:
  ~InPlace() = default;
};

// In place of memory that a kernel cannot step over: a dense tensor, whose numbers are undefined, to be added there.
class Apart {
 public:
  // A fresh place is filled with zeros at once: it may overlap with the place of another input.
  explicit Apart(InPlace::Place place);
  Tensor& tensor() { return dense_; }
  void add_to_place();

 private:
  Tensor* place_;
  Tensor dense_;
};

// The memory of one gradient for a kernel: its place where that suits the kernel, else one apart, which finish() adds.
// None if nobody wants the gradient.
class SuitablePlace {
 public:
  SuitablePlace(InPlace& d, int input, const Tensor& like, bool (*suits)(const Tensor& place));
  SuitablePlace(const SuitablePlace&) = delete;
  SuitablePlace& operator=(const SuitablePlace&) = delete;

  explicit operator bool() const { return memory_ != nullptr; }
  Tensor& tensor() { return *memory_; }
  bool fresh() const { return fresh_; }  // its numbers are undefined
  void zero();                           // no longer: filled with zeros if it was fresh
  template <class T>
  T* data() {
    return memory_ ? memory_->mutable_data<T>() : nullptr;
  }
  void finish() {
    if (apart_) apart_->add_to_place();
  }

 private:
  std::optional<Apart> apart_;
  Tensor* memory_ = nullptr;
  bool fresh_ = false;
};

inline bool is_dense(const Tensor& place) { return place.is_dense(); }

}  // namespace heed
