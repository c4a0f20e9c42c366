// A disk that fails where it is told to. Loaded by LD_PRELOAD, it counts the calls that change files in the
// folder $FAULT_FOLDER, and at number $FAULT_AT does what $FAULT says:
//
//   kill        end the process there, as kill -9 does
//   short       write half of the bytes
//   a number    fail with this errno; with $FAULT_FROM_THERE all calls after it do, too
//
// With $FAULT_LOG each call is written there, a line each.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

std::atomic<int> calls{0};

template <class F>
F real(F, const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

enum class Fate { spared, failed, halved };

Fate fate(const char* call, const char* path) {
  const char* folder = std::getenv("FAULT_FOLDER");
  if (!folder || !std::strstr(path, folder)) return Fate::spared;
  const int number = ++calls;
  if (const char* log = std::getenv("FAULT_LOG"))
    if (std::FILE* file = std::fopen(log, "a")) {
      std::fprintf(file, "%s %s\n", call, path);
      std::fclose(file);
    }
  const char *at = std::getenv("FAULT_AT"), *what = std::getenv("FAULT");
  if (!at || !what) return Fate::spared;
  const bool now = number == std::atoi(at) || (number > std::atoi(at) && std::getenv("FAULT_FROM_THERE"));
  if (!now) return Fate::spared;
  if (std::strcmp(what, "kill") == 0) ::kill(::getpid(), SIGKILL);
  if (std::strcmp(what, "short") == 0) return Fate::halved;
  errno = std::atoi(what);
  return Fate::failed;
}

Fate fate_of(const char* call, int descriptor) {
  char link[64], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const int saved = errno;
  const ssize_t length = ::readlink(link, path, sizeof path - 1);
  errno = saved;
  if (length < 0) return Fate::spared;
  path[length] = '\0';
  return fate(call, path);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if ((flags & O_ACCMODE) != O_RDONLY && fate("open", path) == Fate::failed) return -1;
  return real(&open, "open")(path, flags, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t count) {
  const Fate found = descriptor > 2 ? fate_of("write", descriptor) : Fate::spared;
  if (found == Fate::failed) return -1;
  return real(&write, "write")(descriptor, bytes, found == Fate::halved && count > 1 ? count / 2 : count);
}

int fsync(int descriptor) {
  return fate_of("fsync", descriptor) == Fate::failed ? -1 : real(&fsync, "fsync")(descriptor);
}

// Closed it is all the same.
int close(int descriptor) {
  const Fate found = descriptor > 2 ? fate_of("close", descriptor) : Fate::spared;
  const int reason = errno, result = real(&close, "close")(descriptor);
  if (found != Fate::failed) return result;
  errno = reason;
  return -1;
}

int rename(const char* from, const char* to) {
  return fate("rename", to) == Fate::failed ? -1 : real(&rename, "rename")(from, to);
}

int unlink(const char* path) { return fate("unlink", path) == Fate::failed ? -1 : real(&unlink, "unlink")(path); }
}
