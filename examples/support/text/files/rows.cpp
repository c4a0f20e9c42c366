#include "examples/support/text/files/rows.h"

#include "autograd/base/error.h"

#include <utility>

namespace heed::support {

// What follows a cell: `next` is where the next one begins, or npos.
struct RowReader::Cell {
  std::string text;
  size_t next = std::string::npos;
};

std::string RowReader::where() const { return fmt::format("{}, line {}", name_, line()); }

std::vector<std::string> RowReader::read() {
  first_ = next_++;
  std::vector<std::string> cells;
  std::string line = lines_[first_];
  if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);  // where files were put together, also in the midst
  for (size_t at = 0; at != std::string::npos;) {
    Cell cell = style_.quotes && line[at] == '"' ? quoted(line, at + 1) : plain(line, at);
    cells.push_back(std::move(cell.text));
    at = cell.next;
  }
  return cells;
}

RowReader::Cell RowReader::plain(const std::string& line, size_t at) const {
  const size_t end = line.find(style_.separator, at);
  return {line.substr(at, end - at), end == std::string::npos ? end : end + 1};
}

// `line` becomes the one on which the quotes end.
RowReader::Cell RowReader::quoted(std::string& line, size_t at) {
  std::string text;
  for (;; ++at) {
    if (at >= line.size()) {
      if (!more()) throw Error("{}: a quote is opened in this row and never closed", where());
      text += ' ';
      line = lines_[next_++];
      at = static_cast<size_t>(-1);
    } else if (line[at] != '"') {
      text += line[at];
    } else if (at + 1 < line.size() && line[at + 1] == '"') {
      text += line[at++];
    } else {
      break;
    }
  }
  if (at + 1 == line.size()) return {std::move(text)};
  if (line[at + 1] != style_.separator)
    throw Error("{}: a quote is closed in the midst of a column; within quotes, a quote is written twice", where());
  return {std::move(text), at + 2};
}

}  // namespace heed::support
