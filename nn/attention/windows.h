// The windows of the papers (what a window is: window.h).
//
//     global     alpha = softmax over all positions j < S                           Bahdanau et al. (6)
//     local-m    alpha = softmax over |j - p| <= D, with p given: the time step     Luong et al. 3.2
//     local-p    p = S sigmoid(v_p^T tanh(W_p q))                                   Luong et al. (9)
//                alpha = softmax(e)_j exp(-(j - p)^2 / (2 sigma^2)), sigma = D / 2  Luong et al. (10)
//
// A local window is drawn in Luong et al. Figure 3. S is the sentence's length, as far as the score reaches; a local
// window has 2D + 1 columns, whatever S is. The Gaussian weights are not normalised again, as in the paper, and p is
// differentiated through them. Positions count from 0. A query with nothing to attend to gets weights of zero, and
// zero gradients.
#pragma once

#include "nn/attention/window.h"

namespace heed {

struct GlobalWindow {
  GlobalWindow() = default;
  GlobalWindow(const WindowSizes&, Rng&) {}

  Focus focus(const Tensor& query, const SharedMask& mask, const Tensor& position) const;
  Weights operator()(const Tensor& scores, const Focus& focus) const;
  void parts(auto&) {}
};

struct LocalMonotonicWindow {
  int64_t radius = 10;  // D

  LocalMonotonicWindow() = default;
  LocalMonotonicWindow(const WindowSizes& sizes, Rng&) : radius(sizes.radius) {}

  // Throws without a position.
  Focus focus(const Tensor& query, const SharedMask& mask, const Tensor& position) const;
  Weights operator()(const Tensor& scores, const Focus& focus) const;
  void parts(auto&) {}
};

struct LocalPredictiveWindow {
  Tensor weight;            // [A, Q]: W_p
  Tensor v;                 // [A]: v_p
  int64_t radius = 10;      // D, at least 1
  bool inside_only = true;  // softmax only over |j - p| <= D; which positions these are is not differentiated

  LocalPredictiveWindow() = default;
  LocalPredictiveWindow(const WindowSizes& sizes, Rng& rng);

  Focus focus(const Tensor& query, const SharedMask& mask, const Tensor& position) const;
  Weights operator()(const Tensor& scores, const Focus& focus) const;
  void parts(auto& visit) {
    visit("weight", weight);
    visit("v", v);
  }
};

}  // namespace heed
