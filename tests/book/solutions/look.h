// Chapter 9, beside the model of examples/first_steps/looker.h.
#pragma once

#include "tests/book/given/look.h"

namespace book_look {

struct right {
  // 9.1: the scores with which the softmax's weighted mean of x is x_i. Place j is asked whether it is i.
  static Numbers copy(size_t i, const Numbers& x) {
    Numbers e(x.size(), 0.0);
    e[i] = 30;
    return e;
  }
  // 9.1: the same for the i-th smallest, i = 0 .. n-1. Place j is asked whether i of the numbers are smaller
  // than x_j.
  static Numbers sort(size_t i, const Numbers& x) {
    Numbers e;
    for (const double here : x) {
      size_t smaller = 0;
      for (const double other : x) smaller += other < here;
      e.push_back(smaller == i ? 30 : 0);
    }
    return e;
  }
  // 9.2: Luong et al., "general": questions q [B, n, Q], cards h [B, m, C] -> e_ij = q_i . W h_j [B, n, m].
  struct Score {
    heed::Linear of_card;

    explicit Score(heed::Rng& rng) : of_card(2 * heed::kSize, heed::kSize, rng, false) {}
    heed::Tensor operator()(const heed::Tensor& q, const heed::Tensor& h) const {
      return matmul(q, transpose(of_card(h), 1, 2));
    }
    void parts(auto& visit) { visit("of_card", of_card); }
  };
};

struct wrong {
  // The right place has the most weight, but the others have too much of it.
  static Numbers copy(size_t i, const Numbers& x) {
    Numbers e(x.size(), 0.0);
    e[i] = 3;
    return e;
  }
  static Numbers sort(size_t i, const Numbers& x) {
    Numbers e = right::sort(i, x);
    for (double& score : e) score /= 10;
    return e;
  }
  // Without the tanh the question adds the same number to all scores.
  struct Score {
    heed::Linear of_question, of_card;

    explicit Score(heed::Rng& rng) : of_question(heed::kSize, 1, rng), of_card(2 * heed::kSize, 1, rng) {}
    heed::Tensor operator()(const heed::Tensor& q, const heed::Tensor& h) const {
      return of_question(q) + transpose(of_card(h), 1, 2);
    }
    void parts(auto& visit) {
      visit("of_question", of_question);
      visit("of_card", of_card);
    }
  };
};

}  // namespace book_look
