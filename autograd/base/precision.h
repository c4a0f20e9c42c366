// In which precision matrices are multiplied.
//
// A bf16 number is the first half of an f32 number: the sign, all eight bits of the exponent, seven of the mantissa. A
// CPU that knows it multiplies two of them in the place of one f32 number, and training bears the rounding (Kalamkar et
// al., "A Study of BFLOAT16 for Deep Learning Training", 2019). Whether that is quicker depends on the CPU
// (docs/precision.md).
//
//     const ProductPrecision products(Precision::bf16);  // from here on, in this thread
//     ShardResult result = shards.gradients(loss);       // or a Tape, and its gradients
//
// Both factors of a product of f32 matrices are then rounded to bf16, to the nearest, ties to even; their products and
// sums are f32, and so is all else: parameters, states, gradients, what an optimizer keeps. Products of f64 stay as they
// are, and so do those with a side below kRoundedFrom, which would gain nothing. docs/precision.md has the whole list.
//
// Precision::int8 is for answers alone: weights that a decoder keeps (kernels/packed_weights.h) are held and multiplied in
// 8 bits, as whole numbers of a scale for each column, and rows of activations with them (kernels/product/int8_product.h);
// all other products are f32. No gradient goes through it.
#pragma once

#include <cstdint>
#include <utility>

#include "autograd/base/choice.h"

namespace heed {

enum class Precision { f32, bf16, int8 };

inline constexpr Choice<Precision> precisions[] = {
    {"f32", "24 bits of each number", Precision::f32},
    {"bf16", "8 bits of each; twice as fast where the CPU multiplies them quickly (AMX, AMD Zen 4), slower elsewhere",
     Precision::bf16},
};
inline constexpr Choice<Precision> answer_precisions[] = {
    precisions[0],
    precisions[1],
    {"int8", "weights in 8 bits and a scale for each output; quickest where the CPU has AVX512_VNNI",
     Precision::int8},
};

// In products of [M, K] with [K, N], of N and K; M counts rows of a batch, and must not decide.
constexpr int64_t kRoundedFrom = 32;

// While this lives, in the thread that made it; the innermost counts.
class ProductPrecision {
 public:
  explicit ProductPrecision(Precision precision) : around_(std::exchange(of_thread(), precision)) {}
  ~ProductPrecision() { of_thread() = around_; }
  ProductPrecision(const ProductPrecision&) = delete;
  ProductPrecision& operator=(const ProductPrecision&) = delete;

  static Precision current() { return of_thread(); }

 private:
  static Precision& of_thread() {
    thread_local Precision precision = Precision::f32;
    return precision;
  }
  Precision around_;
};

}  // namespace heed
