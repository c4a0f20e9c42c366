#include "examples/support/training/forecast/estimate.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "autograd/base/precision.h"
#include "autograd/zip/elementwise.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/process/memory_left.h"
#include "examples/support/process/stopwatch.h"
#include "examples/support/training/training_state.h"
#include "optim/average.h"
#include "optim/clip.h"
#include "optim/shards.h"

namespace heed::support {
namespace {

// What measuring cannot know: other work on the machine, its clock, and that a validation's texts will have another length.
constexpr double machine = 0.1, judging = 0.5;
constexpr int64_t least_steps = 3;

// The batches of an epoch from the middle of their lengths outwards to all quarters, eighths, ..: however few of them are
// taken, they are spread evenly. The longest comes before all.
std::vector<int64_t> in_order_of_use(Task& task, int64_t batches) {
  std::vector<int64_t> sorted(static_cast<size_t>(batches)), order;
  std::iota(sorted.begin(), sorted.end(), int64_t{0});
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](int64_t a, int64_t b) { return task.tokens(a) < task.tokens(b); });
  order.push_back(sorted.back());
  std::vector<bool> taken(sorted.size());
  for (size_t parts = 2; order.size() <= sorted.size() && parts <= 2 * sorted.size(); parts *= 2)
    for (size_t part = 1; part < parts; part += 2)
      if (const size_t at = part * sorted.size() / parts; !taken[at]) {
        taken[at] = true;
        order.push_back(sorted[at]);
      }
  return order;
}

// The steps of a training, without what it writes down.
class Steps {
 public:
  Steps(Task& task, const TrainingOptions& options)
      : task_(task),
        options_(options),
        model_(task.model()),
        parameters_(trained_part(model_, options.freeze)),
        pool_(options.threads),
        shards_(pool_, parameters_, options.shards),
        optimizer_(make_optimizer(options.optimizer, parameters_, options.learning_rate, options.weight_decay)) {
    optimizer_->threads = &pool_;
    if (options.average > 0) average_ = std::make_unique<Average>(parameters_, options.average);
  }

  int64_t parameters() const { return parameters_.count(); }
  // Gives its seconds.
  double make(int64_t batch) {
    stop_if_interrupted();
    const Stopwatch watch;
    const ProductPrecision products(choose(precisions, "precision", options_.precision).make);
    const double scale = 1.0 / static_cast<double>(task_.tokens(batch));
    const ShardResult result = shards_.gradients(
        [&](int shard) {
          Rng random = Rng(options_.seed).split(static_cast<uint64_t>(batch)).split(static_cast<uint64_t>(shard));
          const Tensor sum = task_.loss(batch, shard, options_.shards, random);
          return sum ? sum * scale : sum;
        },
        true);
    optimizer_->step(result.gradients, options_.clip > 0 ? clip_scale(result.norm, options_.clip) : 1.0);
    if (average_) average_->update(&pool_);
    task_.end_batch(batch);
    return watch.seconds();
  }

 private:
  Task& task_;
  const TrainingOptions& options_;
  std::vector<NamedTensor> model_;
  Parameters parameters_;
  ThreadPool pool_;
  Shards shards_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<Average> average_;
};

// Seconds by the number of words: their ratio, and how sure it is.
class Ratio {
 public:
  void add(double seconds, int64_t tokens) {
    seconds_.push_back(seconds);
    tokens_.push_back(static_cast<double>(tokens));
    sum_ += seconds;
    words_ += tokens_.back();
  }
  size_t count() const { return seconds_.size(); }
  double value() const { return sum_ / words_; }
  // Two standard errors, as a share of the value.
  double doubt() const {
    double squares = 0;
    for (size_t i = 0; i < count(); ++i) squares += std::pow(seconds_[i] - value() * tokens_[i], 2);
    const auto n = static_cast<double>(count());
    return count() < 2 ? 1 : 2 * std::sqrt(squares / (n * (n - 1))) * n / sum_;
  }

 private:
  std::vector<double> seconds_, tokens_;
  double sum_ = 0, words_ = 0;
};

// A step that asks for more memory than there is fails here, and does not drive other programs out of theirs.
void limit_memory() {
  rlimit space{};
  const int64_t left = memory_left();
  int64_t pages = 0;
  if (left == std::numeric_limits<int64_t>::max() || !(std::ifstream("/proc/self/statm") >> pages) ||
      ::getrlimit(RLIMIT_AS, &space) != 0)
    return;
  const auto most = static_cast<rlim_t>(pages * ::sysconf(_SC_PAGESIZE) + left);
  space.rlim_cur = std::min(most, space.rlim_max);
  ::setrlimit(RLIMIT_AS, &space);
}

}  // namespace

// Not by getrusage: there a process begins with what the one had that started it.
int64_t most_resident() {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;) {
    int64_t kilobytes = 0;
    if (word == "VmHWM:" && file >> kilobytes) return kilobytes << 10;
  }
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  return usage.ru_maxrss;
#else
  return usage.ru_maxrss << 10;
#endif
}

Estimate estimate_training(Task& task, const TrainingOptions& options, double seconds) {
  limit_memory();
  const Stopwatch watch;
  Estimate found;
  found.steps = task.begin_epoch(options.epochs);  // the first ones may do less, as hard attention's soft ones
  found.epochs = options.epochs;
  Steps steps(task, options);
  found.parameters = steps.parameters();
  const std::vector<int64_t> order = in_order_of_use(task, found.steps);
  steps.make(order[0]);                                      // for its memory
  steps.make(order[std::min<size_t>(1, order.size() - 1)]);  // the first of its size asks the system for some
  Ratio ratio;
  const Stopwatch measuring;
  for (size_t i = std::min<size_t>(1, order.size() - 1); i < order.size(); ++i) {
    ratio.add(steps.make(order[i]), task.tokens(order[i]));
    if (static_cast<int64_t>(ratio.count()) >= least_steps && measuring.seconds() > seconds) break;
  }
  int64_t words = 0;
  for (int64_t batch = 0; batch < found.steps; ++batch) words += task.tokens(batch);
  found.measured = static_cast<int64_t>(ratio.count());
  const double training = ratio.value() * static_cast<double>(words), doubt = machine + ratio.doubt();
  found.step = training / static_cast<double>(found.steps);
  found.validation = task.validates() ? task.time_validation() : 0;
  found.before = task.beforehand().seconds;
  found.peak_bytes = most_resident() + task.beforehand().bytes;
  found.epoch = {training + found.validation, training / (1 + doubt) + found.validation * (1 - judging),
                 training * (1 + doubt) + found.validation * (1 + judging)};
  const auto all = [&](double epoch) { return epoch * static_cast<double>(found.epochs) + found.before; };
  found.training = {all(found.epoch.seconds), all(found.epoch.low), all(found.epoch.high)};
  found.spent = watch.seconds();
  return found;
}

namespace {

struct Unit {
  double seconds;
  const char* name;
};
Unit unit_of(double seconds) {
  if (seconds < 100) return {1, "s"};
  if (seconds < 100 * 60) return {60, "minutes"};
  if (seconds < 72 * 3600) return {3600, "hours"};
  return {24 * 3600, "days"};
}
std::string in_unit(double seconds, const Unit& unit) {
  const double value = seconds / unit.seconds;
  return fmt::format("{:.{}f}", value, value < 10 ? 1 : 0);
}

}  // namespace

std::string time_text(double seconds) {
  const Unit unit = unit_of(seconds);
  return in_unit(seconds, unit) + " " + unit.name;
}

std::string span_text(const Span& span) {
  const Unit unit = unit_of(span.seconds);
  return fmt::format("{} {} ({} to {})", in_unit(span.seconds, unit), unit.name, in_unit(span.low, unit),
                     in_unit(span.high, unit));
}

std::string estimate_text(const Estimate& e) {
  std::string text = fmt::format(
      "an epoch: {}, of which {} of validation and {} steps of {:.3g} s each, by {} of them\n"
      "the training: {}, of {} epochs if nothing ends it before\n"
      "memory: about {} MB; {} parameters\n",
      span_text(e.epoch), time_text(e.validation), e.steps, e.step, e.measured, span_text(e.training), e.epochs,
      e.peak_bytes >> 20, e.parameters);
  if (e.before > 0) text += fmt::format("of this, once before the first epoch: {}\n", time_text(e.before));
  return text;
}

void to_json(nlohmann::json& to, const Estimate& e) {
  const auto span = [](const Span& s) {
    return nlohmann::json{{"seconds", s.seconds}, {"low", s.low}, {"high", s.high}};
  };
  to = {{"epoch", span(e.epoch)},
        {"training", span(e.training)},
        {"epochs", e.epochs},
        {"steps", e.steps},
        {"step_seconds", e.step},
        {"validation_seconds", e.validation},
        {"seconds_before", e.before},
        {"peak_bytes", e.peak_bytes},
        {"parameters", e.parameters},
        {"measured_steps", e.measured},
        {"seconds_of_measuring", e.spent}};
}

void from_json(const nlohmann::json& from, Estimate& e) {
  const auto span = [&](const char* name) {
    const nlohmann::json& s = from.at(name);
    return Span{s.at("seconds"), s.at("low"), s.at("high")};
  };
  e.epoch = span("epoch");
  e.training = span("training");
  e.epochs = from.at("epochs");
  e.steps = from.at("steps");
  e.step = from.at("step_seconds");
  e.validation = from.at("validation_seconds");
  e.before = from.at("seconds_before");
  e.peak_bytes = from.at("peak_bytes");
  e.parameters = from.at("parameters");
  e.measured = from.at("measured_steps");
  e.spent = from.at("seconds_of_measuring");
}

}  // namespace heed::support
