#include <cblas.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>

#include "floor.h"

extern "C" char* openblas_get_corename(void);

namespace floors {
namespace {

double own_cpu_s() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return u.ru_utime.tv_sec + u.ru_stime.tv_sec + 1e-6 * (u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}
double machine_cpu_s() {
  std::ifstream f("/proc/stat");
  std::string word;
  f >> word;
  double v[8] = {0};
  for (double& x : v) f >> x;
  return (v[0] + v[1] + v[2] + v[5] + v[6] + v[7]) / sysconf(_SC_CLK_TCK);
}

}  // namespace

Settings& settings() {
  static Settings all;
  return all;
}

Pool& pool() {
  static Pool one;
  return one;
}

double now_s() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

void report(const std::string& name, const char* part, const char* unit, double work,
            const std::function<void()>& f) {
  const double w0 = now_s();
  f();
  const bool slow = now_s() - w0 > 1;
  if (!slow) f();
  std::vector<double> t;
  const double m0 = machine_cpu_s(), c0 = own_cpu_s(), b0 = now_s();
  while (now_s() - b0 < settings().min_time || t.size() < (slow ? 2u : 5u)) {
    const double s = now_s();
    f();
    t.push_back(now_s() - s);
  }
  const double wall = now_s() - b0, others = std::max(0.0, (machine_cpu_s() - m0 - (own_cpu_s() - c0)) / wall);
  std::sort(t.begin(), t.end());
  std::printf(
      "{\"peer\":\"floor\",\"case\":\"%s\",\"part\":\"%s\",\"threads\":%d,\"blas\":\"%s\",\"median_ms\":%.5g,"
      "\"min_ms\":%.5g,\"unit\":"
      "\"%s\",\"work\":%.6g,\"rate_median\":%.5g,\"rate_best\":%.5g,\"reps\":%zu,\"others\":%.3g}\n",
      name.c_str(), part, settings().threads, openblas_get_corename(), t[t.size() / 2] * 1e3, t[0] * 1e3, unit, work,
      work / t[t.size() / 2], work / t[0], t.size(), others);
  std::fflush(stdout);
}

}  // namespace floors
