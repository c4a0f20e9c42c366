// The recurrent cells that a program may choose by name.
#pragma once

#include "nn/recurrent/any_cell.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/rnn.h"

namespace heed {

// What --cell may be.
inline constexpr CellChoice recurrent_cells[] = {
    {"gru", "gated unit as published, the reset gate before the product (Cho et al.)", make_cell<GruChoCell>},
    {"gru-torch", "gated unit of cuDNN and PyTorch, the reset gate after the product", make_cell<GruCell>},
    {"lstm", "long short-term memory (Hochreiter and Schmidhuber)", make_cell<LstmCell>},
    {"rnn", "plain, without gates (Elman)", make_cell<RnnCell>},
};

}  // namespace heed
