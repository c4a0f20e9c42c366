// What the answers to chapter 4 are asked about.
#pragma once

#include <cmath>

#include "autograd/autograd.h"

namespace heed::book::stencil {

using Operation = Tensor (*)(const Tensor& x);  // of any shape -> of the same
using Function = double (*)(double x);

}  // namespace heed::book::stencil
