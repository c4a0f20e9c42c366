// Attention: for a query, a weighted mean of annotations, weighted by how well each fits the query.
//
// Every mechanism of the papers is a choice of three parts:
//
//     score     how well query and annotation fit     additive, dot, scaled dot, general, concat, location
//     window    which positions compete, and how      global, local-m, local-p
//     reading   what is taken with the weights        soft: all of them; hard: one, drawn by chance
//
// They are in attention_scores.h, attention_window.h and attention_reading.h.
//
//     Attention bahdanau{AdditiveScore(1000, 2000, 1000, rng), GlobalWindow{}, SoftReading{}};
//     Attention luong{GeneralScore(1000, 1000, rng), LocalMonotonicWindow{10}, SoftReading{}};
//     Attention xu_hard{AdditiveScore(1800, 512, 512, rng), GlobalWindow{}, HardReading{&rng}};
//
//     AttentionMemory memory = bahdanau.remember(annotations, mask);     // once for a sentence
//     Attended look = bahdanau(state, memory);                           // at every step
//
// scores -> window -> weights -> context:   c = sum_t alpha_t k_t        Bahdanau et al. (5), Xu et al. (13)
//
// Any struct that can be called like those is a part; nothing has to be derived or registered.
#pragma once

#include "autograd/zip/elementwise.h"
#include "nn/attention/attention_reading.h"
#include "nn/attention/attention_scores.h"
#include "nn/attention/attention_window.h"

namespace heed {

struct Attended {
  Tensor scores;   // e  [B, T] (or [B, U, T] everywhere), also at masked positions
  Tensor align;    // softmax of e within the window
  Tensor alpha;    // the alignment: align, for local-p times its Gaussian
  Tensor weights;  // what was read with: alpha, or a hard choice
  Tensor context;  // c  [B, K] or [B, U, K]
  Tensor center;   // p of local-p
};

template <class Score, class Window, class Reading>
struct Attention {
  Score score;
  Window window;
  Reading reading;

  // keys [B, T, K]; mask i64 [B, T], 1 for real positions, or undefined.
  AttentionMemory remember(const Tensor& keys, const Tensor& mask = {}) const {
    return {keys, score.prepare(keys), mask};
  }
  // query [B, Q] or [B, U, Q]; position i64 [B] or [B, U], for local-m only.
  Attended operator()(const Tensor& query, const AttentionMemory& memory, const Tensor& position = {}) const {
    const Tensor scores = score(query, memory.prepared);
    const Weights found = window(query, scores, memory, position);
    const Tensor weights = reading(found.alpha);
    return {scores, found.align, found.alpha, weights, read(weights, memory.keys), found.center};
  }
  void parts(auto& visit) {
    visit("score", score);
    visit("window", window);
  }
};
template <class Score, class Window, class Reading>
Attention(Score, Window, Reading) -> Attention<Score, Window, Reading>;

// The attentional vector of Luong et al. (5): h~ = tanh(W_c [c; h]).
struct AttentionalVector {
  Tensor weight;  // [O, K + Q]: W_c

  AttentionalVector() = default;
  AttentionalVector(int64_t context, int64_t query, int64_t out, Rng& rng);

  Tensor operator()(const Tensor& context, const Tensor& query) const;  // [.., K], [.., Q] -> [.., O]
  void parts(auto& visit) { visit("weight", weight); }
};

// How much of the context a decoder's step lets in: beta = sigmoid(f_beta(h)), z = beta c (Xu et al.,
// section 4.2.1).
struct ContextGate {
  Tensor weight;  // [H]
  Tensor bias;    // [1]

  ContextGate() = default;
  ContextGate(int64_t hidden, Rng& rng);

  Tensor operator()(const Tensor& h) const;  // [.., H] -> beta [..]
  void parts(auto& visit) {
    visit("weight", weight);
    visit("bias", bias);
  }
};

// Doubly stochastic attention (Xu et al. (14)): asks that over all steps every location gets its share.
//     reg = lambda (1/B) sum_b sum_i (1 - sum_t m_bt alpha_bti)^2
// alpha [B, T, L]; step_mask i64 [B, T] or undefined: m = 1. Gives one number.
Tensor doubly_stochastic(const Tensor& alpha, double lambda, const Tensor& step_mask = {});

}  // namespace heed
