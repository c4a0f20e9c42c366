#include "examples/support/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace heed::support {
namespace {

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

extern "C" void on_signal(int) {
  if (stop_asked.exchange(true)) ::_exit(exit_interrupted);
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
