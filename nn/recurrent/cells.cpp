#include "nn/recurrent/cells.h"

#include "nn/recurrent/gru.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/rnn.h"

namespace heed {
namespace {

constexpr CellChoice kCells[] = {
    {"gru", "gated unit as published, the reset gate before the product (Cho et al.)", make_cell<GruChoCell>},
    {"gru-torch", "gated unit of cuDNN and PyTorch, the reset gate after the product", make_cell<GruCell>},
    {"lstm", "long short-term memory (Hochreiter and Schmidhuber)", make_cell<LstmCell>},
    {"rnn", "plain, without gates (Elman)", make_cell<RnnCell>},
};

}  // namespace

constinit const std::span<const CellChoice> recurrent_cells = kCells;

}  // namespace heed
