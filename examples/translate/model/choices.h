// What the settings of a translator choose from, each with its names and a line of help.
#pragma once

#include "autograd/base/choice.h"

namespace heed::translate {

enum class ModelKind { attention, fixed };
inline constexpr Choice<ModelKind> model_kinds[] = {
    {"attention", "for each target word a context of its own", ModelKind::attention},
    {"fixed", "the plain encoder-decoder: one context, the encoder's last state", ModelKind::fixed},
};

// How a word is written from what the decoder looks at.
enum class AttentionKind { soft, soft_linear, latent, hard };
inline constexpr Choice<AttentionKind> attention_kinds[] = {
    {"soft", "from all annotations: the context is their expectation", AttentionKind::soft},
    {"soft-linear", "the same, and a matrix of the context is added to what the output reads: the control of latent",
     AttentionKind::soft_linear},
    {"latent", "from one, which nobody draws: the likelihood is summed over places exactly", AttentionKind::latent},
    {"hard", "from one that is drawn; trained by --estimator (Xu et al. 4.1)", AttentionKind::hard},
};

// Whether the decoder looks before its step or after it.
enum class Order { bahdanau, luong };
inline constexpr Choice<Order> orders[] = {
    {"bahdanau", "look with the state of before, then step: s_i = f(s_{i-1}, y_{i-1}, c_i), deep output",
     Order::bahdanau},
    {"luong", "step, then look with the new state: h~ = tanh(W_c [c; h]) is what the output reads", Order::luong},
};

// Of order bahdanau: which state the attention and the readout of word i see.
enum class Variant { paper, groundhog, main_text };
inline constexpr Choice<Variant> variants[] = {
    {"paper", "both s_{i-1}, computed from y_{i-2}: the appendix read literally", Variant::paper},
    {"groundhog", "both a state that has seen y_{i-1}: what the authors' code computes", Variant::groundhog},
    {"main-text", "the attention s_{i-1}, the readout s_i: g(y_{i-1}, s_i, c_i) of section 3.1", Variant::main_text},
};

// Of order bahdanau: what the readout makes of U_o s + V_o E y + C_o c.
enum class ReadoutUnit { maxout, tanh };
inline constexpr Choice<ReadoutUnit> readout_units[] = {
    {"maxout", "the larger of each two numbers (Bahdanau et al. A.2.2)", ReadoutUnit::maxout},
    {"tanh", "the tanh of each", ReadoutUnit::tanh},
};

enum class Init { uniform, paper, luong };
inline constexpr Choice<Init> inits[] = {
    {"uniform", "within 1 / sqrt(size), as in PyTorch", Init::uniform},
    {"paper", "Bahdanau et al. B.1: recurrent matrices orthogonal, others N(0, 0.01^2)", Init::paper},
    {"luong", "all within 0.1 (Luong et al. 4.1)", Init::luong},
};

}  // namespace heed::translate
