// Seeing a tape: as a table for the terminal, as Graphviz text, as a picture.
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
#pragma once

#include <string>

#include "autograd/tape/tape.h"

namespace heed {

// One line for each recorded operation: number, name, what it made, what from, and at which time step.
std::string print(const Tape& tape);

// Graphviz text (dot -Tsvg): operations as ellipses, parameters as boxes, edges from the inputs downwards.
// Edges carry the shape that flows along them.
std::string to_dot(const Tape& tape);

// A picture of up to 300 operations, drawn in layers: each operation stands below all that it was computed
// from. Throws for longer tapes, which to_dot() and Graphviz lay out better.
std::string to_svg(const Tape& tape);

}  // namespace heed
