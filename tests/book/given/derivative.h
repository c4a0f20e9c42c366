// What an answer to chapter 1 is made of.
#pragma once

#include <cmath>
#include <string>
#include <vector>

namespace heed::book::derivative {

// What the tape has of one operation: its name, its value, and the gradient of y by it.
struct Line {
  std::string name;
  double value, gradient;
};

}  // namespace heed::book::derivative
