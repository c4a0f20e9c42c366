#include "autograd/files/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace heed {
namespace {

// Some systems read or write less than asked for, or refuse, above 2 GB at once.
constexpr size_t kMost = size_t{1} << 30;

}  // namespace

int open_file(const char* path, int flags) {
  return retry([&] { return ::open(path, flags | O_CLOEXEC, 0666); });
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = retry([&] { return ::write(descriptor, bytes.data(), std::min(bytes.size(), kMost)); });
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

ssize_t read_all(int descriptor, void* to, size_t bytes) {
  size_t done = 0;
  while (done < bytes) {
    char* const at = static_cast<char*>(to) + done;
    const ssize_t got = retry([&] { return ::read(descriptor, at, std::min(bytes - done, kMost)); });
    if (got < 0) return -1;
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return static_cast<ssize_t>(done);
}

bool flush_to_disk(int descriptor) {
#ifdef F_FULLFSYNC
  // On macOS fsync stops at the drive's own cache.
  if (::fcntl(descriptor, F_FULLFSYNC) == 0) return true;
#endif
  return retry([&] { return ::fsync(descriptor); }) == 0;
}

// Closed it is in any case; interrupted means only that nobody waited.
bool close_file(int descriptor) { return ::close(descriptor) == 0 || errno == EINTR; }

}  // namespace heed
