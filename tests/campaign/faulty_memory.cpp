// A memory that runs out where it is told to. Loaded by LD_PRELOAD, it counts what is asked of malloc and its
// kin from main() on, and from number $FAULT_AT on gives nothing of $FAULT_LEAST bytes or more; with $FAULT_ONCE only
// the first such request gets nothing. Their count is written to the file $FAULT_LOG when main() ends.
#include <dlfcn.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
}

namespace {

std::atomic<long> calls{0};
std::atomic<long> fails_at{-1};
std::atomic<size_t> least{0};
std::atomic<bool> armed{false}, once{false};
int (*program)(int, char**, char**) = nullptr;

bool fails(size_t bytes) {
  if (!armed.load(std::memory_order_relaxed)) return false;
  const long number = ++calls, at = fails_at;
  if (at < 0 || number < at || bytes < least) return false;
  if (once) fails_at = -1;
  errno = ENOMEM;
  return true;
}

int counted_main(int count, char** words, char** environment) {
  if (const char* at = std::getenv("FAULT_AT")) fails_at = std::atol(at);
  if (const char* bytes = std::getenv("FAULT_LEAST")) least = std::strtoul(bytes, nullptr, 10);
  once = std::getenv("FAULT_ONCE") != nullptr;
  armed = true;
  const int code = program(count, words, environment);
  armed = false;
  if (const char* log = std::getenv("FAULT_LOG"))
    if (std::FILE* file = std::fopen(log, "w")) {
      std::fprintf(file, "%ld\n", calls.load());
      std::fclose(file);
    }
  return code;
}

}  // namespace

extern "C" {

void* malloc(size_t bytes) { return fails(bytes) ? nullptr : __libc_malloc(bytes); }
void* calloc(size_t count, size_t bytes) { return fails(count * bytes) ? nullptr : __libc_calloc(count, bytes); }
void* realloc(void* block, size_t bytes) { return bytes && fails(bytes) ? nullptr : __libc_realloc(block, bytes); }
void* memalign(size_t alignment, size_t bytes) { return fails(bytes) ? nullptr : __libc_memalign(alignment, bytes); }
void* aligned_alloc(size_t alignment, size_t bytes) {
  return fails(bytes) ? nullptr : __libc_memalign(alignment, bytes);
}
int posix_memalign(void** block, size_t alignment, size_t bytes) {
  if (fails(bytes)) return ENOMEM;
  *block = __libc_memalign(alignment, bytes);
  return *block ? 0 : ENOMEM;
}

int __libc_start_main(int (*start)(int, char**, char**), int count, char** words, void (*init)(), void (*fini)(),
                      void (*rtld_fini)(), void* stack_end) {
  program = start;
  const auto real = reinterpret_cast<decltype(&__libc_start_main)>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return real(&counted_main, count, words, init, fini, rtld_fini, stack_end);
}
}
