#include "examples/support/process/memory_left.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace heed::support {
namespace {

constexpr int64_t kUnknown = std::numeric_limits<int64_t>::max();

// The number at the beginning of a file of the system; -1 if there is none.
int64_t number_in(const char* path) {
  int64_t number = -1;
  std::ifstream(path) >> number;
  return number;
}

int64_t machine_left() {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;) {
    int64_t kilobytes = 0;
    if (word == "MemAvailable:" && file >> kilobytes) return kilobytes << 10;
  }
  return kUnknown;
}

int64_t container_left() {
  const int64_t most = number_in("/sys/fs/cgroup/memory.max"), used = number_in("/sys/fs/cgroup/memory.current");
  return most > 0 && used >= 0 ? std::max<int64_t>(most - used, 0) : kUnknown;
}

int64_t space_left() {
  rlimit space{};
  if (::getrlimit(RLIMIT_AS, &space) != 0 || space.rlim_cur == RLIM_INFINITY) return kUnknown;
  const int64_t used = std::max<int64_t>(number_in("/proc/self/statm"), 0) * ::sysconf(_SC_PAGESIZE);
  return std::max<int64_t>(static_cast<int64_t>(space.rlim_cur) - used, 0);
}

}  // namespace

int64_t memory_left() { return std::min({machine_left(), container_left(), space_left()}); }

}  // namespace heed::support
