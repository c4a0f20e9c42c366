// What the answers to chapter 11 are made of.
#pragma once

#include <cmath>
#include <vector>

#include "autograd/autograd.h"

namespace heed::book::scores {

// A decoder in Luong's order, s = tanh(W y + F h~ + U s), with y the last word's vector, h~ and s of the step
// before. A weight is [out, in], all are [H, H] here: linear(x, W) takes a row x [1, H] to W x [1, H].
struct Weights {
  Tensor word, fed, state;      // W, F, U
  Tensor of_context, of_state;  // the halves of W_c: h~ = tanh(of_context c + of_state s)
};
struct Step {
  Tensor s, told;  // the state s and h~, [1, H]
};

}  // namespace heed::book::scores
