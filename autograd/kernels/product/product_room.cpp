#include "autograd/kernels/product/product_room.h"

#include <sys/mman.h>
#include <sys/resource.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>

#include <unistd.h>

#include "autograd/base/error.h"

namespace heed::blas {
namespace {

constexpr size_t kBuffer = size_t{128} << 20;  // OpenBLAS's BUFFER_SIZE on x86-64; elsewhere it is smaller

// Reserved as OpenBLAS does it; nothing is touched, so it costs little.
bool is_room(size_t bytes) {
  void* const at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) return false;
  ::munmap(at, bytes);
  return true;
}

bool is_limited() {
  rlimit space{}, data{};
  ::getrlimit(RLIMIT_AS, &space);
  ::getrlimit(RLIMIT_DATA, &data);
  int accounting = 0;  // 2: the system promises no more than it has
  std::ifstream("/proc/sys/vm/overcommit_memory") >> accounting;
  return space.rlim_cur != RLIM_INFINITY || data.rlim_cur != RLIM_INFINITY || accounting == 2;
}

// Asked once: where nothing is limited, products stay as quick as they are.
bool limited() {
  static const bool answer = is_limited();
  return answer;
}

// As the process ends, OpenBLAS waits for its own threads, and those that wait for memory never come. glibc
// runs this before.
void end_without_waiting() {
#ifdef __GLIBC__
  ::on_exit(
      [](int status, void*) {
        std::fflush(nullptr);
        ::_exit(status);
      },
      nullptr);
#endif
}

struct Running {
  std::mutex mutex;
  std::condition_variable ended;
  int products = 0;
  bool alone = false;  // one that nobody may run beside
};

Running& running() {
  static Running state;
  return state;
}

}  // namespace

void require_first_room() {
  if (!limited()) return;
  // OpenBLAS starts threads of its own before main(). Those that have no buffer yet would take what is free.
  for (int tries = 0; tries < 3; ++tries) {
    if (tries > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (is_room(kBuffer)) continue;
    static std::once_flag once;
    std::call_once(once, end_without_waiting);
    throw Error(
        "matrix product: not enough memory: OpenBLAS needs 128 MB of address space, and as much for each "
        "thread of its own; raise the limit (ulimit -v, ulimit -d), or set OPENBLAS_NUM_THREADS=1 before the "
        "program starts");
  }
}

ProductRoom::ProductRoom() {
  if (!limited()) return;
  Running& now = running();
  std::unique_lock lock(now.mutex);
  now.ended.wait(lock, [&] { return !now.alone; });
  // Room as if none had a buffer yet: who has one is not known. It may go between here and the product, if
  // the program itself asks for much just then.
  if (now.products > 0 && !is_room(kBuffer * static_cast<size_t>(now.products + 1))) {
    now.ended.wait(lock, [&] { return now.products == 0 && !now.alone; });
    now.alone = true;
  }
  ++now.products;
}

ProductRoom::~ProductRoom() {
  if (!limited()) return;
  Running& now = running();
  {
    const std::lock_guard lock(now.mutex);
    --now.products;
    now.alone = false;
  }
  now.ended.notify_all();
}

}  // namespace heed::blas
