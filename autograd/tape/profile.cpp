#include "autograd/tape/profile.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace heed {
namespace {

thread_local Profile* current_profile = nullptr;

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Profile* Profile::current() { return current_profile; }

void Profile::start() {
  current_profile = this;
  mark();
}

void Profile::stop() {
  if (current_profile == this) current_profile = nullptr;
}

void Profile::mark() { last_ = now(); }

double Profile::lap() {
  const double before = std::exchange(last_, now());
  return last_ - before;
}

void Profile::forward(const char* name) {
  Times& times = times_[name];
  times.forward += lap();
  ++times.calls;
}

void Profile::backward(const char* name) { times_[name].backward += lap(); }

std::string Profile::table(double steps, double wall) const {
  std::vector<std::pair<std::string_view, Times>> rows(times_.begin(), times_.end());
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.second.forward + a.second.backward > b.second.forward + b.second.backward;
  });
  std::string text =
      fmt::format("{:<24} {:>10} {:>10} {:>10} {:>7}\n", "ms a step", "forward", "backward", "calls", "share");
  double total = 0;
  for (const auto& [name, times] : rows) {
    const double both = times.forward + times.backward;
    total += both;
    text += fmt::format("{:<24} {:>10.3f} {:>10.3f} {:>10.1f} {:>6.1f}%\n", name, times.forward * 1e3 / steps,
                        times.backward * 1e3 / steps, static_cast<double>(times.calls) / steps, 100 * both / wall);
  }
  return text + fmt::format("{:<24} {:>43.1f}%\n", "outside of operations", 100 * (1 - total / wall));
}

}  // namespace heed
