// The recurrent cells of the library made from a case's parameters, which carry a suffix for the layer.
#pragma once

#include "autograd/views/joins.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/recurrent.h"
#include "nn/recurrent/rnn.h"
#include "tests/parity/parity.h"

namespace heed::parity {

// weight_ih, weight_hh, bias_ih, bias_hh, each with the suffix.
template <class Cell>
Cell make_cell(const Case& c, const std::string& suffix) {
  Cell cell;
  cell.weight_ih = c["weight_ih" + suffix];
  cell.weight_hh = c["weight_hh" + suffix];
  cell.bias_ih = c.maybe("bias_ih" + suffix);
  cell.bias_hh = c.maybe("bias_hh" + suffix);
  return cell;
}

// w_z, u_z, b_z, .., each with the suffix. The library keeps the three gates in one matrix.
template <>
inline GruChoCell make_cell<GruChoCell>(const Case& c, const std::string& suffix) {
  const auto join = [&](const std::vector<std::string>& names) {
    std::vector<Tensor> parts;
    for (const std::string& name : names) parts.push_back(c[name + suffix]);
    return concat(parts, 0);
  };
  GruChoCell cell;
  cell.weight_ih = join({"w_z", "w_r", "w_h"});
  cell.weight_hh_gates = join({"u_z", "u_r"});
  cell.weight_hh_candidate = c["u_h" + suffix];
  if (c.has("b_z" + suffix)) cell.bias = join({"b_z", "b_r", "b_h"});
  return cell;
}

// All layers: suffixes `part`_l0, `part`_l0_reverse, ..
template <class Cell>
Recurrent<Cell> make_layers(const Case& c, int64_t layers, bool bidirectional, const std::string& part = "") {
  Recurrent<Cell> net;
  for (int64_t layer = 0; layer < layers; ++layer) {
    const std::string suffix = fmt::format("{}_l{}", part, layer);
    net.forward.push_back(make_cell<Cell>(c, suffix));
    if (bidirectional) net.backward.push_back(make_cell<Cell>(c, suffix + "_reverse"));
  }
  return net;
}

}  // namespace heed::parity
