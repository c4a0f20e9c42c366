// The backward pass as a textbook has it, to be looked at: the gradient of every value on a tape, and what each
// operation adds to that of each of its inputs.
//
// Tape::gradients (backward/walk.h) computes what is asked for, sums in place, and forgets. This one computes everything
// by plain operations, and keeps it. It leaves the tape as it is, so gradients can still be taken.
#pragma once

#include <unordered_map>
#include <vector>

#include "autograd/tape/reel.h"
#include "autograd/tape/tape.h"

namespace heed {

// The number of the node that computed the loss; throws if none of this tape's did.
size_t node_of(const Tape& tape, const Tensor& loss);

class Trace {
 public:
  // Of the loss, a tensor of one number that was computed on the tape; throws if it was not, or if a walk has let go of
  // what pullbacks need (then make the tape with Tape({.keep = true})).
  Trace(const Tape& tape, const Tensor& loss);
  // The same for output k of a node.
  Trace(const Tape& tape, size_t node, int output = 0);

  // All are undefined where no gradient arrives. Nodes have the numbers that print(tape) shows.
  Tensor of_output(size_t node, int output) const;  // of what node made
  Tensor to_input(size_t node, int input) const;    // what node adds to the gradient of one of its inputs
  Tensor of(const Tensor& x) const;                 // of a leaf or a value of the tape

 private:
  void pull(size_t node);

  const Reel& reel_;
  size_t begin_;
  std::unordered_map<int32_t, Tensor> values_;      // by slot
  std::unordered_map<const void*, Tensor> leaves_;  // by identity
  std::vector<std::vector<Tensor>> inputs_;         // by node and input
};

}  // namespace heed
