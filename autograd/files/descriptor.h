// The system's calls on open files, done to the end: they are made again when a signal interrupted them
// (EINTR), and go on where one read or wrote less than was asked for. What fails says false or -1 and leaves
// the reason in errno.
#pragma once

#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <string_view>

namespace heed {

// Calls f() until no signal interrupts it.
template <class F>
auto retry(F f) {
  auto result = f();
  while (result == -1 && errno == EINTR) result = f();
  return result;
}

// open(2), for this process alone (O_CLOEXEC); a new file gets what the umask leaves of rw-rw-rw-.
int open_file(const char* path, int flags);

bool write_all(int descriptor, std::string_view bytes);

// Up to `bytes` bytes, fewer only at the end of the file; -1 if that fails.
ssize_t read_all(int descriptor, void* to, size_t bytes);

// Forces what was written to the disk, and not only to the drive's own cache.
bool flush_to_disk(int descriptor);

// False where the system tells only now that the bytes did not fit, as a network file system may.
bool close_file(int descriptor);

}  // namespace heed
