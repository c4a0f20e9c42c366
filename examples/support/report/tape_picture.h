// A tape as a picture (autograd/check/print.h has it as text).
#pragma once

#include <string>

#include "autograd/tape/tape.h"

namespace heed::support {

// Values stand on it if the tape was made with Tape({.watch = true}), gradients if the loss is named (print.h).
//
// SVG of up to 300 operations, drawn in layers: each operation stands below all that it was computed from. Throws for
// longer tapes, which to_dot() and Graphviz lay out better.
std::string to_svg(const Tape& tape, const Tensor& loss = {});

}  // namespace heed::support
