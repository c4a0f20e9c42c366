// Adapters: recurrent cells and layers.
#include "nn/layers/dropout.h"
#include "tests/parity/adapters/cells.h"

namespace heed::parity {
namespace {

template <class Cell>
Tensors run_cell(const Case& c) {
  const State next = make_cell<Cell>(c, "")(c["x"], {c["h"], c.maybe("c")});
  Tensors out{{"h", next.h}};
  if (next.c) out["c"] = next.c;
  return out;
}

Packed pack_input(const Tensor& x, const Tensor& lengths) { return lengths ? pack(x, lengths.to_ids()) : pack(x); }

template <class Cell>
Tensors run_layers(const Case& c, const Recurrent<Cell>& net, int64_t chunk) {
  const bool turned = c.flag("batch_first");
  const Tensor x = turned ? transpose(c["x"], 0, 1) : c["x"];
  RecurrentOptions options;
  options.chunk = chunk;
  options.between = [&](const Tensor& rows, int layer) {
    const Tensor mask = c.maybe(fmt::format("dropout_mask_l{}", layer));
    return mask ? dropout_with_mask(rows, pack_input(mask, c.maybe("lengths")).rows, c.number("p")) : rows;
  };
  const auto [outputs, last] = net(pack_input(x, c.maybe("lengths")), {c.maybe("h0"), c.maybe("c0")}, options);
  const Tensor y = unpack(outputs, x.size(0));
  Tensors out{{"y", turned ? transpose(y, 0, 1) : y}, {"hn", last.h}};
  if (last.c) out["cn"] = last.c;
  return out;
}

template <class Cell>
Tensors run_sequence(const Case& c) {
  return run_layers(c, make_layers<Cell>(c, c.integer("num_layers"), c.flag("bidirectional")), 0);
}

template <class Cell>
Tensors run_truncated(const Case& c) {
  return run_layers(c, make_layers<Cell>(c, 1, false), c.integer("chunk"));
}

const Registry kRnn = {
    {"rnn_tanh_cell", run_cell<RnnCell>},
    {"lstm_cell", run_cell<LstmCell>},
    {"gru_cell", run_cell<GruCell>},
    {"gru_cell_cho", run_cell<GruChoCell>},
    {"rnn_seq", run_sequence<RnnCell>},
    {"lstm_seq", run_sequence<LstmCell>},
    {"gru_seq", run_sequence<GruCell>},
    {"gru_cho_seq", run_sequence<GruChoCell>},
    {"lstm_seq_tbptt", run_truncated<LstmCell>},
    {"gru_seq_tbptt", run_truncated<GruCell>},
};

}  // namespace

const Registry& rnn_adapters() { return kRnn; }

}  // namespace heed::parity
