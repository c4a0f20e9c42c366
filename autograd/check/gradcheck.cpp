#include "autograd/check/gradcheck.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "autograd/base/rng.h"
#include "autograd/tape/tape.h"

namespace heed {
namespace {

// Numbers in [-1, 1) for each element of x, the same everywhere and always.
Tensor numbers_like(const Tensor& x, Rng& rng) { return rng.uniform(x.shape(), -1, 1, DType::f64); }

void compare(GradcheckReport& report, const std::string& where, double got, double expected, double magnitude,
             const GradcheckOptions& options) {
  constexpr double roundings = 32;  // of the last place, in all that f computes
  const double size = std::max(std::fabs(got), std::fabs(expected));
  const double rounding = roundings * std::numeric_limits<double>::epsilon() * magnitude / options.step;
  const double allowed = options.absolute + options.relative * size + rounding;
  const double difference = std::fabs(got - expected);
  ++report.checked;
  if (!(difference / allowed <= report.worst)) report.worst = difference / allowed;
  if (!(difference <= allowed)) report.failures.push_back({where, got, expected, allowed});
  else if (rounding > std::max(1e-6, 1e-3 * size))
    report.failures.push_back(
        {where + ": a step of this length cannot tell, beside outputs of this size", got, expected, allowed});
}

std::string element(const char* what, size_t input, const Shape& shape, int64_t flat) {
  return fmt::format("{} {} {}, element {}", what, input, to_string(shape), position(flat, shape));
}

using Values = std::vector<std::vector<double>>;
Values values_of(const std::vector<Tensor>& tensors) {
  Values values;
  for (const Tensor& tensor : tensors) values.push_back(tensor.to_vector());
  return values;
}

struct Slope {
  double value = 0, magnitude = 0;
};

// The derivative of sum_k <weights[k], f_k> when `x` is moved, by the five-point stencil. Each element is
// differenced before summing: what does not move cancels exactly.
Slope stencil(double& x, double h, const Values& weights, const std::function<Values()>& f) {
  const double middle = x;
  const auto at = [&](double moved) { return x = moved, f(); };
  const Values left2 = at(middle - 2 * h), left = at(middle - h), right = at(middle + h), right2 = at(middle + 2 * h);
  x = middle;
  Slope slope;
  for (size_t k = 0; k < weights.size(); ++k)
    for (size_t i = 0; i < weights[k].size(); ++i) {
      const double rise = 8 * (right[k][i] - left[k][i]) - (right2[k][i] - left2[k][i]);
      if (rise == 0) continue;
      slope.value += weights[k][i] * rise / (12 * h);
      slope.magnitude += std::fabs(weights[k][i] * right[k][i]);
    }
  return slope;
}

// One function being checked at one point.
class Check {
 public:
  Check(GradcheckReport& report, const GradcheckFunction& f, const std::vector<Tensor>& inputs,
        const GradcheckOptions& options)
      : report_(report), f_(f), options_(options), rng_(options.seed) {
    for (const Tensor& input : inputs) {
      if (input && input.dtype() == DType::f32)
        throw Error("gradcheck {}: input {} is f32; differences need f64, convert it with to()", report.name,
                    inputs_.size());
      inputs_.push_back(input ? copy_of(input) : input);
      if (input && input.dtype() == DType::f64) {
        moved_.push_back(inputs_.back());
        number_.push_back(inputs_.size() - 1);
      }
    }
    const std::vector<Tensor> once = outputs();
    for (const Tensor& output : once) upstream_.push_back(numbers_like(output, rng_));
    const Values before = values_of(once), again = values_of(outputs());
    const auto same = [](double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; };  // a NaN is itself
    for (size_t k = 0; k < before.size(); ++k)
      if (!std::equal(again.at(k).begin(), again[k].end(), before[k].begin(), before[k].end(), same))
        report.failures.push_back({fmt::format("output {} is another when it is computed again (dropout, sampling: "
                                               "start from the same Rng each time)",
                                               k),
                                   again[k].empty() ? 0 : again[k][0], before[k].empty() ? 0 : before[k][0], 0});
  }

  void first_order() {
    const std::vector<Tensor> got = gradient();
    const Values weights = values_of(upstream_);
    const auto f = [&] {
      const Untaped guard;
      return values_of(outputs());
    };
    for (size_t i = 0; i < moved_.size(); ++i) check_elements("input", number_[i], moved_[i], got[i], weights, f);
  }

  void second_order() {
    std::vector<Tensor> along;
    for (const Tensor& x : moved_) along.push_back(numbers_like(x, rng_));
    std::vector<Tensor> targets = moved_;
    targets.insert(targets.end(), upstream_.begin(), upstream_.end());
    const std::vector<Tensor> first = gradient();
    std::vector<Tensor> got;
    {
      Tape outer;
      const std::vector<Tensor> nested = gradient();
      compare_gradients(first, nested);
      const Gradients gradients = outer.gradients(nested, along, targets);
      got.assign(gradients.begin(), gradients.end());
    }
    const Values weights = values_of(along);
    const auto f = [&] { return values_of(gradient()); };
    for (size_t i = 0; i < moved_.size(); ++i)
      check_elements("second order: input", number_[i], moved_[i], got[i], weights, f);
    for (size_t k = 0; k < upstream_.size(); ++k)
      check_elements("second order: upstream gradient", k, upstream_[k], got[moved_.size() + k], weights, f);
  }

 private:
  // Only the outputs with a derivative.
  std::vector<Tensor> outputs() const {
    std::vector<Tensor> result;
    for (const Tensor& output : f_(inputs_)) {
      if (!output || output.dtype() == DType::i64) continue;
      if (output.dtype() == DType::f32)
        throw Error("gradcheck {}: it computes in f32 from f64 inputs; its result is {}", report_.name,
                    describe(output));
      result.push_back(output);
    }
    if (result.empty()) throw Error("gradcheck {}: no output has a derivative", report_.name);
    return result;
  }

  std::vector<Tensor> gradient() const {
    Tape tape;
    const Gradients gradients = tape.gradients(outputs(), upstream_, moved_);
    return {gradients.begin(), gradients.end()};
  }

  void check_elements(const char* what, size_t number, Tensor& x, const Tensor& gradient, const Values& weights,
                      const std::function<Values()>& f) {
    const std::vector<double> got = gradient.to_vector();
    for (int64_t i = 0; i < x.numel(); ++i) {
      const Slope slope = stencil(x.mutable_data<double>()[i], options_.step, weights, f);
      compare(report_, element(what, number, x.shape(), i), got[static_cast<size_t>(i)], slope.value, slope.magnitude,
              options_);
    }
  }

  // The recorded backward pass and the fast one must agree before the first is differentiated.
  void compare_gradients(const std::vector<Tensor>& fast, const std::vector<Tensor>& recorded) {
    for (size_t i = 0; i < fast.size(); ++i) {
      const std::vector<double> a = recorded[i].to_vector(), b = fast[i].to_vector();
      for (size_t k = 0; k < a.size(); ++k)
        compare(report_, element("recorded gradient of input", number_[i], fast[i].shape(), static_cast<int64_t>(k)),
                a[k], b[k], 1, options_);
    }
  }

  GradcheckReport& report_;
  const GradcheckFunction& f_;
  const GradcheckOptions& options_;
  Rng rng_;
  std::vector<Tensor> inputs_, moved_, upstream_;  // moved: the inputs with a derivative
  std::vector<size_t> number_;                     // of each moved input among all
};

// Moves the parameters along a direction and puts them back, whatever happens.
class Mover {
 public:
  explicit Mover(Parameters& parameters) : parameters_(parameters), at_(parameters.numbers()) {}
  ~Mover() { parameters_.set_numbers(at_); }
  Mover(const Mover&) = delete;
  void move(const std::vector<double>& direction, double t) {
    Tensor moved = copy_of(at_);
    for (size_t i = 0; i < direction.size(); ++i) moved.mutable_data<double>()[i] += t * direction[i];
    parameters_.set_numbers(moved);
  }

 private:
  Parameters& parameters_;
  Tensor at_;
};

// A random unit vector within some parameters: `first` up to and without `last`.
Tensor direction_within(const Parameters& parameters, size_t first, size_t last, Rng& rng) {
  Tensor direction = parameters.buffer();
  std::vector<Tensor> parts = parameters.views(direction);
  double length = 0;
  for (size_t i = first; i < last; ++i) {
    const Tensor part = numbers_like(parts[i], rng);
    for (const double x : part.to_vector()) length += x * x;
    copy_into(parts[i], part);
  }
  for (int64_t i = 0; i < direction.numel(); ++i) direction.mutable_data<double>()[i] /= std::sqrt(length);
  return direction;
}

}  // namespace

std::string GradcheckReport::text() const {
  constexpr size_t most = 10;
  if (checked == 0 && failures.empty())
    return fmt::format("gradcheck {}: nothing was checked: no input has a derivative", name);
  if (passed())
    return fmt::format("gradcheck {}: {} derivatives agree, the worst at {:.2g} of what is allowed", name, checked,
                       worst);
  std::string text =
      checked == 0 ? fmt::format("gradcheck {}: it cannot be checked", name)
                   : fmt::format("gradcheck {}: {} of {} derivatives are wrong", name, failures.size(), checked);
  std::vector<Failure> sorted = failures;
  const auto ratio = [](const Failure& f) {
    const double r = std::fabs(f.got - f.expected) / f.allowed;
    return std::isnan(r) ? INFINITY : r;
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Failure& a, const Failure& b) { return ratio(a) > ratio(b); });
  for (size_t i = 0; i < std::min(most, sorted.size()); ++i) {
    const Failure& f = sorted[i];
    text += fmt::format("\n  {}: got {:.12g}, expected {:.12g}: {:.3g} apart, allowed {:.3g}", f.where, f.got,
                        f.expected, std::fabs(f.got - f.expected), f.allowed);
  }
  if (sorted.size() > most) text += fmt::format("\n  .. and {} more", sorted.size() - most);
  return text;
}

GradcheckReport gradcheck_outputs(const std::string& name, const GradcheckFunction& f,
                                  const std::vector<Tensor>& inputs, const GradcheckOptions& options) {
  const Untaped apart;  // from a tape that may be alive here
  GradcheckReport report{name, 0, 0, {}};
  Check check(report, f, inputs, options);
  if (!report.failures.empty()) return report;
  check.first_order();
  if (options.second_order) check.second_order();
  return report;
}

GradcheckReport gradcheck_model(const std::string& name, const std::function<Tensor()>& loss, Parameters& parameters,
                                const GradcheckOptions& options) {
  if (parameters.dtype() != DType::f64)
    throw Error("gradcheck {}: the parameters are f32; convert(model, DType::f64) before listing them", name);
  const Untaped apart;  // from a tape that may be alive here
  GradcheckReport report{name, 0, 0, {}};
  const auto evaluate = [&] {
    const Untaped guard;
    return loss().item();
  };
  // Twice without a tape: under one, products take another way (packed_weights.h), which rounds otherwise.
  const double value = evaluate();
  std::vector<double> gradient;
  {
    Tape tape;
    gradient = tape.gradients(loss(), parameters).flat().to_vector();
  }
  if (const double again = evaluate(); again != value)
    report.failures.push_back({"the loss gives another number when it is computed again", again, value, 0});
  Mover mover(parameters);
  Rng rng(options.seed);
  const auto check = [&](const std::string& where, size_t first, size_t last) {
    const std::vector<double> direction = direction_within(parameters, first, last, rng).to_vector();
    double got = 0, t = 0;
    for (size_t i = 0; i < gradient.size(); ++i) got += gradient[i] * direction[i];
    const Slope slope = stencil(t, options.step, {{1.0}}, [&] {
      mover.move(direction, t);
      return Values{{evaluate()}};
    });
    mover.move(direction, 0);
    compare(report, where, got, slope.value, std::max(slope.magnitude, std::fabs(value)), options);
  };
  for (int k = 0; k < options.directions; ++k) check(fmt::format("random direction {}", k), 0, parameters.size());
  for (size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].numel() > 0)
      check(fmt::format("parameter {} {}", parameters.name(i), to_string(parameters[i].shape())), i, i + 1);
  return report;
}

}  // namespace heed
