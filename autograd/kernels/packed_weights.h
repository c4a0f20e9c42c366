// Weights in the order in which a product reads them.
//
// BLAS copies its operands into the order in which its kernel reads them, anew at each call. That pays when
// both are large. A recurrent net multiplies a few rows with the same weight at every time step, y_t = x_t
// W^T, and then the copy costs as much as the product or more: 2.5 times as much for 12 rows, a quarter of
// the time for 64. So the copy is kept for as long as the weight cannot change:
//
//     within a Tape     values on a tape are immutable; tapes that run at the same time can have the copies
//                       in common. What a tape has computed is packed at its second use: it may be another
//                       weight at every step
//     when decoding     for the life of an Immutable (base/immutable.h), in the threads that enter its scope
//
// The definition is blas::multiply; tests hold the two equal within rounding. In contrast to BLAS a row's
// result does not depend on how many rows there are. In bf16 and in int8 (base/precision.h) the copy is
// rounded.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "autograd/base/immutable.h"
#include "autograd/base/precision.h"
#include "autograd/base/tensor.h"
#include "autograd/kernels/product/int8_product.h"

namespace heed {

// op(weight) as panels of two registers' width, each panel row by row; 0 fills the last one. Immutable.
class PackedMatrix {
 public:
  // weight: a matrix [O, I], any strides; `transposed`: the product is with weight^T. In the precision that the thread
  // wants now.
  PackedMatrix(const Tensor& weight, bool transposed);
  // c [M, N] = beta c + a [M, K] op(weight), beta 0 or 1; the last strides of a and c are 1.
  void multiply(Tensor& c, const Tensor& a, bool add) const;
  // Whether it is the copy of that weight, with the numbers that it has now, in the precision that is wanted now.
  bool is_of(const Tensor& weight, bool transposed) const;
  int64_t inner() const { return inner_; }
  int64_t outer() const { return outer_; }

 private:
  Tensor weight_;     // held, so that nothing else can come to lie at its place
  uint32_t version_;  // when it was copied
  bool transposed_;
  int64_t inner_, outer_;  // K, N of op(weight) [K, N]
  Precision precision_;
  bool pairs_;                              // in bf16, as panels of pairs
  Tensor panels_;                           // undefined in int8
  std::shared_ptr<const Int8Matrix> int8_;  // in int8
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

// What one Immutable keeps; several threads may ask at the same time.
class PackedWeights {
 public:
  // Null at the first use of what a tape has computed. `shared`: where copies come from, if not made here.
  std::shared_ptr<const PackedMatrix> find(const Tensor& weight, bool transposed, SharedPacking* shared);

 private:
  struct Entry {
    Tensor weight;
    bool transposed;
    std::shared_ptr<const PackedMatrix> packed;
  };
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

// c [M, N] = beta c + a op(weight), if numbers stand still in this thread and it pays; false if nothing was done.
bool multiply_packed(Tensor& c, const Tensor& a, const Tensor& weight, bool transposed, bool add);
// The same, if need be by blas::multiply.
void multiply_by_weight(Tensor& c, const Tensor& a, const Tensor& weight, bool transposed, bool add);

}  // namespace heed
