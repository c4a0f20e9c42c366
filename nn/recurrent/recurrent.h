// Layers of recurrent cells over whole sequences: one or several layers, one or both directions.
//
//     Recurrent<GruChoCell> encoder(620, 1000, {.bidirectional = true}, rng);
//     Recurrent<GruChoCell>::Output out = encoder(pack(embedded, lengths));
//     Tensor annotations = unpack(out.rows);    // [S, B, 2H]: [forward; backward], Bahdanau et al. eq. (7)
//
// A layer first projects all its inputs in one matrix product, then goes through time. Rows are ordered by
// length (packed.h), so at step t only the sentences that still go on are computed; a sentence that ends
// leaves its state behind. The backward direction runs through the steps from the last to the first: each
// sentence joins at its own last word. The next layer reads [forward; backward].
#pragma once

#include <functional>

#include "nn/recurrent/gru.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/packed.h"
#include "nn/recurrent/rnn.h"

namespace heed {

struct RecurrentShape {
  int layers = 1;
  bool bidirectional = false;
  bool bias = true;
};

template <class Cell>
struct Recurrent {
  std::vector<Cell> forward;   // one per layer
  std::vector<Cell> backward;  // one per layer, or empty

  struct Options {
    // Applied to the rows [N, D*H] between two layers, with the number of the layer
    // below: dropout, for instance.
    std::function<Tensor(const Tensor& rows, int layer)> between;
    // Truncated back-propagation through time: before every `chunk` steps the carried state becomes a
    // constant. 0: never.
    int64_t chunk = 0;
  };
  struct Output {
    Packed rows;  // the top layer's h at every word: [N, D*H], D = 2 with both directions, else 1
    State last;   // [L*D, B, H], row l*D + d: layer l, direction d, after its last step, in the batch's own
                  // order
  };

  Recurrent() = default;
  Recurrent(int64_t input, int64_t hidden, const RecurrentShape& shape, Rng& rng);

  // x: rows [N, I]. `initial` [L*D, B, H], undefined means zeros. A sentence of length 0
  // keeps its initial state.
  Output operator()(const Packed& x, const State& initial = {}, const Options& options = {}) const;

  void parts(auto& visit) {
    visit("forward", forward);
    visit("backward", backward);
  }
};

extern template struct Recurrent<RnnCell>;
extern template struct Recurrent<LstmCell>;
extern template struct Recurrent<GruCell>;
extern template struct Recurrent<GruChoCell>;

}  // namespace heed
