// The optimizers by name: what --optimizer chooses from. One of your own (optimizer.h shows how) becomes a
// choice of every program by a line here.
#pragma once

#include <memory>

#include "autograd/base/choice.h"
#include "optim/gradient_descent.h"

namespace heed {

struct OptimizerOptions {
  double learning_rate = 0;  // 0: the usual one, which the table has
  double weight_decay = 0;

  double rate_or(double usual) const { return learning_rate > 0 ? learning_rate : usual; }
};

using MakeOptimizer = std::unique_ptr<Optimizer> (*)(const Parameters&, const OptimizerOptions&);

// An optimizer whose options hold a weight decay, with its usual rate.
template <class Rule, class Options>
std::unique_ptr<Optimizer> make_optimizer(const Parameters& parameters, const OptimizerOptions& chosen,
                                          double usual_rate, Options options) {
  options.weight_decay = chosen.weight_decay;
  return std::make_unique<Rule>(parameters, chosen.rate_or(usual_rate), options);
}

inline constexpr Choice<MakeOptimizer> optimizers[] = {
    {"sgd", "stochastic gradient descent, p -= r g; usual rate 1",
     [](const Parameters& p, const OptimizerOptions& o) {
       return make_optimizer<Sgd>(p, o, 1.0, SgdOptions{});
     }},
    {"momentum", "Polyak 1964, 0.9 of the last step again; usual rate 0.1",
     [](const Parameters& p, const OptimizerOptions& o) {
       return make_optimizer<Sgd>(p, o, 0.1, SgdOptions{.momentum = 0.9});
     }},
    {"nesterov", "the same, the gradient taken ahead; usual rate 0.1",
     [](const Parameters& p, const OptimizerOptions& o) {
       return make_optimizer<Sgd>(p, o, 0.1, SgdOptions{.momentum = 0.9, .nesterov = true});
     }},
    {"adagrad", "Duchi 2011, steps shrink with all gradients so far; usual rate 0.01",
     [](const Parameters& p, const OptimizerOptions& o) {
       return make_optimizer<Adagrad>(p, o, 0.01, AdagradOptions{});
     }},
    {"adadelta", "Zeiler 2012, steps in the units of the parameter; usual rate 1",
     [](const Parameters& p, const OptimizerOptions& o) {
       return make_optimizer<Adadelta>(p, o, 1.0, AdadeltaOptions{});
     }},
    {"rmsprop", "Hinton 2012, over the running root mean square; usual rate 0.001",
     [](const Parameters& p, const OptimizerOptions& o) {
       return make_optimizer<RmsProp>(p, o, 1e-3, RmsPropOptions{});
     }},
    {"adam", "Kingma 2015, running mean over running root mean square; usual rate 0.001",
     [](const Parameters& p, const OptimizerOptions& o) {
       return make_optimizer<Adam>(p, o, 1e-3, AdamOptions{});
     }},
    {"adamw", "Adam with weight decay apart from the gradient; usual rate 0.001",
     [](const Parameters& p, const OptimizerOptions& o) {
       return make_optimizer<AdamW>(p, o, 1e-3, AdamOptions{});
     }},
};

}  // namespace heed
