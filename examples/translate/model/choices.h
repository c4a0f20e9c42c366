// What the settings of a translator choose from, each with its names and a line of help.
#pragma once

#include "autograd/base/choice.h"

namespace heed::translate {

enum class ModelKind { attention, fixed };
inline constexpr Choice<ModelKind> model_kinds[] = {
    {"attention", "RNNsearch: for each target word a context of its own", ModelKind::attention},
    {"fixed", "the plain encoder-decoder: one context, the encoder's last state", ModelKind::fixed},
};

// Which state the attention and the readout of word i see.
enum class Variant { paper, groundhog };
inline constexpr Choice<Variant> variants[] = {
    {"paper", "s_{i-1}, computed from y_{i-2}: the appendix read literally", Variant::paper},
    {"groundhog", "a state that has seen y_{i-1}: what the authors' code computes", Variant::groundhog},
};

enum class Init { uniform, paper };
inline constexpr Choice<Init> inits[] = {
    {"uniform", "within 1 / sqrt(size), as in PyTorch", Init::uniform},
    {"paper", "appendix B.1: recurrent matrices orthogonal, others N(0, 0.01^2)", Init::paper},
};

}  // namespace heed::translate
