// What a step will cost, before it is made: read off a tape when the loss has been computed and no gradient taken yet.
//
//     Tape tape;
//     const Tensor loss = model.loss(batch);
//     fmt::print("{}", cost_of(tape, loss, parameters).table());
//
//     operation                calls  MFLOP forward  MFLOP backward   share  MB written
//     linear                      12         1023.4          2046.8   71.2%        12.6
//     ..
//     a step: 4.3 GFLOP in products, 31.5 MB computed forward; memory at most 84.0 MB (52.1 MB in use now)
#pragma once

#include <string>
#include <vector>

#include "autograd/tape/tape.h"

namespace heed {

struct OperationCost {
  std::string name;
  int64_t calls = 0;
  // In matrix products, a multiplication and an addition counted as two: those of the forward pass as they were done,
  // those of the backward pass as many again for each factor whose gradient is wanted. What is done number by number
  // costs memory traffic rather than arithmetic: see `bytes`.
  int64_t forward_flops = 0, backward_flops = 0;
  int64_t bytes = 0;  // of the results; views have none
};

struct Cost {
  std::vector<OperationCost> operations;  // the dearest first
  int64_t bytes_now = 0;                  // memory in use: parameters, data, what the tape keeps (base/memory.h)
  int64_t bytes_peak = 0;                 // the most that the backward pass will have in use
  int64_t flops() const;                  // forward and backward
  std::string table() const;
  // The sum of two parts of one step that are computed one after the other.
  Cost& operator+=(const Cost& other);
};

// Of the gradients of the loss, a number computed on this tape, with respect to the parameters. The peak counts the
// gradients of values from when they arrive until they are passed on, and those of parameters (unless they come into
// memory that exists: `flat_exists`). It errs by what is gathered before it is multiplied, and by values that the
// program itself holds.
Cost cost_of(const Tape& tape, const Tensor& loss, const Parameters& parameters, bool flat_exists = false);

}  // namespace heed
