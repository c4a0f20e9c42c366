// What attention reads with given weights: c_b = sum_j w_bj h_j, over the positions that query b attends to.
#pragma once

#include "nn/attention/rows/attention_mask.h"

namespace heed {

// weights [n, W], annotations [N, C] -> [n, C]. Weights of positions that are not attended to are not read. A weight
// of 0 costs nothing, so one-hot weights read a single row.
Tensor weighted_rows(const Tensor& weights, const Tensor& annotations, const SharedMask& mask);

// The same in plain operations over [n, W, C]: the definition that the kernel is held to.
Tensor weighted_rows_plain(const Tensor& weights, const Tensor& annotations, const SharedMask& mask);

}  // namespace heed
