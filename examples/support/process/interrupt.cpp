#include "examples/support/program/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace heed::support {
namespace {

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

constexpr char notice[] = "\nstopping: this step is finished and saved first; Ctrl-C again ends at once\n";

extern "C" void on_signal(int) {
  if (stop_asked.exchange(true)) ::_exit(exit_interrupted);
  const int saved = errno;  // of whatever the signal came between
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, notice, sizeof notice - 1);
  errno = saved;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  // Restart what the signal interrupted, so that a save in progress does not fail because of it.
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return stop_asked.load(std::memory_order_relaxed); }

}  // namespace heed::support
