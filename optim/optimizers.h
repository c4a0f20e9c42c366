// The optimizers by name: what --optimizer chooses from. One of your own (optimizer.h shows how) becomes a
// choice of every program by a line in optimizers.cpp, where the table is.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "autograd/base/choice.h"
#include "optim/optimizer.h"

namespace heed {

// Gives the optimizer its usual learning rate.
using OptimizerChoice = Choice<std::unique_ptr<Optimizer> (*)(const Parameters&, double weight_decay)>;
extern const std::span<const OptimizerChoice> optimizers;

// By name, with its usual rate if `learning_rate` is 0. Throws, with all names, if there is none of that name.
std::unique_ptr<Optimizer> make_optimizer(std::string_view name, const Parameters& parameters,
                                          double learning_rate = 0, double weight_decay = 0);

}  // namespace heed
