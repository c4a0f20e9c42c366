#include "examples/support/process/frame.h"

#include <signal.h>
#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>

#include "autograd/base/error.h"
#include "autograd/kernels/blas.h"
#include "examples/support/process/console.h"
#include "examples/support/process/interrupt.h"

namespace heed::support {

int fail(const char* text) noexcept {
  std::fprintf(stderr, "error: %s\n", text);
  return failed;
}

int guarded(const std::function<int()>& body) noexcept {
  try {
    return body();
  } catch (const Interrupted&) {
    return interrupted_exit_code();
  } catch (const std::bad_alloc&) {
    return fail("out of memory; a smaller batch or model needs less");
  } catch (const std::filesystem::filesystem_error& error) {
    std::fprintf(stderr, "error: cannot use %s: %s\n", error.path1().c_str(), error.code().message().c_str());
    return failed;
  } catch (const std::exception& error) {
    return fail(error.what());
  } catch (...) {
    return fail("something was thrown that is no error");
  }
}

namespace {

// Threads get a stack of this size, too. One that is too small ends in a signal nobody can answer.
void require_stack() {
  constexpr rlim_t least = rlim_t{512} << 10;
  rlimit stack{};
  if (::getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur < least)
    throw Error("the stack is limited to {} kB, and {} are needed; raise the limit (ulimit -s)", stack.rlim_cur >> 10,
                least >> 10);
}

}  // namespace

int run_main(const std::function<int()>& body) noexcept {
  open_standard_streams();
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a file beyond its limit is an error of who writes it
  return guarded([&] {
    require_stack();
    blas::core_name();  // makes the first product: whether there is memory for it is told now, not after an epoch
    return body();
  });
}

}  // namespace heed::support
