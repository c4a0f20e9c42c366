// Cards are looked at: the model.
//
// On each card stands a letter, and beside it a digit. Asked for a letter, the network is to say its digit.
// It reads nothing step by step and has no state. For question i it looks at all cards at once,
//
//     e_ij = v^T tanh(W q_i + U h_j)       alpha_ij = softmax_j(e_ij)       c_i = sum_j alpha_ij h_j
//
// with q_i made of the letter that is asked for, and h_j of what stands on card j.
#pragma once

#include "autograd/ops/matmul.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/embedding.h"
#include "nn/layers/linear.h"

namespace heed {

constexpr int64_t kLetters = 8, kDigits = 8, kSize = 16;

// Bahdanau et al., A.1.2: of questions q [B, n, Q] and cards h [B, m, C] the scores e [B, n, m].
struct Additive {
  Linear of_question, of_card, v;

  explicit Additive(Rng& rng) : of_question(kSize, 32, rng), of_card(2 * kSize, 32, rng), v(32, 1, rng) {}
  Tensor operator()(const Tensor& q, const Tensor& h) const {
    return squeeze(v(tanh(unsqueeze(of_question(q), 2) + unsqueeze(of_card(h), 1))), 3);
  }
  void parts(auto& visit) {
    visit("of_question", of_question);
    visit("of_card", of_card);
    visit("v", v);
  }
};

template <class Score>
struct Looker {
  Embedding questions, letters, digits;
  Score score;
  Linear output;

  explicit Looker(Rng& rng)
      : questions(kLetters, kSize, rng),
        letters(kLetters, kSize, rng),
        digits(kDigits, kSize, rng),
        score(rng),
        output(2 * kSize, kDigits, rng) {
    convert(*this, DType::f64);
  }
  // Letters asked for [B, n], letters and digits on cards [B, m], all i64 -> alpha [B, n, m], and a logit for
  // each digit [B, n, digits].
  std::pair<Tensor, Tensor> operator()(const Tensor& asked, const Tensor& letter, const Tensor& digit) const {
    const Tensor h = concat({letters(letter), digits(digit)}, 2);
    const Tensor alpha = softmax(score(questions(asked), h));
    return {alpha, output(matmul(alpha, h))};  // c = alpha h
  }
  void parts(auto& visit) {
    visit("questions", questions);
    visit("letters", letters);
    visit("digits", digits);
    visit("score", score);
    visit("output", output);
  }
};

}  // namespace heed
