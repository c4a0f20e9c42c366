// Products in 8 bits, for answers (base/precision.h): a [M, K] times op(weight) [K, N] is
//
//     c_ij = r_i s_j sum_k q_ik w_kj      w_kj = round(op(weight)_kj / s_j),  s_j = max_k |op(weight)_kj| / 127
//
// and q_ik = round(a_ik / r_i) of each row of a likewise, when it is multiplied. q and w are whole, from -127 to 127, and
// so is their sum, which is exact in whatever order. CPUs with AVX512_VNNI multiply four of them in the place of one f32
// (vpdpbusd); others compute the same sum in f32, which holds whole numbers below 2^24, in blocks of kDeep, whose sums
// stay below. So all have the same bits.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

class Int8Matrix {
 public:
  // Whether this library and this CPU multiply four numbers at a time.
  static bool quads_available();

  // weight: a matrix of f32, any strides; `transposed`: op(weight) is weight^T. `quads`: how they are multiplied.
  Int8Matrix(const Tensor& weight, bool transposed, bool quads = quads_available());
  // c [M, N] = beta c + a [M, K] op(weight), beta 0 or 1; the last strides of a and c are 1. A row of a that holds a
  // number which is not finite gives NaN.
  void multiply(Tensor& c, const Tensor& a, bool add) const;

 private:
  int64_t inner_, outer_;  // K, N
  bool quads_;
  Tensor scales_;   // s [N]
  Tensor panels_;   // w, of each block of kDeep rows (panels.h): whole numbers in f32, or quads of bytes
  Tensor offsets_;  // with quads: 128 sum_k w_kj of each block, [blocks, N], for q is multiplied as q + 128
};

}  // namespace heed
