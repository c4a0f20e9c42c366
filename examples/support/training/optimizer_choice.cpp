#include "examples/support/training/training.h"
#include "optim/gradient_descent.h"

namespace heed::support {

std::vector<std::string> optimizer_names() {
  return {"sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw"};
}

std::unique_ptr<Optimizer> make_optimizer(const std::string& name, const Parameters& parameters, double rate,
                                          double weight_decay) {
  const auto or_usual = [rate](double usual) { return rate > 0 ? rate : usual; };
  const double w = weight_decay;
  if (name == "sgd") return std::make_unique<Sgd>(parameters, or_usual(1.0), SgdOptions{.weight_decay = w});
  if (name == "momentum")
    return std::make_unique<Sgd>(parameters, or_usual(0.1), SgdOptions{.momentum = 0.9, .weight_decay = w});
  if (name == "nesterov")
    return std::make_unique<Sgd>(parameters, or_usual(0.1),
                                 SgdOptions{.momentum = 0.9, .weight_decay = w, .nesterov = true});
  if (name == "adagrad")
    return std::make_unique<Adagrad>(parameters, or_usual(0.01), AdagradOptions{.weight_decay = w});
  if (name == "adadelta")
    return std::make_unique<Adadelta>(parameters, or_usual(1.0), AdadeltaOptions{.weight_decay = w});
  if (name == "rmsprop")
    return std::make_unique<RmsProp>(parameters, or_usual(1e-3), RmsPropOptions{.weight_decay = w});
  if (name == "adam")
    return std::make_unique<Adam>(parameters, or_usual(1e-3), AdamOptions{.weight_decay = w});
  if (name == "adamw")
    return std::make_unique<AdamW>(parameters, or_usual(1e-3), AdamOptions{.weight_decay = w});
  throw Error("there is no optimizer '{}'", name);
}

}  // namespace heed::support
