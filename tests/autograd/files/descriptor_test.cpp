#include "autograd/files/descriptor.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <thread>

#include "tests/catch.hpp"

using namespace heed;

TEST_CASE("a call that a signal interrupts is made again", "[descriptor]") {
  int calls = 0;
  CHECK(retry([&]() -> ssize_t {
          errno = EINTR;
          return ++calls < 4 ? -1 : 7;
        }) == 7);
  CHECK(retry([&]() -> ssize_t {
          errno = EIO;
          return ++calls, -1;
        }) == -1);
  CHECK(calls == 5);
}

TEST_CASE("signals neither end nor shorten what is written and read", "[descriptor]") {
  struct sigaction action {
  }, before{};
  action.sa_handler = [](int) {};  // without SA_RESTART
  ::sigaction(SIGALRM, &action, &before);
  const itimerval often{{0, 500}, {0, 500}};
  ::setitimer(ITIMER_REAL, &often, nullptr);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::string sent(3 << 20, 'a'), got(sent.size() + 9, 'b');
  for (size_t i = 0; i < sent.size(); i += 7) sent[i] = static_cast<char>(i);
  bool written = false;
  std::thread writer([&] { written = write_all(ends[1], sent) && close_file(ends[1]); });
  CHECK(read_all(ends[0], got.data(), got.size()) == static_cast<ssize_t>(sent.size()));
  writer.join();
  CHECK(written);
  CHECK((got.substr(0, sent.size()) == sent));
  const itimerval never{};
  ::setitimer(ITIMER_REAL, &never, nullptr);
  ::sigaction(SIGALRM, &before, nullptr);
  close_file(ends[0]);
  CHECK_FALSE(write_all(-1, "x"));
  CHECK(errno == EBADF);
  CHECK(read_all(-1, got.data(), 1) == -1);
  CHECK(open_file("/nowhere/file", 0) == -1);
  CHECK(errno == ENOENT);
}
