// Windows: which positions a query may look at, and how its scores become weights there.
//
//     global     alpha = softmax over all positions s < S                           Bahdanau et al. (6)
//     local-m    alpha = softmax over |s - p| <= D, with p given: the time step     Luong et al., section 3.2
//     local-p    p = S sigmoid(v_p^T tanh(W_p q))                                   Luong et al. (9)
//                alpha = softmax(e)_s exp(-(s - p)^2 / (2 sigma^2)), sigma = D / 2  Luong et al. (10)
//
// S is the sentence's length. The Gaussian weights are not normalised again, as in the paper, and p is
// differentiated through them. Positions count from 0. A query with nothing to look at gets weights of zero,
// and zero gradients.
#pragma once

#include <variant>

#include "autograd/base/rng.h"
#include "nn/attention/attention_memory.h"

namespace heed {

struct Weights {
  Tensor align;   // softmax of the scores
  Tensor alpha;   // what the annotations are weighted with: align, except for local-p
  Tensor center;  // p of local-p, [B] or [B, U]
};

struct GlobalWindow {
  Weights operator()(const Tensor& query, const Tensor& scores, const AttentionMemory& memory,
                     const Tensor& position) const;
  void parts(auto&) {}
};

struct LocalMonotonicWindow {
  int64_t radius = 10;  // D

  // position: p, i64 [B] or [B, U]
  Weights operator()(const Tensor& query, const Tensor& scores, const AttentionMemory& memory,
                     const Tensor& position) const;
  void parts(auto&) {}
};

struct LocalPredictiveWindow {
  Tensor weight;            // [A, Q]: W_p
  Tensor v;                 // [A]: v_p
  int64_t radius = 10;      // D, at least 1
  bool inside_only = true;  // softmax only over |s - p| <= D; which positions these are is not differentiated

  LocalPredictiveWindow() = default;
  LocalPredictiveWindow(int64_t query, int64_t hidden, int64_t window_radius, Rng& rng);

  Weights operator()(const Tensor& query, const Tensor& scores, const AttentionMemory& memory,
                     const Tensor& position) const;
  void parts(auto& visit) {
    visit("weight", weight);
    visit("v", v);
  }
};

// One of them, chosen while the program runs.
struct AnyWindow {
  std::variant<GlobalWindow, LocalMonotonicWindow, LocalPredictiveWindow> window;

  Weights operator()(const Tensor& query, const Tensor& scores, const AttentionMemory& memory,
                     const Tensor& position) const;
  void parts(auto& visit) {
    std::visit([&](auto& chosen) { chosen.parts(visit); }, window);
  }
};

}  // namespace heed
