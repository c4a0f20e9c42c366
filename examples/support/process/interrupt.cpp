#include "examples/support/process/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "examples/support/process/console.h"

namespace heed::support {
namespace {

std::atomic<int> asked_by{0};  // the signal; 0: none came
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

constexpr char notice[] = "\nstopping: this step is finished and saved first; Ctrl-C again ends at once\n";

extern "C" void on_signal(int signal) {
  if (asked_by.exchange(signal) != 0) ::_exit(128 + signal);
  if (says_only_errors()) return;
  const int saved = errno;  // of whatever the signal came between
  // A reader that stands still must not keep the work from being saved.
  pollfd error{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&error, 1, 0) == 1 && (error.revents & POLLOUT)) [[maybe_unused]]
    const ssize_t written = ::write(STDERR_FILENO, notice, sizeof notice - 1);
  errno = saved;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  // Restart what the signal interrupted, so that a save in progress does not fail because of it. And let the
  // second one in while the first is being answered.
  action.sa_flags = SA_RESTART | SA_NODEFER;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGUSR1, &action, nullptr);  // mpirun hands it on to all processes
  ::sigaction(SIGUSR2, &action, nullptr);  // with it some batch systems warn, ..
  ::sigaction(SIGXCPU, &action, nullptr);  // .. and the system, when the time that it gave is used up
  struct sigaction before {};
  if (::sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
    ::sigaction(SIGHUP, &action, nullptr);
}

bool interrupted() { return asked_by.load(std::memory_order_relaxed) != 0; }

int interrupted_exit_code() { return 128 + (interrupted() ? asked_by.load() : SIGINT); }

void stop_if_interrupted() {
  if (interrupted()) throw Interrupted();
}

}  // namespace heed::support
