// Products where addresses are limited. Whether they are is found out once in a process, so each case is one of its
// own: this program again, under ulimit, with a hidden test.
#include "autograd/kernels/product/product_room.h"

#include <sys/wait.h>

#include <cstdlib>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "autograd/autograd.h"
#include "tests/catch.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HEED_SHADOWED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEED_SHADOWED  // terabytes of addresses for the sanitizer itself
#endif

using namespace heed;

namespace {

bool multiplies() {
  const Tensor square = Tensor::full({300, 300}, 1.0 / 300);
  for (int i = 0; i < 20; ++i)
    if (std::abs(matmul(square, square).to_vector()[7] - 1.0 / 300) > 1e-6) return false;
  return true;
}

// The same in a thread, where there may be no memory for the matrices themselves.
bool multiplies_or_lacks_memory() {
  try {
    return multiplies();
  } catch (const std::bad_alloc&) {
    return true;
  }
}

}  // namespace

TEST_CASE("products under a limit are right, or an Error", "[.room]") {
  try {
    const bool first = multiplies();
    CHECK(first);
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("OpenBLAS needs 128 MB") != std::string::npos);
    return;
  }
  // Once there was room for one, there is for many: beside each other, or one after the other.
  std::vector<char> right(6, 1);
  std::vector<std::thread> threads;
  try {
    for (char& answer : right) threads.emplace_back([&answer] { answer = multiplies_or_lacks_memory(); });
  } catch (const std::system_error&) {
    // The system starts no more threads.
  }
  for (std::thread& thread : threads) thread.join();
  for (const char answer : right) CHECK(answer);
}

TEST_CASE("a product never hangs where addresses are limited", "[product_room]") {
#if defined(__linux__) && !defined(HEED_SHADOWED)
  for (const int megabytes : {100, 150, 200, 250, 300, 350, 400, 450, 500, 600, 800, 1200}) {
    const std::string command = fmt::format("ulimit -v {} && exec timeout -s KILL 20 '{}' '[.room]' >/dev/null 2>&1",
                                            1024 * megabytes, HEED_THIS_PROGRAM);
    const int status = std::system(command.c_str());
    INFO(command);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
#endif
}
