// Less memory for more time (gradient checkpointing; Chen et al. 2016): a part of a computation that saves nothing, and
// is computed once more when its gradient is wanted.
//
//     for (int64_t t = 0; t < steps; t += 20)   // an LSTM over a long sequence, 20 steps at a time
//       state = recompute([&, t](const std::vector<Tensor>& s) { return run(cell, x, t, t + 20, s); }, state);
//
// Of the part only what goes in and comes out is kept; what f reads besides, parameters and values of the tape, gets its
// gradient like the inputs. It costs the forward pass of the part a second time, and memory for one part at a time.
// Gradients are the same to the bit as without it.
#pragma once

#include <functional>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

// f(x), recorded as one operation. f must give the same numbers each time, or the backward pass throws: draw from a
// copy of an Rng. What it writes beside is written twice: running averages of BatchNorm, for instance. Whatever f refers
// to must live as long as the tape. Without a tape it is f(x).
std::vector<Tensor> recompute(const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& f,
                              const std::vector<Tensor>& x);

}  // namespace heed
