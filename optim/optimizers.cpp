#include "optim/optimizers.h"

#include "optim/gradient_descent.h"

namespace heed {
namespace {

template <class Rule, class Options>
std::unique_ptr<Optimizer> make_rule(const Parameters& parameters, double usual_rate, const Options& options) {
  return std::make_unique<Rule>(parameters, usual_rate, options);
}

constexpr OptimizerChoice kOptimizers[] = {
    {"sgd", "stochastic gradient descent, p -= r g; usual rate 1",
     [](const Parameters& p, double decay) { return make_rule<Sgd>(p, 1.0, SgdOptions{.weight_decay = decay}); }},
    {"momentum", "Polyak 1964, 0.9 of the last step again; usual rate 0.1",
     [](const Parameters& p, double decay) {
       return make_rule<Sgd>(p, 0.1, SgdOptions{.momentum = 0.9, .weight_decay = decay});
     }},
    {"nesterov", "the same, the gradient taken ahead; usual rate 0.1",
     [](const Parameters& p, double decay) {
       return make_rule<Sgd>(p, 0.1, SgdOptions{.momentum = 0.9, .weight_decay = decay, .nesterov = true});
     }},
    {"adagrad", "Duchi 2011, steps shrink with all gradients so far; usual rate 0.01",
     [](const Parameters& p, double decay) {
       return make_rule<Adagrad>(p, 0.01, AdagradOptions{.weight_decay = decay});
     }},
    {"adadelta", "Zeiler 2012, steps in the units of the parameter; usual rate 1",
     [](const Parameters& p, double decay) {
       return make_rule<Adadelta>(p, 1.0, AdadeltaOptions{.weight_decay = decay});
     }},
    {"rmsprop", "Hinton 2012, over the running root mean square; usual rate 0.001",
     [](const Parameters& p, double decay) {
       return make_rule<RmsProp>(p, 1e-3, RmsPropOptions{.weight_decay = decay});
     }},
    {"adam", "Kingma 2015, running mean over running root mean square; usual rate 0.001",
     [](const Parameters& p, double decay) { return make_rule<Adam>(p, 1e-3, AdamOptions{.weight_decay = decay}); }},
    {"adamw", "Adam with weight decay apart from the gradient; usual rate 0.001",
     [](const Parameters& p, double decay) {
       return make_rule<AdamW>(p, 1e-3, AdamWOptions{.weight_decay = decay});
     }},
};

}  // namespace

constinit const std::span<const OptimizerChoice> optimizers = kOptimizers;

std::unique_ptr<Optimizer> make_optimizer(std::string_view name, const Parameters& parameters, double learning_rate,
                                          double weight_decay) {
  std::unique_ptr<Optimizer> optimizer = choose(optimizers, "optimizer", name).make(parameters, weight_decay);
  if (learning_rate > 0) optimizer->learning_rate = learning_rate;
  return optimizer;
}

}  // namespace heed
