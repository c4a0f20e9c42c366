// The optimizers, each one formula for one number p with gradient g; see optimizer.h. t counts steps from 1,
// r is the learning rate, g' = g + weight_decay p. A parameter that the loss did not depend on has the gradient 0
// and is treated like any other: momentum carries it on, decay shrinks it. Parameters of a part of the model
// (parameters.h) leave the rest alone. Defaults and order of operations are the usual ones.
#pragma once

#include "optim/optimizer.h"

namespace heed {

// Stochastic gradient descent, with momentum (Polyak 1964) or Nesterov's (in the form of
// Sutskever et al. 2013).
//     b = momentum b + (1 - dampening) g'        (b = g' at the first step)
//     p -= r b                              nesterov: p -= r (g' + momentum b)
// Without momentum p -= r g'.
struct SgdOptions {
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;  // wants momentum and no dampening
};
class Sgd : public Optimizer {
 public:
  explicit Sgd(const Parameters& parameters, double learning_rate = 0.01, SgdOptions options = {});

 private:
  void update() override;
  SgdOptions options_;
};

// Duchi, Hazan, Singer 2011: each number's steps shrink with the squares of all its gradients so far.
//     s += g'^2,   p -= r / (1 + (t-1) rate_decay) g' / (sqrt(s) + eps)
struct AdagradOptions {
  double rate_decay = 0;
  double weight_decay = 0;
  double initial_accumulator = 0;
  double eps = 1e-10;
};
class Adagrad : public Optimizer {
 public:
  explicit Adagrad(const Parameters& parameters, double learning_rate = 0.01, AdagradOptions options = {});

 private:
  void update() override;
  AdagradOptions options_;
};

// Zeiler 2012, algorithm 1: steps in the units of the parameter, from running means of squares.
//     s = rho s + (1-rho) g'^2,   d = sqrt(a + eps) / sqrt(s + eps) g',   a = rho a + (1-rho) d^2,   p -= r d
// Bahdanau et al. B.2 train RNNsearch with rho 0.95 and eps 1e-6, which are the defaults.
struct AdadeltaOptions {
  double rho = 0.95;
  double eps = 1e-6;
  double weight_decay = 0;
};
class Adadelta : public Optimizer {
 public:
  explicit Adadelta(const Parameters& parameters, double learning_rate = 1, AdadeltaOptions options = {});

 private:
  void update() override;
  AdadeltaOptions options_;
};

// Tieleman and Hinton 2012 (lecture 6.5); centered as in Graves 2013 (38-42).
//     s = alpha s + (1-alpha) g'^2,   v = s;   centered: m = alpha m + (1-alpha) g', v = s - m^2
//     d = g' / (sqrt(v) + eps),   p -= r d;   with momentum: b = momentum b + d, p -= r b
struct RmsPropOptions {
  double alpha = 0.99;
  double eps = 1e-8;
  double momentum = 0;
  double weight_decay = 0;
  bool centered = false;
};
class RmsProp : public Optimizer {
 public:
  explicit RmsProp(const Parameters& parameters, double learning_rate = 0.01, RmsPropOptions options = {});

 private:
  void update() override;
  RmsPropOptions options_;
};

// Kingma and Ba 2015, algorithm 1; amsgrad: Reddi, Kale, Kumar 2018.
//     m = beta1 m + (1-beta1) g',   v = beta2 v + (1-beta2) g'^2,   V = v;   amsgrad: V = max(V, v)
//     p -= r m/(1-beta1^t) / (sqrt(V/(1-beta2^t)) + eps)
struct AdamOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
  bool amsgrad = false;
};
class Adam : public Optimizer {
 public:
  explicit Adam(const Parameters& parameters, double learning_rate = 1e-3, AdamOptions options = {});

 protected:
  void update() override;
  void update(double pull, double shrink);  // g' = g + pull p, after p *= shrink
  AdamOptions options_;
};

// Loshchilov and Hutter 2019: weight decay apart from the gradient. First p *= 1 - r weight_decay, then Adam
// with g' = g.
struct AdamWOptions {  // Adam's, with another decay
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0.01;
  bool amsgrad = false;
};
class AdamW : public Adam {
 public:
  explicit AdamW(const Parameters& parameters, double learning_rate = 1e-3, AdamWOptions options = {});

 private:
  void update() override;
};

}  // namespace heed
