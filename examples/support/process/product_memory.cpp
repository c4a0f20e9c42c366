#include "examples/support/process/product_memory.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

#include "autograd/base/memory.h"
#include "autograd/kernels/blas.h"
#include "examples/support/process/console.h"

namespace heed::support {
namespace {

constexpr size_t kBuffer = size_t{128} << 20;  // OpenBLAS's BUFFER_SIZE on x86-64; elsewhere it is smaller

// Reserved as OpenBLAS does it; nothing is touched, so it costs nothing.
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
  return space.rlim_cur != RLIM_INFINITY || data.rlim_cur != RLIM_INFINITY;
}

constexpr char too_little[] =
    "error: not enough memory for products of matrices: OpenBLAS needs 128 MB of address space for each "
    "thread; "
    "raise the limit (ulimit -v, ulimit -d) or take fewer --threads\n";

[[noreturn]] void give_up() {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, too_little, sizeof too_little - 1);
  ::_exit(1);
}

extern "C" void on_alarm(int) {
  if (!is_room(kBuffer)) give_up();
}

// Rings every tenth of a second while it lives: a product that is not back then, with no room for a buffer,
// will never be.
class Watch {
 public:
  Watch() {
    struct sigaction action {};
    action.sa_handler = on_alarm;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGALRM, &action, &before_);
    set({{0, 100000}, {0, 100000}});
  }
  ~Watch() {
    set({});
    ::sigaction(SIGALRM, &before_, nullptr);
  }

 private:
  static void set(const itimerval& times) { ::setitimer(ITIMER_REAL, &times, nullptr); }
  struct sigaction before_ {};
};

// Large enough that OpenBLAS takes a buffer for it: it has ways without for small products.
void make_product() {
  const Tensor square = Tensor::zeros({256, 256});
  Tensor product = Tensor::zeros({256, 256});
  blas::multiply(product, square, false, square, false);
}

}  // namespace

void require_product_memory(int threads) noexcept try {
  static int found_for = 0;  // so many threads: OpenBLAS keeps what it has taken
  if (threads <= found_for) return;
  found_for = threads;
  if (!is_room(kBuffer)) give_up();
  const Watch watch;
  make_product();
  memory::reset_peak();  // of what the program itself takes
  if (!is_limited()) return;
  // OpenBLAS starts threads of its own before main; they take their buffers at the same time as we ask.
  for (int tries = 0; tries < 3; ++tries) {
    if (!is_room(kBuffer * static_cast<size_t>(threads))) give_up();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
} catch (...) {  // not even for the matrices
  give_up();
}

}  // namespace heed::support
