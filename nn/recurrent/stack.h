// Recurrent cells one above the other, taken step by step, as decoders do.
//
//     Stack decoder(1000, 1000, 4, rng, make_cell<LstmCell>);
//     state = decoder.step(decoder.project(word), state);  // state.h [B, L*H], state.c alike
//     Tensor h = decoder.top(state);                        // [B, H]
//
// Each cell reads the h of the one below. Their states lie side by side in one State, the lowest first, so a stack of
// one is its cell. Recurrent (recurrent.h) takes a whole sequence layer by layer; that pays where no input depends on
// the output before it.
#pragma once

#include <functional>

#include "nn/recurrent/any_cell.h"

namespace heed {

struct Stack {
  std::vector<AnyCell> layers;

  Stack() = default;
  // make(input, hidden, rng, bias) gives a cell (cells.h).
  Stack(int64_t input, int64_t hidden, int64_t count, Rng& rng,
        const std::function<AnyCell(int64_t, int64_t, Rng&, bool)>& make);

  bool has_memory() const { return lowest().has_memory; }
  int64_t hidden_size() const { return lowest().hidden_size(); }  // H, of one layer
  // For the lowest cell: [n, I] -> [n, G*H].
  Tensor project(const Tensor& x) const { return lowest().project(x); }
  // `between` is applied to what a cell reads from the one below: dropout, for instance.
  State step(const Tensor& projected, const State& state,
             const std::function<Tensor(const Tensor&)>& between = {}) const;
  Tensor top(const State& state) const;  // h of the highest cell, [n, H]

  // A lone cell has the names that it has alone; those of several are numbered.
  void parts(auto& visit) {
    if (layers.size() == 1) layers.front().parts(visit);
    else
      for (size_t l = 0; l < layers.size(); ++l) visit(std::to_string(l), layers[l]);
  }

 private:
  const AnyCell& lowest() const {
    if (layers.empty()) throw Error("Stack: it has no layers");
    return layers.front();
  }
};

// The states of layers, lowest first, side by side: [B, H] each -> [B, L*H].
State side_by_side(const std::vector<State>& layers);

}  // namespace heed
