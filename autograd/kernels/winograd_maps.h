// The matrices of Winograd's convolution (winograd.h) for 4 outputs of a kernel of 3, with the points 0, 1,
// -1, 2, -2 and infinity.
//
// Each is written as a map of a line of numbers x[0], x[step], x[2 step], .. to the line y[0], y[step], ..,
// with the sums that two rows share made once: the rows of 1 and -1 differ in the sign of the odd terms, as
// do those of 2 and -2. A number may be a register of them.
#pragma once

#include "autograd/base/simd.h"

namespace heed::winograd {

constexpr int kSide = 4;     // a tile of outputs is kSide x kSide
constexpr int kPoints = 36;  // and known from its values at 6 x 6 points

struct InputPoints {  // B^T
  static constexpr int from = 6, to = 6;
  template <class V>
  HEED_INLINE static void map(V* y, const V* x, int step) {
    const V two(2), four(4), five(5);
    const V even = x[4 * step] - four * x[2 * step], odd = x[3 * step] - four * x[step];
    const V even2 = x[4 * step] - x[2 * step], odd2 = two * (x[3 * step] - x[step]);
    y[0] = four * x[0] - five * x[2 * step] + x[4 * step];
    y[step] = even + odd;
    y[2 * step] = even - odd;
    y[3 * step] = even2 + odd2;
    y[4 * step] = even2 - odd2;
    y[5 * step] = four * x[step] - five * x[3 * step] + x[5 * step];
  }
};

struct KernelPoints {  // G
  static constexpr int from = 3, to = 6;
  template <class V>
  HEED_INLINE static void map(V* y, const V* x, int step) {
    const V quarter(0.25), sixth = V(1) / V(6), half(0.5);
    const V even = -sixth * (x[0] + x[2 * step]), odd = -sixth * x[step];
    const V even2 = sixth * (quarter * x[0] + x[2 * step]), odd2 = half * sixth * x[step];
    y[0] = quarter * x[0];
    y[step] = even + odd;
    y[2 * step] = even - odd;
    y[3 * step] = even2 + odd2;
    y[4 * step] = even2 - odd2;
    y[5 * step] = x[2 * step];
  }
};

struct PointsKernel {  // G^T
  static constexpr int from = 6, to = 3;
  template <class V>
  HEED_INLINE static void map(V* y, const V* x, int step) {
    const V quarter(0.25), sixth = V(1) / V(6), half(0.5);
    const V near = x[step] + x[2 * step], far = x[3 * step] + x[4 * step];
    y[0] = quarter * x[0] + sixth * (quarter * far - near);
    y[step] = sixth * (x[2 * step] - x[step] + half * (x[3 * step] - x[4 * step]));
    y[2 * step] = sixth * (far - near) + x[5 * step];
  }
};

struct PointsOutput {  // A^T
  static constexpr int from = 6, to = 4;
  template <class V>
  HEED_INLINE static void map(V* y, const V* x, int step) {
    const V two(2), four(4), eight(8);
    const V near = x[step] + x[2 * step], far = x[3 * step] + x[4 * step];
    const V near_odd = x[step] - x[2 * step], far_odd = x[3 * step] - x[4 * step];
    y[0] = x[0] + near + far;
    y[step] = near_odd + two * far_odd;
    y[2 * step] = near + four * far;
    y[3 * step] = near_odd + eight * far_odd + x[5 * step];
  }
};

struct OutputPoints {  // A
  static constexpr int from = 4, to = 6;
  template <class V>
  HEED_INLINE static void map(V* y, const V* x, int step) {
    const V two(2), four(4);
    const V even = x[0] + x[2 * step], odd = x[step] + x[3 * step];
    const V even2 = x[0] + four * x[2 * step], odd2 = two * (x[step] + four * x[3 * step]);
    y[0] = x[0];
    y[step] = even + odd;
    y[2 * step] = even - odd;
    y[3 * step] = even2 + odd2;
    y[4 * step] = even2 - odd2;
    y[5 * step] = x[3 * step];
  }
};

// y [M::to, M::to] = M x M^T of x [M::from, M::from]: the columns first, then the rows.
template <class M, class V>
HEED_INLINE void map_both_ways(V* y, const V* x) {
  V columns[M::to * M::from], line[M::from], mapped[M::to];
#pragma GCC unroll 8
  for (int j = 0; j < M::from; ++j) M::map(columns + j, x + j, M::from);
#pragma GCC unroll 8
  for (int i = 0; i < M::to; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < M::from; ++j) line[j] = columns[i * M::from + j];
    M::map(mapped, line, 1);
#pragma GCC unroll 8
    for (int j = 0; j < M::to; ++j) y[i * M::to + j] = mapped[j];
  }
}

}  // namespace heed::winograd
