// Adapters: optimizers, clipping, learning rates. Nothing here is differentiated.
#include <utility>

#include "autograd/views/joins.h"
#include "optim/clip.h"
#include "optim/gradient_descent.h"
#include "optim/schedule.h"
#include "tests/parity/parity.h"

namespace heed::parity {
namespace {

Tensor copy(const Tensor& x) {
  Tensor fresh = Tensor::empty(x.shape(), x.dtype());
  copy_into(fresh, x);
  return fresh;
}

// Parameters a, b, .. with gradients grad_a [steps, ..], grad_b: the trajectory traj_a, .. and the final
// state. `make` gives the optimizer for the parameters.
template <class Make>
Tensors descend(const Case& c, Make make) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : c.in)
    if (name.rfind("grad_", 0) == 0) names.push_back(name.substr(5));
  std::vector<Tensor> values;
  for (const std::string& name : names) values.push_back(c[name]);
  std::vector<NamedTensor> named;
  for (size_t i = 0; i < names.size(); ++i) named.push_back({names[i], &values[i], true});
  const Parameters parameters(std::as_const(named));
  auto optimizer = make(parameters);
  std::vector<std::vector<Tensor>> trajectory(names.size());
  for (int64_t t = 0; t < c.integer("steps"); ++t) {
    std::vector<Tensor> gradients;
    for (const std::string& name : names) gradients.push_back(c["grad_" + name][t]);
    optimizer.step(Gradients(values, gradients));
    for (size_t i = 0; i < names.size(); ++i) trajectory[i].push_back(copy(values[i]));
  }
  Tensors out;
  for (size_t i = 0; i < names.size(); ++i) out["traj_" + names[i]] = stack(trajectory[i]);
  for (const auto& [name, tensor] : optimizer.state())
    if (const size_t slash = name.find('/'); slash != std::string::npos)
      out[name.substr(0, slash) + "_" + name.substr(slash + 1)] = tensor;
  return out;
}

Tensors run_sgd(const Case& c) {
  return descend(c, [&](const Parameters& p) {
    return Sgd(p, c.number("lr"),
               {.momentum = c.number("momentum"),
                .dampening = c.number("dampening"),
                .weight_decay = c.number("weight_decay"),
                .nesterov = c.flag("nesterov")});
  });
}

Tensors run_adagrad(const Case& c) {
  return descend(c, [&](const Parameters& p) {
    return Adagrad(p, c.number("lr"),
                   {.rate_decay = c.number("lr_decay"),
                    .weight_decay = c.number("weight_decay"),
                    .initial_accumulator = c.number("initial_accumulator_value"),
                    .eps = c.number("eps")});
  });
}

Tensors run_adadelta(const Case& c) {
  return descend(c, [&](const Parameters& p) {
    return Adadelta(p, c.number("lr"),
                    {.rho = c.number("rho"), .eps = c.number("eps"), .weight_decay = c.number("weight_decay")});
  });
}

Tensors run_rmsprop(const Case& c) {
  return descend(c, [&](const Parameters& p) {
    return RmsProp(p, c.number("lr"),
                   {.alpha = c.number("alpha"),
                    .eps = c.number("eps"),
                    .momentum = c.number("momentum"),
                    .weight_decay = c.number("weight_decay"),
                    .centered = c.flag("centered")});
  });
}

template <class Optimizer>
Tensors run_adam(const Case& c) {
  const auto betas = c.attr("betas").get<std::array<double, 2>>();
  return descend(c, [&](const Parameters& p) {
    return Optimizer(p, c.number("lr"),
                     {.beta1 = betas[0],
                      .beta2 = betas[1],
                      .eps = c.number("eps"),
                      .weight_decay = c.number("weight_decay"),
                      .amsgrad = c.flag("amsgrad")});
  });
}

// grad0, grad1, .. as one set, copied, for clipping changes them.
Gradients all_gradients(const Case& c) {
  std::vector<Tensor> of, values;
  for (int i = 0; c.has("grad" + std::to_string(i)); ++i) {
    of.push_back(c["grad" + std::to_string(i)]);
    values.push_back(copy(of.back()));
  }
  return Gradients(of, values);
}

Tensors numbered(const Gradients& gradients) {
  Tensors out;
  for (size_t i = 0; i < gradients.size(); ++i) out["grad" + std::to_string(i)] = gradients[i];
  return out;
}

Tensors run_clip_norm(const Case& c) {
  Gradients gradients = all_gradients(c);
  const double before = clip_norm(gradients, c.number("max_norm"), c.number("norm_type"));
  Tensors out = numbered(gradients);
  out["total_norm"] = Tensor::scalar(before, c.dtype);
  return out;
}

Tensors run_clip_value(const Case& c) {
  Gradients gradients = all_gradients(c);
  clip_value(gradients, c.number("clip_value"));
  return numbered(gradients);
}

LearningRate schedule_of(const Case& c) {
  const std::string kind = c.text("kind");
  const double base = c.number("base_lr");
  if (kind == "step") return schedule::step(base, c.integer("step_size"), c.number("gamma"));
  if (kind == "multistep") return schedule::multistep(base, c.integers("milestones"), c.number("gamma"));
  if (kind == "exponential") return schedule::exponential(base, c.number("gamma"));
  if (kind == "cosine") return schedule::cosine(base, c.integer("t_max"), c.number("eta_min"));
  if (kind == "linear_warmup") return schedule::linear_warmup(base, c.integer("warmup"));
  if (kind != "noam") throw Error("unknown kind of schedule {}", kind);
  const LearningRate unscaled = schedule::noam(c.integer("d_model"), c.integer("warmup"), c.number("factor"));
  return [=](int64_t k) { return base * unscaled(k); };
}

Tensor rates(const Case& c, const std::vector<double>& values) {
  return Tensor::from(values, {static_cast<int64_t>(values.size())}, c.dtype);
}

Tensors run_schedule(const Case& c) {
  const LearningRate rate = schedule_of(c);
  std::vector<double> values;
  for (int64_t k = 0; k < c.integer("steps"); ++k) values.push_back(rate(k));
  return {{"lr", rates(c, values)}};
}

Tensors run_plateau(const Case& c) {
  PlateauOptions options;
  options.maximize = c.text("mode") == "max";
  options.absolute = c.text("threshold_mode") == "abs";
  options.factor = c.number("factor");
  options.patience = static_cast<int>(c.integer("patience"));
  options.threshold = c.number("threshold");
  options.cooldown = static_cast<int>(c.integer("cooldown"));
  options.lowest = c.number("min_lr");
  options.eps = c.number("eps");
  Plateau plateau(c.number("base_lr"), options);
  std::vector<double> values;
  for (double metric : c["metrics"].to_vector()) values.push_back(plateau(metric));
  return {{"lr", rates(c, values)}};
}

const Registry kOptim = {
    {"sgd", run_sgd},
    {"adagrad", run_adagrad},
    {"adadelta", run_adadelta},
    {"rmsprop", run_rmsprop},
    {"adam", run_adam<Adam>},
    {"adamw", run_adam<AdamW>},
    {"clip_grad_norm", run_clip_norm},
    {"clip_grad_value", run_clip_value},
    {"lr_schedule", run_schedule},
    {"lr_plateau", run_plateau},
};

}  // namespace

const Registry& optim_adapters() { return kOptim; }

}  // namespace heed::parity
