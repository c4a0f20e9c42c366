// lion.h: Lion (Chen et al. 2023, algorithm 2). Every number moves by the learning rate r, or by decay alone:
//
//     p -= r (sign(beta1 m + (1 - beta1) g) + weight_decay p)
//     m = beta2 m + (1 - beta2) g
#pragma once

#include "optim/optimizer.h"

namespace heed {

class Lion : public Optimizer {
 public:
  explicit Lion(const Parameters& parameters, double learning_rate = 1e-4, double weight_decay = 0)
      : Optimizer(parameters, learning_rate, {"momentum"}), weight_decay_(weight_decay) {}

 private:
  void update() override {
    each([r = learning_rate, decay = weight_decay_](auto& p, auto g, auto& m) {
      const auto ahead = 0.9 * m + 0.1 * g;  // beta1 = 0.9
      p = p - r * (where(ahead > 0, 1, where(ahead < 0, -1, 0)) + decay * p);
      m = 0.99 * m + 0.01 * g;  // beta2 = 0.99
    });
  }
  double weight_decay_;
};

}  // namespace heed
