// A tape as a picture (autograd/check/print.h has it as text).
#pragma once

#include <string>

#include "autograd/tape/tape.h"

namespace heed::support {

// SVG of up to 300 operations, drawn in layers: each operation stands below all that it was computed from. Throws for
// longer tapes, which to_dot() and Graphviz lay out better.
std::string to_svg(const Tape& tape);

}  // namespace heed::support
