// Seeing a tape: as a table for the terminal, as Graphviz text, as a graph to be drawn.
//
//     Tape tape;
//     Tensor loss = model.loss(batch);
//     std::puts(print(tape).c_str());
//
//     #0  linear   f32 [80, 512]  from x f32 [80, 300], encoder.weight, encoder.bias
//     #1  tanh     f32 [80, 512]  from #0                                              at time step 0
//
// Show it before the gradients are taken or after: the picture is of the forward pass (and of the
// backward pass too where that was recorded by a nested tape). Labelled tensors are parameters or
// were named with set_label().
//
// A tape that was made with Tape({.watch = true}) shows its values, too; and whoever names the loss also sees the
// gradients, where the saved numbers are still there (check/trace.h):
//
//     #0  mul  f64 []  from x, x   = 9   d 1
//
// Up to four numbers are written out; of more, the norm: |9.2|.
#pragma once

#include <string>
#include <vector>

#include "autograd/tape/tape.h"

namespace heed {

// One line for each recorded operation: number, name, what it made, what from, and at which time step.
std::string print(const Tape& tape, const Tensor& loss = {});

// Graphviz text (dot -Tsvg): operations as ellipses, parameters as boxes, edges from the inputs downwards.
// Edges carry the shape that flows along them, its value, and the gradient that comes back.
std::string to_dot(const Tape& tape, const Tensor& loss = {});

// The graph on a tape, for drawing it: its operations in their order, and the tensors that came from outside as
// vertices of their own, each before the first operation that needs it.
struct TapeVertex {
  std::string title, detail;                 // "#1 tanh", "f32 [80, 512], t = 0"
  bool operation = false, labelled = false;  // or a tensor, with a name or without
  std::vector<size_t> from;                  // the vertices that it was computed from
  std::vector<std::string> shapes;           // what flows in, one for each of them
  std::string value, gradient;               // of the first output or of the tensor: "9", "[1, 2]", "|9.2|"; or empty
  std::vector<std::string> shares;           // what the operation adds to the gradient of each; or empty
};
std::vector<TapeVertex> graph_of(const Tape& tape, const Tensor& loss = {});

}  // namespace heed
