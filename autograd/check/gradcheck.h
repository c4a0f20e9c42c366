// Gradient checking: does the backward pass compute the derivative of the forward pass?
//
// A derivative can be measured by moving an input a little. The five-point stencil
//
//     f'(x) = (f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / 12h + O(h^4)
//
// is exact to nine digits in double precision with h near 1e-3 (the two-point one only to six), so a
// tolerance of 1e-7 neither cries wolf nor misses a derivative that is wrong in the sixth digit. Choose
// inputs away from kinks: the stencil reaches 2h to both sides.
//
//     const auto cube = [](const std::vector<Tensor>& x) { return x[0] * x[0] * x[0]; };
//     GradcheckReport report = gradcheck("cube", cube, {x});
//     if (!report.passed()) std::puts(report.text().c_str());
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "autograd/base/tensor.h"
#include "autograd/tape/parameters.h"

namespace heed {

struct GradcheckOptions {
  double step = 1.0 / 1024;  // h: a power of two, so that x + h is exact
  // |got - expected| <= absolute + relative max(|got|, |expected|) + rounding, where rounding is what a difference of
  // so large numbers over so small a step may lose. Where it might hide a thousandth of the derivative, the check
  // fails, and says that its step cannot tell.
  double absolute = 1e-10;
  double relative = 1e-7;
  bool second_order = false;  // also check the gradient of the gradient
  int directions = 4;         // gradcheck_model: random directions over all parameters
  uint64_t seed = 1;          // of the upstream gradients and directions
};

struct GradcheckReport {
  struct Failure {
    std::string where;              // the input and the index in it, or the parameter's path
    double got, expected, allowed;  // by the backward pass, by the stencil, and how far apart they may be
  };
  std::string name;
  int64_t checked = 0;  // derivatives compared
  double worst = 0;     // the largest |got - expected| / allowed
  std::vector<Failure> failures;

  bool passed() const { return failures.empty() && checked > 0; }
  std::string text() const;  // one line if passed, else the worst failures
};

using GradcheckFunction = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;

// Checks the derivatives of every element of every output by every element of every f64 input, the outputs
// weighted with fixed random numbers. i64 inputs are constants. f computes with recorded operations from the
// inputs it is given and must give the same each time, or the check fails and says so; it is run under a tape of
// its own, also where one is alive. With `second_order` it is also run under two nested tapes, and the gradient of its
// gradient, by the inputs and by the upstream gradients, is compared with the stencil of its gradient.
GradcheckReport gradcheck_outputs(const std::string& name, const GradcheckFunction& f,
                                  const std::vector<Tensor>& inputs, const GradcheckOptions& options = {});

// The same for a function that returns one Tensor or a vector or array of them.
template <class F>
GradcheckReport gradcheck(const std::string& name, F f, const std::vector<Tensor>& inputs,
                          const GradcheckOptions& options = {}) {
  const auto wrapped = [f](const std::vector<Tensor>& x) -> std::vector<Tensor> {
    auto outputs = f(x);
    if constexpr (std::is_convertible_v<decltype(outputs), Tensor>) return {outputs};
    else return {outputs.begin(), outputs.end()};
  };
  return gradcheck_outputs(name, wrapped, inputs, options);
}

// Checks a whole model: the slope of the loss along random directions through all parameters, then along one
// direction through each parameter alone, so that a failure names its path. The parameters (f64) are moved in
// place and put back. The loss must give the same number each time; if it does not (dropout, sampling: start
// from the same Rng), that is reported.
GradcheckReport gradcheck_model(const std::string& name, const std::function<Tensor()>& loss, Parameters& parameters,
                                const GradcheckOptions& options = {});

}  // namespace heed
