// What training and reading with hard attention choose from, each with its names and a line of help.
#pragma once

#include "autograd/base/choice.h"

namespace heed::support {

// How a trained model reads what it attends to. With latent attention, read by `argmax` state and word both see one
// annotation; by `place` that is left to the word, whose place is the model's only hidden variable.
enum class Reading { expectation, argmax, place, sample };
inline constexpr Choice<Reading> readings[] = {
    {"expectation", "sum_i alpha_i a_i", Reading::expectation},
    {"argmax", "the annotation of the largest alpha_i", Reading::argmax},
    {"place", "latent: the word is written from that of the largest alpha_i, the state sees the expectation",
     Reading::place},
    {"sample", "that of a place drawn from alpha", Reading::sample},
};

// Who may get the expectation in place of a drawn annotation while hard attention is trained. (A picture is whatever
// several texts may be about: a translator has sources.)
enum class Expectation { picture, batch, none };
inline constexpr Choice<Expectation> expectations[] = {
    {"picture", "each picture, as the paper says", Expectation::picture},
    {"batch", "a whole minibatch, as the released code does", Expectation::batch},
    {"none", "nobody: all places are drawn", Expectation::none},
};

// What the log-probabilities of a caption's words earn the places that were drawn.
enum class Reward { sum, mean, future };
inline constexpr Choice<Reward> rewards[] = {
    {"sum", "their sum, the paper's", Reward::sum},
    {"mean", "their mean, the released code's", Reward::mean},
    {"future", "the mean, of the words from the place's own on: the same with less variance", Reward::future},
};

}  // namespace heed::support
