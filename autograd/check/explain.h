// Why is this gradient zero?
//
//     fmt::print("{}\n", explain(tape, loss, model.embedding.weight));
//
//     embedding.weight f32 [300, 64] has the gradient 0. gather #2 [8, 64] read it, but its result goes nowhere:
//     detach() cuts the way behind tanh #3 [8, 64], as a constant for mul #4 [8, 64].
#pragma once

#include <string>

#include "autograd/tape/tape.h"

namespace heed {

// Follows x to the loss along the tape and says, in sentences, where its gradient is lost: x is not a floating-point
// tensor; no operation read it, or only a copy or view of it that the tape takes for a constant; its ways end before the
// loss; it belongs to another tape; or each of its ways passes an operation that makes zeros of what arrives (a mask, a
// weight of 0, relu below 0); or a NaN, and where that came up first. Or that the gradient is not zero, and its norm.
//
// Before the gradients are taken, or with Tape({.keep = true}); else the saved numbers are gone, and only what follows
// from the graph is said. It costs a backward pass that computes everything (trace.h).
std::string explain(const Tape& tape, const Tensor& loss, const Tensor& x);

// The same for the value that was computed last, if it is one number.
std::string explain(const Tape& tape, const Tensor& x);

}  // namespace heed
