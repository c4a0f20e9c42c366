// Rounding to bf16, the first half of an f32 number (base/precision.h).
#pragma once

#include "autograd/base/precision.h"
#include "autograd/base/tensor.h"
#include "autograd/base/vec.h"

namespace heed {
inline namespace HEED_WIDTH {

// Of each number the nearest that is a bf16, in f32: its last 16 bits are 0. Half way between two it is the one whose
// last bit is 0. Beyond the largest bf16 lies infinity, and NaN stays NaN.
HEED_INLINE Vec<float> to_bf16(Vec<float> x) {
  typedef uint32_t Bits __attribute__((vector_size(kVectorBytes)));
  constexpr uint32_t first_half = 0xffff0000, quiet = 0x00400000;
  const auto bits = reinterpret_cast<Bits>(x.lanes);
  const Bits nearest = bits + 0x7fff + (bits >> 16 & 1);
  return reinterpret_cast<Vec<float>::Number>(((x == x).bits ? nearest : bits | quiet) & first_half);
}

}  // namespace HEED_WIDTH

// All of a matrix of f32 so, row by row without gaps.
Tensor rounded_to_bf16(const Tensor& x);

// What this thread wants of a product [., k] [k, n] of this type.
Precision wanted_precision(DType dtype, int64_t k, int64_t n);

}  // namespace heed
