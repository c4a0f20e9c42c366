#include "bench/measure.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>

#include <fmt/format.h>

#include "autograd/base/memory.h"
#include "autograd/base/simd.h"
#include "autograd/kernels/blas.h"
#include "autograd/tape/profile.h"
#include "optim/clip.h"

namespace heed::bench {
namespace {

constexpr double kWarmTime = 0.4;
constexpr size_t kMinSteps = 5, kMaxSteps = 20000;

double own_cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

// CPU seconds that the whole machine has spent on anything but idling and waiting; 0 where the
// system does not say.
double machine_cpu_seconds() {
  std::ifstream stat("/proc/stat");
  std::string word;
  double ticks[8] = {};  // user, nice, system, idle, iowait, irq, softirq, steal
  stat >> word;
  for (double& value : ticks) stat >> value;
  return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) /
         static_cast<double>(sysconf(_SC_CLK_TCK));
}

double peak_rss_mb() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
#ifdef __APPLE__
  return static_cast<double>(used.ru_maxrss) / (1 << 20);
#else
  return static_cast<double>(used.ru_maxrss) / 1024;
#endif
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<int64_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

void verify(const Entry& entry, const Case& work, int steps) {
  std::string losses;
  for (int i = 0; i < steps; ++i) {
    double loss = work.step();
    if (work.watch) loss = work.watch();
    if (i % std::max(1, steps / 6) == 0 || i + 1 == steps) losses += fmt::format("{}{:.4f}", i ? "," : "", loss);
  }
  fmt::print("{{\"case\":\"{}\",\"verify\":[{}]}}\n", entry.name, losses);
}

struct Timing {
  std::vector<double> seconds;  // of each step
  double others = 0;            // cores that other programs kept busy meanwhile
  double first_loss, last_loss;
  int64_t step_peak = 0;  // bytes of tensors at the busiest moment of a step, parameters and data included
};

Timing measure(const Case& work, const Options& options) {
  Timing timing;
  const double warm = now();
  timing.first_loss = work.step();
  do work.step();
  while (now() - warm < kWarmTime);
  phases() = {};
  memory::reset_peak();
  Profile profile;
  if (options.profile) profile.start();
  const double machine = machine_cpu_seconds(), own = own_cpu_seconds(), begin = now();
  std::vector<double>& seconds = timing.seconds;
  while ((now() - begin < options.min_time || seconds.size() < kMinSteps) && seconds.size() < kMaxSteps) {
    const double start = now();
    timing.last_loss = work.step();
    seconds.push_back(now() - start);
  }
  const double wall = now() - begin;
  timing.step_peak = memory::peak_bytes();
  timing.others = std::max(0.0, (machine_cpu_seconds() - machine - own_cpu_seconds() + own) / wall);
  if (options.profile) fmt::print(stderr, "{}", profile.table(static_cast<double>(seconds.size()), wall));
  return timing;
}

}  // namespace

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

Phases& phases() {
  static Phases all;
  return all;
}

Trainer::Trainer(const Options& options, const Parameters& parameters)
    : pool_(options.threads), shards_(pool_, parameters, options.threads), adam_(parameters, 1e-3) {
  adam_.threads = &pool_;
}

double Trainer::step(const std::function<Tensor(int)>& loss) {
  std::vector<double> forward(static_cast<size_t>(shards_.count()));
  const double start = now();
  const ShardResult result = shards_.gradients(
      [&](int shard) {
        const double begin = now();
        const Tensor value = loss(shard);
        forward[static_cast<size_t>(shard)] = now() - begin;
        return value;
      },
      true);
  const double middle = now();
  adam_.step(result.gradients, clip_scale(result.norm, 1.0));
  const double longest = *std::max_element(forward.begin(), forward.end());
  phases().forward.push_back(longest);
  phases().backward.push_back(middle - start - longest);
  phases().adam.push_back(now() - middle);
  return result.loss;
}

void run_case(const Entry& entry, const Options& options) {
  const double base = peak_rss_mb();
  const Case work = entry.make(options);
  if (work.own_line) return fmt::print("{}\n", work.own_line());
  if (options.verify > 0) return verify(entry, work, options.verify);
  const Timing timing = measure(work, options);
  const double middle = median(timing.seconds);
  const double best = *std::min_element(timing.seconds.begin(), timing.seconds.end());
  std::string line = fmt::format(
      "{{\"peer\":\"heed\",\"case\":\"{}\",\"threads\":{},\"simd\":\"{}\",\"blas\":\"{}\","
      "\"median_ms\":{:.6g},\"min_ms\":{:.6g},"
      "\"unit\":\"{}\",\"rate_median\":{:.6g},\"rate_best\":{:.6g}",
      entry.name, options.threads, instruction_set(), blas::core_name(), middle * 1e3, best * 1e3, work.unit,
      work.items / middle, work.items / best);
  if (work.nodes > 0)
    line += fmt::format(",\"ns_per_node_median\":{:.6g},\"ns_per_node_best\":{:.6g}", middle * 1e9 / work.nodes,
                        best * 1e9 / work.nodes);
  if (work.operations > 0)
    line += fmt::format(",\"ns_per_operation_median\":{:.6g},\"ns_per_operation_best\":{:.6g}",
                        middle * 1e9 / work.operations, best * 1e9 / work.operations);
  if (!phases().forward.empty())
    line += fmt::format(",\"fwd_ms\":{:.6g},\"bwd_ms\":{:.6g},\"adam_ms\":{:.6g}", median(phases().forward) * 1e3,
                        median(phases().backward) * 1e3, median(phases().adam) * 1e3);
  line += fmt::format(",\"step_peak_mb\":{:.6g}", static_cast<double>(timing.step_peak) / (1 << 20));
  line += fmt::format(",\"peak_rss_mb\":{:.6g},\"base_rss_mb\":{:.6g},\"reps\":{},\"others\":{:.4g}", peak_rss_mb(),
                      base, timing.seconds.size(), timing.others);
  if (!std::isnan(timing.first_loss))
    line += fmt::format(",\"loss_first\":{:.6g},\"loss_last\":{:.6g}", timing.first_loss, timing.last_loss);
  fmt::print("{}}}\n", line);
}

}  // namespace heed::bench
