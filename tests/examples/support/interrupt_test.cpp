#include "examples/support/program/interrupt.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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
  for (int signal : {SIGINT, SIGTERM}) {
    CHECK(exit_code([&] {
            catch_interrupts();
            if (interrupted()) return 1;
            ::raise(signal);
            return interrupted() ? 42 : 2;
          }) == 42);
    CHECK(exit_code([&] {
            catch_interrupts();
            ::raise(signal);
            ::raise(SIGINT);
            return 3;
          }) == exit_interrupted);
  }
}

TEST_CASE("who does not ask for it is ended by the first signal", "[interrupt]") {
  CHECK(exit_code([] {
          ::signal(SIGINT, SIG_DFL);
          ::raise(SIGINT);
          return 0;
        }) == -1);
}
