// What the answers to chapter 9 are made of; Linear, kSize and Additive are those of looker.h.
#pragma once

#include <cmath>
#include <vector>

#include "autograd/autograd.h"
#include "examples/first_steps/looker.h"

namespace book_look {

using Numbers = std::vector<double>;  // one for each place

}  // namespace book_look
