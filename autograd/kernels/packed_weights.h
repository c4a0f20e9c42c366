// Weights in the order in which a product reads them.
//
// BLAS copies its operands into the order in which its kernel reads them, anew at each call. That pays when
// both are large. A recurrent net multiplies a few rows with the same weight at every time step, y_t = x_t
// W^T, and then the copy costs as much as the product or more: 2.5 times as much for 12 rows, a quarter of
// the time for 64. So the copy is kept for as long as the weight cannot change:
//
//     within a Tape     values on a tape are immutable; tapes that run at the same time can have the copies
//                       in common (SharedPacking). What a tape has computed is packed at its second use: it
//                       may be another weight at every step
//     when decoding     for the life of a PackedWeights, in the threads that enter its Scope
//
// The definition is blas::multiply; tests hold the two equal within rounding. In contrast to BLAS a row's
// result does not depend on how many rows there are.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

// op(weight) as panels of two registers' width, each panel row by row; 0 fills the last one. Immutable.
class PackedMatrix {
 public:
  // weight: a matrix [O, I], any strides; `transposed`: the product is with weight^T.
  PackedMatrix(const Tensor& weight, bool transposed);
  // c [M, N] = beta c + a [M, K] op(weight), beta 0 or 1; the last strides of a and c are 1.
  void multiply(Tensor& c, const Tensor& a, bool add) const;
  bool is_of(const Tensor& weight, bool transposed) const;
  int64_t inner() const { return inner_; }
  int64_t outer() const { return outer_; }

 private:
  Tensor weight_;  // held, so that nothing else can come to lie at its place
  bool transposed_;
  int64_t inner_, outer_;  // K, N of op(weight) [K, N]
  Tensor panels_;
};

// What several PackedWeights have in common: a copy that one of them keeps need not be made by the others. No
// weight may be changed while any of them keeps it. Threads may ask at the same time.
class SharedPacking {
 public:
  std::shared_ptr<const PackedMatrix> find(const Tensor& weight, bool transposed);

 private:
  std::mutex mutex_;
  std::vector<std::weak_ptr<const PackedMatrix>> copies_;
};

class PackedWeights {
 public:
  // `shared`: where copies come from, if not made here.
  explicit PackedWeights(SharedPacking* shared = nullptr) : shared_(shared) {}
  PackedWeights(const PackedWeights&) = delete;
  PackedWeights& operator=(const PackedWeights&) = delete;

  // While one lives in a thread, products of this thread with weights use these copies. No weight may be
  // changed meanwhile. Several threads may enter at the same time.
  class Scope {
   public:
    explicit Scope(PackedWeights* weights);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    PackedWeights* before_;
  };

  // Forgets all copies; the weights may be changed then.
  void clear();

 private:
  friend bool multiply_packed(Tensor& c, const Tensor& a, const Tensor& weight, bool transposed, bool add);
  struct Entry {
    Tensor weight;
    bool transposed;
    std::shared_ptr<const PackedMatrix> packed;  // null after the first use of what a tape has computed
  };
  std::shared_ptr<const PackedMatrix> find(const Tensor& weight, bool transposed);

  SharedPacking* shared_;
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

// c [M, N] = beta c + a op(weight), if this thread keeps packed weights and it pays; false
// if nothing was done.
bool multiply_packed(Tensor& c, const Tensor& a, const Tensor& weight, bool transposed, bool add);

}  // namespace heed
