#include "examples/support/process/lines.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "autograd/base/error.h"

namespace heed::support {

// Each byte is looked at once, however long the line is, and in however small pieces it comes.
bool LineReader::has_line() {
  if (end_ == std::string::npos) {
    end_ = bytes_.find('\n', searched_);
    searched_ = bytes_.size();
  }
  return ended_ || end_ != std::string::npos;
}

void LineReader::read_some() {
  char block[1 << 16];
  ssize_t count = 0;
  do count = ::read(descriptor_, block, sizeof block);
  while (count < 0 && errno == EINTR);
  if (count < 0) throw Error("cannot read standard input: {}", std::strerror(errno));
  bytes_.erase(0, at_);
  searched_ -= at_;
  at_ = 0;
  bytes_.append(block, static_cast<size_t>(count));
  ended_ = count == 0;
}

bool LineReader::ready() {
  while (!has_line()) {
    pollfd wanted{descriptor_, POLLIN, 0};
    if (::poll(&wanted, 1, 0) == 0) return false;
    read_some();  // where poll cannot tell, read can
  }
  return true;
}

std::optional<std::string> LineReader::next() {
  while (!has_line()) read_some();
  if (end_ == std::string::npos && at_ == bytes_.size()) return {};
  std::string line = bytes_.substr(at_, end_ - at_);
  at_ = searched_ = end_ == std::string::npos ? bytes_.size() : end_ + 1;
  end_ = std::string::npos;
  return line;
}

}  // namespace heed::support
