#include "optim/gradient_descent.h"

#include <cmath>
#include <limits>

namespace heed {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr double kBelowOne = 1 - 1e-12;  // averages that forget nothing would divide by zero

using Names = std::vector<std::string>;

Names rms_prop_names(const RmsPropOptions& options) {
  Names names{"square_avg"};
  if (options.centered) names.push_back("grad_avg");
  if (options.momentum > 0) names.push_back("momentum_buffer");
  return names;
}

}  // namespace

// --- SGD

Sgd::Sgd(const Parameters& parameters, double learning_rate, SgdOptions options)
    : Optimizer(parameters, learning_rate, options.momentum != 0 ? Names{"momentum_buffer"} : Names{}),
      options_(options) {
  check_option("Sgd", "momentum", options.momentum, 0, kUnbounded);
  check_option("Sgd", "dampening", options.dampening, 0, 1);
  check_option("Sgd", "weight_decay", options.weight_decay, 0, kUnbounded);
  if (options.nesterov && (options.momentum == 0 || options.dampening != 0))
    throw Error("Sgd: nesterov wants momentum and no dampening, got momentum {} and dampening {}", options.momentum,
                options.dampening);
}

void Sgd::update() {
  const double r = learning_rate, w = options_.weight_decay, momentum = options_.momentum;
  if (momentum == 0) return each([=](auto& p, auto g) { p = p - r * (g + w * p); });
  const double keep = steps() == 1 ? 0 : momentum;
  const double take = steps() == 1 ? 1 : 1 - options_.dampening;
  const bool nesterov = options_.nesterov;
  each([=](auto& p, auto g, auto& b) {
    g = g + w * p;
    b = keep * b + take * g;
    p = p - r * (nesterov ? g + momentum * b : b);
  });
}

// --- Adagrad

Adagrad::Adagrad(const Parameters& parameters, double learning_rate, AdagradOptions options)
    : Optimizer(parameters, learning_rate, {"sum"}, options.initial_accumulator), options_(options) {
  check_option("Adagrad", "rate_decay", options.rate_decay, 0, kUnbounded);
  check_option("Adagrad", "weight_decay", options.weight_decay, 0, kUnbounded);
  check_option("Adagrad", "initial_accumulator", options.initial_accumulator, 0, kUnbounded);
  check_option("Adagrad", "eps", options.eps, 0, kUnbounded, true);
}

void Adagrad::update() {
  const double w = options_.weight_decay, eps = options_.eps;
  const double r = learning_rate / (1 + static_cast<double>(steps() - 1) * options_.rate_decay);
  each([=](auto& p, auto g, auto& s) {
    g = g + w * p;
    s = s + g * g;
    p = p - r * g / (sqrt(s) + eps);
  });
}

// --- Adadelta

Adadelta::Adadelta(const Parameters& parameters, double learning_rate, AdadeltaOptions options)
    : Optimizer(parameters, learning_rate, {"square_avg", "acc_delta"}), options_(options) {
  check_option("Adadelta", "rho", options.rho, 0, 1);
  check_option("Adadelta", "eps", options.eps, 0, kUnbounded, true);
  check_option("Adadelta", "weight_decay", options.weight_decay, 0, kUnbounded);
}

void Adadelta::update() {
  const double r = learning_rate, w = options_.weight_decay, rho = options_.rho, eps = options_.eps;
  each([=](auto& p, auto g, auto& s, auto& a) {
    g = g + w * p;
    s = rho * s + (1 - rho) * g * g;
    const auto d = sqrt((a + eps) / (s + eps)) * g;
    a = rho * a + (1 - rho) * d * d;
    p = p - r * d;
  });
}

// --- RMSProp

RmsProp::RmsProp(const Parameters& parameters, double learning_rate, RmsPropOptions options)
    : Optimizer(parameters, learning_rate, rms_prop_names(options)), options_(options) {
  check_option("RmsProp", "alpha", options.alpha, 0, kBelowOne);
  check_option("RmsProp", "eps", options.eps, 0, kUnbounded, true);
  check_option("RmsProp", "momentum", options.momentum, 0, kUnbounded);
  check_option("RmsProp", "weight_decay", options.weight_decay, 0, kUnbounded);
}

void RmsProp::update() {
  const double r = learning_rate, w = options_.weight_decay, alpha = options_.alpha, eps = options_.eps;
  const double momentum = options_.momentum;
  // The part that all four kinds share: g' and its running mean of squares.
  const auto squares = [=](auto& p, auto& g, auto& s) {
    g = g + w * p;
    s = alpha * s + (1 - alpha) * g * g;
  };
  // s - m^2 is a variance, but rounding can take it below zero.
  const auto deviation = [=](auto g, auto s, auto& m) {
    m = alpha * m + (1 - alpha) * g;
    return sqrt(maximum(s - m * m, 0)) + eps;
  };
  if (!options_.centered && momentum == 0)
    return each([=](auto& p, auto g, auto& s) {
      squares(p, g, s);
      p = p - r * g / (sqrt(s) + eps);
    });
  if (!options_.centered)
    return each([=](auto& p, auto g, auto& s, auto& b) {
      squares(p, g, s);
      b = momentum * b + g / (sqrt(s) + eps);
      p = p - r * b;
    });
  if (momentum == 0)
    return each([=](auto& p, auto g, auto& s, auto& m) {
      squares(p, g, s);
      p = p - r * g / deviation(g, s, m);
    });
  each([=](auto& p, auto g, auto& s, auto& m, auto& b) {
    squares(p, g, s);
    b = momentum * b + g / deviation(g, s, m);
    p = p - r * b;
  });
}

// --- Adam and AdamW

Adam::Adam(const Parameters& parameters, double learning_rate, AdamOptions options)
    : Optimizer(parameters, learning_rate,
                options.amsgrad ? Names{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"} : Names{"exp_avg", "exp_avg_sq"}),
      options_(options) {
  check_option("Adam", "beta1", options.beta1, 0, kBelowOne);
  check_option("Adam", "beta2", options.beta2, 0, kBelowOne);
  check_option("Adam", "eps", options.eps, 0, kUnbounded, true);
  check_option("Adam", "weight_decay", options.weight_decay, 0, kUnbounded);
}

void Adam::update() { update(options_.weight_decay, 1); }

void Adam::update(double pull, double shrink) {
  const double t = static_cast<double>(steps());
  const double beta1 = options_.beta1, beta2 = options_.beta2, eps = options_.eps;
  // Both moments start at zero; dividing by 1 - beta^t makes up for it. For the second it is taken
  // out of the root.
  const double r = learning_rate / (1 - std::pow(beta1, t));
  const double unbias = 1 / std::sqrt(1 - std::pow(beta2, t));
  const auto moments = [=](auto& p, auto g, auto& m, auto& v) {
    g = g + pull * p;
    p = shrink * p;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
  };
  if (!options_.amsgrad)
    return each([=](auto& p, auto g, auto& m, auto& v) {
      moments(p, g, m, v);
      p = p - r * m / (unbias * sqrt(v) + eps);
    });
  each([=](auto& p, auto g, auto& m, auto& v, auto& largest) {
    moments(p, g, m, v);
    largest = maximum(largest, v);
    p = p - r * m / (unbias * sqrt(largest) + eps);
  });
}

AdamW::AdamW(const Parameters& parameters, double learning_rate, AdamWOptions o)
    : Adam(parameters, learning_rate, {o.beta1, o.beta2, o.eps, o.weight_decay, o.amsgrad}) {}

void AdamW::update() { Adam::update(0, 1 - learning_rate * options_.weight_decay); }

}  // namespace heed
