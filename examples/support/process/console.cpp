#include "examples/support/process/console.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "autograd/files/descriptor.h"

namespace heed::support {
namespace {

std::atomic<bool> silent{false};  // a signal handler reads it, too

}  // namespace

void only_errors() noexcept { silent = true; }
bool says_only_errors() noexcept { return silent; }

// Past the stream's buffer, which would keep what could not be written and try it again.
void inform_text(std::FILE* to, std::string_view text) noexcept {
  if (silent) return;
  std::fflush(to);
  write_all(::fileno(to), text);
}

void open_standard_streams() noexcept {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // open() takes the lowest number that is free: this one. The wrong way round, so that its use fails.
    [[maybe_unused]] const int opened = ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace heed::support
