// Lines from a pipe, a terminal or a file as they come in. A program that answers line by line asks ready():
// while there is more, it may gather lines and work on many at once; when there is not, somebody may be
// waiting for the answer to what he has written so far.
#pragma once

#include <optional>
#include <string>

namespace heed::support {

class LineReader {
 public:
  explicit LineReader(int descriptor) : descriptor_(descriptor) {}

  // The next line without its '\n'; waits for it. Nothing at the end. Throws when it cannot be read.
  std::optional<std::string> next();
  // Whether next() has a line, or knows the end, without waiting.
  bool ready();

 private:
  bool has_line();
  void read_some();  // waits for at least a byte or the end

  int descriptor_;
  std::string bytes_;
  size_t at_ = 0;                   // of the line that comes next
  size_t searched_ = 0;             // from at_ to here there is no '\n'
  size_t end_ = std::string::npos;  // of that line, once it is known
  bool ended_ = false;
};

}  // namespace heed::support
