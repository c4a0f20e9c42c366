// Your answers to chapter 9. Take the slashes away from a function and write what it does: it takes the place
// of the solution. Numbers stands in tests/book/given/look.h.
#pragma once

#include "tests/book/given/look.h"
#include "tests/book/solutions/look.h"

namespace book_look {

struct mine : right {
  // 9.1: the scores with which the softmax's weighted mean of x is x_i.
  // static Numbers copy(size_t i, const Numbers& x) {}
  // 9.1: the same for the i-th smallest, i = 0 .. n-1.
  // static Numbers sort(size_t i, const Numbers& x) {}
  // 9.2: Luong et al., "general": questions q [B, n, Q], cards h [B, m, C] -> e_ij = q_i . W h_j [B, n, m].
  // struct Score {
  //   explicit Score(heed::Rng& rng) {}
  //   heed::Tensor operator()(const heed::Tensor& q, const heed::Tensor& h) const {}
  //   void parts(auto& visit) {}
  // };
};

}  // namespace book_look
