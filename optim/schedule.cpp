#include "optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace heed {
namespace {

constexpr double kPi = 3.14159265358979323846;

void need(bool holds, const char* schedule, const char* rule, double value) {
  if (!holds) throw Error("schedule {}: {}, got {}", schedule, rule, value);
}
void need_rate(double base, const char* schedule) {
  need(base >= 0 && std::isfinite(base), schedule, "the rate must be finite and at least 0", base);
}
void need_count(int64_t count, const char* schedule, const char* rule) {
  need(count >= 1, schedule, rule, static_cast<double>(count));
}
void need_gamma(double gamma, const char* schedule) {
  need(gamma > 0 && std::isfinite(gamma), schedule, "gamma must be finite and more than 0", gamma);
}

double real(int64_t k) { return static_cast<double>(k); }

}  // namespace

namespace schedule {

LearningRate constant(double base) {
  need_rate(base, "constant");
  return [=](int64_t) { return base; };
}

LearningRate step(double base, int64_t every, double gamma) {
  need_rate(base, "step");
  need_count(every, "step", "every must be at least 1");
  need_gamma(gamma, "step");
  return [=](int64_t k) { return base * std::pow(gamma, real(k / every)); };
}

LearningRate multistep(double base, std::vector<int64_t> milestones, double gamma) {
  need_rate(base, "multistep");
  need_gamma(gamma, "multistep");
  return [=, milestones = std::move(milestones)](int64_t k) {
    const auto passed = std::count_if(milestones.begin(), milestones.end(), [k](int64_t m) { return m <= k; });
    return base * std::pow(gamma, static_cast<double>(passed));
  };
}

LearningRate halving(double base, int64_t whole) {
  need_rate(base, "halving");
  need_count(whole, "halving", "at least one has to have the whole rate");
  return [=](int64_t k) { return base * std::pow(0.5, real(std::max<int64_t>(k - whole + 1, 0))); };
}

LearningRate exponential(double base, double gamma) {
  need_rate(base, "exponential");
  need_gamma(gamma, "exponential");
  return [=](int64_t k) { return base * std::pow(gamma, real(k)); };
}

LearningRate cosine(double base, int64_t length, double low) {
  need_rate(base, "cosine");
  need_rate(low, "cosine");
  need_count(length, "cosine", "length must be at least 1");
  return [=](int64_t k) { return low + (base - low) * (1 + std::cos(kPi * real(k) / real(length))) / 2; };
}

LearningRate noam(int64_t width, int64_t warmup, double factor) {
  need_count(width, "noam", "width must be at least 1");
  need_count(warmup, "noam", "warmup must be at least 1");
  need_rate(factor, "noam");
  return [=](int64_t k) {
    const double t = real(k) + 1;
    return factor / std::sqrt(real(width)) * std::min(1 / std::sqrt(t), t * std::pow(real(warmup), -1.5));
  };
}

LearningRate linear_warmup(double base, int64_t warmup) {
  need_rate(base, "linear_warmup");
  need_count(warmup, "linear_warmup", "warmup must be at least 1");
  return [=](int64_t k) { return base * std::min(1.0, (real(k) + 1) / real(warmup)); };
}

LearningRate inverse_sqrt(double base, int64_t warmup) {
  need_rate(base, "inverse_sqrt");
  need_count(warmup, "inverse_sqrt", "warmup must be at least 1");
  return [=](int64_t k) {
    const double part = (real(k) + 1) / real(warmup);
    return base * std::min(part, 1 / std::sqrt(part));
  };
}

LearningRate warmed_up(LearningRate rate, int64_t warmup) {
  if (!rate) throw Error("warmed_up: the schedule is empty");
  if (warmup < 0) throw Error("warmed_up: {} steps of warm-up", warmup);
  if (warmup == 0) return rate;
  return [=](int64_t k) { return linear_warmup(rate(k), warmup)(k); };
}

}  // namespace schedule

Plateau::Plateau(double base, PlateauOptions options)
    : options_(options),
      rate_(base),
      best_(options.maximize ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity()) {
  need_rate(base, "plateau");
  need(options.factor > 0 && options.factor < 1, "plateau", "factor must lie between 0 and 1", options.factor);
  need(options.patience >= 0, "plateau", "patience must be at least 0", options.patience);
  need(options.cooldown >= 0, "plateau", "cooldown must be at least 0", options.cooldown);
  need(options.threshold >= 0, "plateau", "threshold must be at least 0", options.threshold);
  need(options.lowest >= 0, "plateau", "lowest must be at least 0", options.lowest);
  need(options.eps >= 0, "plateau", "eps must be at least 0", options.eps);
}

bool Plateau::better(double metric) const {
  const double sign = options_.maximize ? 1 : -1;
  const double bar =
      best_ + sign * options_.threshold * (options_.absolute || std::isinf(best_) ? 1 : std::fabs(best_));
  return options_.maximize ? metric > bar : metric < bar;
}

double Plateau::operator()(double metric) {
  const bool is_best = better(metric);
  if (is_best) best_ = metric;
  return judge(is_best);
}

double Plateau::judge(bool better) {
  bad_ = better ? 0 : bad_ + 1;
  if (cooling_ > 0) {
    --cooling_;
    bad_ = 0;
  }
  if (bad_ > options_.patience) {
    const double lower = std::max(rate_ * options_.factor, options_.lowest);
    if (rate_ - lower > options_.eps) rate_ = lower;
    cooling_ = options_.cooldown;
    bad_ = 0;
  }
  return rate_;
}

std::map<std::string, Tensor> Plateau::state(const std::string& prefix) const {
  const std::vector<double> numbers{rate_, best_, static_cast<double>(bad_), static_cast<double>(cooling_)};
  return {{prefix + "plateau", Tensor::from(numbers)}};
}

void Plateau::restore(const std::map<std::string, Tensor>& state, const std::string& prefix) {
  const auto found = state.find(prefix + "plateau");
  if (found == state.end()) throw Error("plateau: the saved state has no \"{}plateau\"", prefix);
  if (!(found->second.shape() == Shape{4}))
    throw Error("plateau: \"{}plateau\" has shape {}, but must hold 4 numbers", prefix,
                to_string(found->second.shape()));
  const std::vector<double> numbers = found->second.to_vector();
  need_rate(numbers[0], "plateau");
  for (const double count : {numbers[2], numbers[3]})
    need(count >= 0 && count <= std::numeric_limits<int>::max(), "plateau", "saved counts must be at least 0", count);
  rate_ = numbers[0];
  best_ = numbers[1];
  bad_ = static_cast<int>(numbers[2]);
  cooling_ = static_cast<int>(numbers[3]);
}

}  // namespace heed
