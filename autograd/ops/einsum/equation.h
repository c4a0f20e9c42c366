// The equation of an einsum, "ij,jk->ik": a letter for each axis.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

struct Equation {
  std::string text;
  // A character for each axis: the letters as given, and digits for the axes under "...", counted so that the
  // last ones of all operands meet.
  std::vector<std::string> operands;
  std::string result;
  std::array<int64_t, 128> lengths{};  // by character; 1 meets any length, as in all broadcasting

  int64_t length(char axis) const { return lengths[static_cast<size_t>(axis)]; }
};

inline bool has(const std::string& axes, char axis) { return axes.find(axis) != std::string::npos; }

// Throws an Error that quotes the equation and says what in it, or in the operands, does not fit.
Equation read_equation(const std::string& text, const std::vector<Tensor>& operands);

}  // namespace heed
