// Convolution with 3x3 kernels in a quarter of the multiplications.
//
// Two polynomials are multiplied number by number once their values at enough points are known. A convolution
// is the transpose of such a product; for 4 outputs of a kernel of 3, which see 6 inputs, 6 points do: 6
// multiplications in place of 12. For images both ways: 36 in place of 144 for a tile of 4x4 outputs,
//
//     y = A^T [ (G w G^T) * (B^T x B) ] A           w [3, 3], x [6, 6], y [4, 4]; * number by number
//
// with the points 0, 1, -1, 2, -2 and infinity (Winograd 1980; Lavin and Gray 2016, "Fast Algorithms for
// Convolutional Neural Networks", section 4.3). Over all channels, * becomes for each of the 36 points a
// matrix product [tiles, C] [C, O]. The gradients have the same form:
//
//     dx = the convolution of dy with the kernels turned round, outputs and inputs exchanged
//     dw = G^T [ sum over tiles of (B^T x B) * (A dy A^T) ] G
//
// The price is accuracy: the sums of the transforms cancel, which makes five to ten times the rounding errors
// of plain sums (some 1e-6 of the typical output), and an infinity or NaN in x spoils all outputs of the
// tiles that see it. f32 takes this way; f64, which is asked for when digits matter, does not.
//
// The definition is conv2d's product with columns (conv.cpp); tests hold the two equal.
#pragma once

#include <array>

#include "autograd/base/tensor.h"

namespace heed::winograd {

// Whether it pays: channels enough to fill registers, outputs enough to fill tiles, a build for a CPU with
// fused multiplication and addition. y: the shape of the outputs.
bool pays(const Shape& x, const Shape& weight, const Shape& y);

// Rows and columns of zeros around x, 0 to 2.
using Padding = std::array<int64_t, 2>;

// Overwrites y [N, O, H', W'] with conv(x [N, C, H, W], w [O, C, 3, 3]) + bias [O], which may be undefined;
// stride and dilation 1, one group. All tensors are dense, except for the bias, and of one floating type.
void convolve(Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const Padding& padding);
// The same for the gradients dx, of the shape of x, and dw, of the shape of w.
void input_gradient(Tensor& dx, const Tensor& dy, const Tensor& w, const Padding& padding);
void weight_gradient(Tensor& dw, const Tensor& dy, const Tensor& x, const Padding& padding);

}  // namespace heed::winograd
