// What the answers to chapter 3 are made of.
#pragma once

#include <cmath>
#include <vector>

namespace heed::book::pullbacks {

using Numbers = std::vector<double>;  // of a table row by row

}  // namespace heed::book::pullbacks
