// Layers of recurrent cells over whole sequences: one or several layers, one or both directions.
//
//     Recurrent<GruChoCell> encoder(620, 1000, {.bidirectional = true}, rng);
//     RecurrentOutput out = encoder(pack(embedded, lengths));
//     Tensor annotations = unpack(out.outputs);  // [S, B, 2H]: [forward; backward], Bahdanau et al. (7)
//
// A layer first projects all its inputs in one matrix product, then goes through time. Rows are ordered by
// length (packed.h), so at step t only the sentences that still go on are computed; a sentence that ends
// leaves its state behind. The backward direction runs through the steps from the last to the first: each
// sentence joins at its own last word. The next layer reads [forward; backward].
#pragma once

#include <functional>

#include "nn/recurrent/cell.h"
#include "nn/recurrent/packed.h"

namespace heed {

struct RecurrentShape {
  int layers = 1;
  bool bidirectional = false;
  bool bias = true;
};

struct RecurrentOptions {
  // Applied to the rows [N, D*H] between two layers, with the number of the layer below: dropout, for instance.
  std::function<Tensor(const Tensor& rows, int layer)> between;
  // Truncated back-propagation through time: before every `chunk` steps the carried state becomes a constant. 0: never.
  int64_t chunk = 0;
};

struct RecurrentOutput {
  Packed outputs;  // the top layer's h at every word: [N, D*H], D = 2 with both directions, else 1
  // [L*D, B, H], row l*D + d: layer l, direction d, after its last step, in the batch's own order.
  State last;
};

namespace detail {

// A cell as the loop over time sees it, whatever its type.
struct CellView {
  std::function<Tensor(const Tensor& x)> project;
  std::function<State(const Tensor& projected, const State& state)> step;
  int64_t hidden;
  bool has_memory;
};
template <class Cell>
CellView view_of(const Cell& cell) {
  return {[&cell](const Tensor& x) { return cell.project(x); },
          [&cell](const Tensor& projected, const State& state) { return cell.step(projected, state); },
          cell.hidden_size(), has_memory(cell)};
}
void check_layers(int64_t layers, int64_t input, int64_t hidden);  // throws unless all are at least 1
RecurrentOutput run_layers(const std::vector<CellView>& forward, const std::vector<CellView>& backward,
                           const Packed& x, const State& initial, const RecurrentOptions& options);

}  // namespace detail

template <class Cell>
struct Recurrent {
  std::vector<Cell> forward;   // one per layer
  std::vector<Cell> backward;  // one per layer, or empty

  Recurrent() = default;
  Recurrent(int64_t input, int64_t hidden, const RecurrentShape& shape, Rng& rng)
      : Recurrent(input, hidden, shape, rng,
                  [](int64_t in, int64_t out, Rng& random, bool bias) { return Cell(in, out, random, bias); }) {}
  // make(input, hidden, rng, bias) gives a cell.
  template <class Make>
  Recurrent(int64_t input, int64_t hidden, const RecurrentShape& shape, Rng& rng, Make make) {
    detail::check_layers(shape.layers, input, hidden);
    const int64_t width = shape.bidirectional ? 2 * hidden : hidden;
    for (int layer = 0; layer < shape.layers; ++layer) {
      const int64_t below = layer == 0 ? input : width;
      forward.push_back(make(below, hidden, rng, shape.bias));
      if (shape.bidirectional) backward.push_back(make(below, hidden, rng, shape.bias));
    }
  }

  // x: rows [N, I]. `initial` [L*D, B, H], undefined means zeros. A sentence of length 0 keeps its initial state.
  RecurrentOutput operator()(const Packed& x, const State& initial = {}, const RecurrentOptions& options = {}) const {
    return detail::run_layers(views_of(forward), views_of(backward), x, initial, options);
  }

  void parts(auto& visit) {
    visit("forward", forward);
    visit("backward", backward);
  }

 private:
  static std::vector<detail::CellView> views_of(const std::vector<Cell>& cells) {
    std::vector<detail::CellView> views;
    for (const Cell& cell : cells) views.push_back(detail::view_of(cell));
    return views;
  }
};

}  // namespace heed
