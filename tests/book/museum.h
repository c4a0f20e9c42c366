// The exhibits of docs/book/museum.md: mistakes that real projects made, each as small as it can be. Nothing here
// is right.
#pragma once

#include <string>
#include <vector>

#include "autograd/autograd.h"
#include "nn/nn.h"

namespace heed::museum {

// 1. scores [B, S], mask [B, S] 1 where there is a word. The mask has been computed, handed on, and is not used.
inline Tensor weights_without_mask(const Tensor& scores, const Tensor& /*mask*/) { return softmax(scores, 1); }

// 2. x [T, 1, D]: the states of the backward direction, from the last position to the first.
inline std::vector<State> backwards_from_the_padding(const GruChoCell& cell, const Tensor& x) {
  std::vector<State> states = {{Tensor::zeros({1, cell.hidden_size()}, x.dtype()), {}}};
  for (int64_t t = x.size(0) - 1; t >= 0; --t) states.push_back(cell(x[t], states.back()));
  return states;
}

// 3. softmax as the textbook has it: of a row without any word it is 0 / 0.
inline Tensor weights_of_nothing(const Tensor& scores, const Tensor& mask) {
  const Tensor e = exp(scores) * to(mask, scores.dtype());
  return e / sum(e, {1}, true);
}

// 4. An unrolled network x -> W_n .. W_2 W_1 x as one operation, with the pullback of each step, in the wrong order.
inline Tensor steps_pulled_forwards(const Tensor& x, const std::vector<Tensor>& weights) {
  Tensor y = x;
  {
    const Untaped guard;
    for (const Tensor& w : weights) y = matmul(y, transpose(w, 0, 1));
  }
  return record("unrolled", {x}, y, [weights](const Tensor& dy, Adjoints& d) {
    Tensor dx = dy;
    for (const Tensor& w : weights) dx = matmul(dx, w);
    d.add(0, dx);
  });
}

// 5. losses [B, S] with 0 at padding: the mean over everything that there is memory for.
inline Tensor loss_with_padding(const Tensor& losses, const Tensor& /*mask*/) { return mean(losses); }

// 6. A "translator" that says the word again that it has read. What it is given to read is the right translation.
inline std::string told(const std::vector<std::string>& right) {
  std::string said = "<s>";
  for (size_t i = 0; i + 1 < right.size(); ++i) said += " " + right[i];
  return said;
}
inline std::string left_alone(const std::vector<std::string>& right) {
  std::string said = "<s>";
  for (size_t i = 0; i + 1 < right.size(); ++i) said += " <s>";
  return said;
}

// 7. y = x A + x B. The gradient through A is computed in the memory of the upstream gradient, which that through B
// still needs.
inline Tensor both_ways(const Tensor& x, const Tensor& a, const Tensor& b) {
  Tensor y;
  {
    const Untaped guard;
    y = matmul(x, a) + matmul(x, b);
  }
  return record("both", {x}, y, [a, b](const Tensor& dy, Adjoints& d) {
    Tensor through_a = dy;  // the same memory
    copy_into(through_a, matmul(dy, transpose(a, 0, 1)));
    d.add(0, through_a + matmul(dy, transpose(b, 0, 1)));
  });
}

}  // namespace heed::museum
