#include "examples/support/process/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "tests/catch.hpp"

using namespace heed::support;

namespace {

// Runs `body` in a process of its own and returns its exit code, or -1 when a signal ended it.
template <class Body>
int exit_code(Body body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("the first signal raises the flag, the second ends the process", "[interrupt]") {
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) {
    CHECK(exit_code([&] {
            ::signal(SIGHUP, SIG_DFL);
            catch_interrupts();
            if (interrupted()) return 1;
            ::raise(signal);
            try {
              stop_if_interrupted();
            } catch (const Interrupted&) {
              return interrupted() ? interrupted_exit_code() : 2;
            }
            return 3;
          }) == 128 + signal);
    CHECK(exit_code([&] {
            catch_interrupts();
            ::raise(signal);
            ::raise(SIGINT);
            return 3;
          }) == 130);
  }
}

TEST_CASE("a lost connection stays ignored under nohup", "[interrupt]") {
  CHECK(exit_code([] {
          ::signal(SIGHUP, SIG_IGN);
          catch_interrupts();
          ::raise(SIGHUP);
          return interrupted() ? 1 : 42;
        }) == 42);
}

TEST_CASE("a reader of stderr that stands still does not keep a signal from being answered", "[interrupt]") {
  CHECK(exit_code([] {
          int ends[2];
          if (::pipe(ends) != 0 || ::fcntl(ends[1], F_SETFL, O_NONBLOCK) != 0) return 1;
          const std::string block(1 << 16, '.');
          while (::write(ends[1], block.data(), block.size()) > 0) {
          }
          ::fcntl(ends[1], F_SETFL, 0);
          ::dup2(ends[1], STDERR_FILENO);
          ::alarm(20);
          catch_interrupts();
          ::raise(SIGTERM);
          return interrupted() ? 42 : 2;
        }) == 42);
}

TEST_CASE("who does not ask for it is ended by the first signal", "[interrupt]") {
  CHECK(exit_code([] {
          ::signal(SIGINT, SIG_DFL);
          ::raise(SIGINT);
          return 0;
        }) == -1);
}
