// What the settings of a translator choose from, each with its names and a line of help.
#pragma once

#include <cstddef>

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

// The names of what nn/ makes.
inline constexpr Choice<std::nullptr_t> cells[] = {
    {"gru", "Cho et al. 2014, the reset gate before the product", nullptr},
    {"gru-torch", "the reset gate after the product, as in PyTorch", nullptr},
    {"lstm", "Hochreiter and Schmidhuber 1997, with a forget gate", nullptr},
};
inline constexpr Choice<std::nullptr_t> scores[] = {
    {"additive", "v . tanh(W s + U h), Bahdanau 2014", nullptr},
    {"dot", "s . h, Luong 2015", nullptr},
    {"scaled-dot", "s . h / sqrt(size), Vaswani 2017", nullptr},
    {"general", "s . W h, Luong 2015", nullptr},
    {"concat", "v . tanh(W [s; h]), Luong 2015", nullptr},
    {"location", "W s alone, Luong 2015", nullptr},
};
inline constexpr Choice<std::nullptr_t> windows[] = {
    {"global", "all of the source", nullptr},
    {"local-m", "around the position of the target word, Luong 2015", nullptr},
    {"local-p", "around a position that is predicted, Luong 2015", nullptr},
};

}  // namespace heed::translate
