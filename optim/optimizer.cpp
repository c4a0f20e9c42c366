#include "optim/optimizer.h"

#include <cmath>
#include <limits>

namespace heed {

namespace {

void check_rate(double rate) {
  if (!(rate >= 0 && rate <= std::numeric_limits<double>::max()))
    throw Error("optimizer: the learning rate {} must be a number from 0 on", rate);
}

}  // namespace

Optimizer::Optimizer(const Parameters& parameters, double rate, const std::vector<std::string>& kept, double initial)
    : learning_rate(rate), parameters_(parameters), names_(kept) {
  if (parameters_.size() == 0) throw Error("optimizer: there are no parameters; make them with Parameters(model)");
  check_rate(rate);
  for (size_t k = 0; k < names_.size(); ++k) kept_.push_back(parameters_.buffer(initial));
}

void Optimizer::step(const Gradients& gradients, double scale) {
  parameters_.check_current("optimizer");
  check_rate(learning_rate);
  gradient_ = flatten(gradients);
  scale_ = scale;
  ++steps_;
  update();
  gradient_ = {};
}

Tensor Optimizer::flatten(const Gradients& gradients) {
  if (gradients.size() != parameters_.size())
    throw Error(
        "optimizer: {} gradients for {} parameters; ask the tape for the gradients of all of them, or give a "
        "selection its share: gradients.of(selection)",
        gradients.size(), parameters_.size());
  for (size_t i = 0; i < gradients.size(); ++i) {
    if (const Tensor of = gradients.parameter(i); of && !of.is(parameters_[i]))
      throw Error(
          "optimizer: gradient {} is that of {}, but its parameter {} is {}; give it the gradients of its own "
          "parameters: gradients.of(selection)",
          i, describe(of), i, parameters_.name(i));
    if (!(gradients[i].shape() == parameters_[i].shape()) || gradients[i].dtype() != parameters_.dtype())
      throw Error(
          "optimizer: the gradient of {} is {}, but the parameter is {}; were the gradients asked for in "
          "another order, or the model converted?",
          parameters_.name(i), describe(gradients[i]), describe(parameters_[i]));
  }
  if (gradients.flat()) {
    parameters_.views(gradients.flat());  // checks it
    return gradients.flat();
  }
  if (!gathered_) gathered_ = parameters_.buffer();
  std::vector<Tensor> places = parameters_.views(gathered_);
  for (size_t i = 0; i < places.size(); ++i) copy_into(places[i], gradients[i]);
  return gathered_;
}

std::map<std::string, Tensor> Optimizer::state(const std::string& prefix) const {
  std::map<std::string, Tensor> result;
  result[prefix + "step"] = Tensor::from(std::vector<int64_t>{steps_}, Shape{});
  result[prefix + "learning_rate"] = Tensor::scalar(learning_rate, DType::f64);
  for (size_t k = 0; k < kept_.size(); ++k) {
    const std::vector<Tensor> views = parameters_.views(kept_[k]);
    for (size_t i = 0; i < views.size(); ++i) result[prefix + names_[k] + "/" + parameters_.name(i)] = views[i];
  }
  return result;
}

void Optimizer::restore(const std::map<std::string, Tensor>& saved, const std::string& prefix) {
  std::map<std::string, Tensor> own = state(prefix);
  for (const auto& [name, tensor] : own) {
    const auto found = saved.find(name);
    if (found == saved.end())
      throw Error("optimizer: the saved state has no \"{}\"; was it saved by another optimizer or model?", name);
    if (!(found->second.shape() == tensor.shape()))
      throw Error("optimizer: \"{}\" was saved with shape {}, but here it is {}", name,
                  to_string(found->second.shape()), to_string(tensor.shape()));
  }
  for (const auto& [name, tensor] : saved)
    if (name.compare(0, prefix.size(), prefix) == 0 && !own.count(name))
      throw Error(
          "optimizer: the saved state has \"{}\", which this optimizer does not keep; was it saved by "
          "another "
          "optimizer, or one with other options?",
          name);
  const Tensor& step = saved.at(prefix + "step");
  if (step.dtype() != DType::i64 || step.at({}) < 0)
    throw Error("optimizer: \"{}step\" must be a whole number from 0 on, not {}", prefix, step.item());
  check_rate(saved.at(prefix + "learning_rate").item());
  for (auto& [name, tensor] : own) copy_into(tensor, saved.at(name));
  steps_ = static_cast<int64_t>(own.at(prefix + "step").item());
  learning_rate = own.at(prefix + "learning_rate").item();
}

void check_option(const char* optimizer, const char* option, double value, double low, double high, bool open) {
  const bool inside = open ? value > low && value <= high : value >= low && value <= high;
  if (!inside)
    throw Error("{}: {} is {}, but must be {} {} and at most {}", optimizer, option, value,
                open ? "more than" : "at least", low, high);
}

}  // namespace heed
