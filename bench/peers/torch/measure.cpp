#include "bench.h"

#include <ATen/Version.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>

extern "C" char* openblas_get_corename(void);

namespace peers {
namespace {

constexpr double kWarmTime = 0.4;
constexpr size_t kLeastRepeats = 5;

double own_cpu_s() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return u.ru_utime.tv_sec + u.ru_stime.tv_sec + 1e-6 * (u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

// CPU seconds used by the whole machine (everything that is not idle or waiting for I/O, stolen time included)
double machine_cpu_s() {
  std::ifstream f("/proc/stat");
  std::string word;
  f >> word;
  double v[8] = {0};
  for (double& x : v) f >> x;
  return (v[0] + v[1] + v[2] + v[5] + v[6] + v[7]) / sysconf(_SC_CLK_TCK);
}

double peak_rss_mb() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return u.ru_maxrss / 1024.0;
}

std::string aten_capability() {
  const std::string c = at::show_config(), key = "CPU capability usage: ";
  const size_t i = c.find(key);
  return i == std::string::npos ? "?" : c.substr(i + key.size(), c.find('\n', i) - i - key.size());
}

double median_of(std::vector<double> v) {
  if (v.empty()) return NAN;
  std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
  return v[v.size() / 2];
}

// The losses of some steps on one batch: they must go down.
void verify(const Entry& entry, const Case& c, int steps) {
  std::printf("{\"case\":\"%s\",\"verify\":[", entry.name.c_str());
  for (int i = 0; i < steps; ++i) {
    double loss = c.step().item<double>();
    if (c.watch) loss = c.watch();
    if (i % std::max(1, steps / 6) == 0 || i + 1 == steps) std::printf("%s%.4f", i ? "," : "", loss);
  }
  std::printf("]}\n");
}

struct Measured {
  std::vector<double> times;  // of the iterations, in seconds
  double first_loss = NAN, last_loss = NAN, others = 0, base_mb = 0;
};

Measured measure(const Entry& entry, const Case& c, double min_time) {
  Measured found;
  const double start = now_s();
  for (int warm = 0; now_s() - start < kWarmTime || warm < 2; ++warm) {
    const Tensor loss = c.step();
    if (warm == 0 && loss.defined()) found.first_loss = loss.item<double>();
  }
  phases().on = entry.trains;
  Tensor last;
  const double machine = machine_cpu_s(), own = own_cpu_s(), begin = now_s();
  while (now_s() - begin < min_time || found.times.size() < kLeastRepeats) {
    const double s = now_s();
    last = c.step();
    found.times.push_back(now_s() - s);
  }
  const double wall = now_s() - begin;
  found.others = std::max(0.0, (machine_cpu_s() - machine - (own_cpu_s() - own)) / wall);
  if (last.defined()) found.last_loss = last.item<double>();
  return found;
}

void print(const Entry& entry, const Case& c, const Options& options, const Measured& m) {
  const double least = *std::min_element(m.times.begin(), m.times.end()), median = median_of(m.times);
  std::ostringstream s;
  s.precision(6);
  s << "{\"peer\":\"libtorch-" << TORCH_VERSION << "\",\"case\":\"" << entry.name
    << "\",\"threads\":" << options.threads << ",\"blas\":\"" << openblas_get_corename() << "\",\"aten\":\""
    << aten_capability() << "\",\"median_ms\":" << median * 1e3 << ",\"min_ms\":" << least * 1e3 << ",\"unit\":\""
    << c.unit << "\",\"rate_median\":" << c.items / median << ",\"rate_best\":" << c.items / least;
  if (c.per_node > 0)
    s << ",\"ns_per_node_median\":" << median * 1e9 / c.per_node
      << ",\"ns_per_node_best\":" << least * 1e9 / c.per_node;
  const Phases& p = phases();
  if (!p.forward.empty())
    s << ",\"fwd_ms\":" << median_of(p.forward) * 1e3 << ",\"bwd_ms\":" << median_of(p.backward) * 1e3
      << ",\"clip_ms\":" << median_of(p.clip) * 1e3 << ",\"adam_ms\":" << median_of(p.adam) * 1e3;
  s << ",\"peak_rss_mb\":" << peak_rss_mb() << ",\"base_rss_mb\":" << m.base_mb << ",\"reps\":" << m.times.size()
    << ",\"others\":" << m.others;  // cores that others kept busy meanwhile
  if (!std::isnan(m.last_loss)) s << ",\"loss_first\":" << m.first_loss << ",\"loss_last\":" << m.last_loss;
  s << "}";
  std::puts(s.str().c_str());
}

}  // namespace

double now_s() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

Phases& phases() {
  static Phases all;
  return all;
}

void run_case(const Entry& entry, const Options& options) {
  torch::manual_seed(1);
  const double base = peak_rss_mb();
  const Case c = entry.make();
  if (options.verify > 0) return verify(entry, c, options.verify);
  Measured found = measure(entry, c, options.min_time);
  found.base_mb = base;
  print(entry, c, options, found);
}

Tensor uniform(at::IntArrayRef shape, double a) { return (torch::rand(shape) * 2 - 1) * a; }

std::vector<int64_t> make_lengths(int64_t batch, int64_t lo, int64_t hi) {
  std::vector<int64_t> len(batch);
  for (int64_t b = 0; b < batch; ++b) len[b] = hi - (b * (hi - lo + 1)) / batch;
  return len;
}

Tensor make_tokens(int64_t T, const std::vector<int64_t>& len, int64_t vocab) {
  Tensor ids = torch::randint(3, vocab, {T, (int64_t)len.size()}, torch::kLong);
  auto a = ids.accessor<int64_t, 2>();
  for (size_t b = 0; b < len.size(); ++b)
    for (int64_t t = len[b]; t < T; ++t) a[t][b] = 0;
  return ids;
}

double total(const std::vector<int64_t>& v) {
  double s = 0;
  for (auto x : v) s += x;
  return s;
}

Tensor shift_right(const Tensor& ids) {
  return torch::cat({torch::ones({1, ids.size(1)}, torch::kLong), ids.slice(0, 0, ids.size(0) - 1)}, 0).contiguous();
}

}  // namespace peers
