// The rows of a table: lines with tabs between the cells, or with commas and quotes (RFC 4180).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace heed::support {

// How the columns of a table are told apart.
struct TableStyle {
  char separator = ',';
  bool quotes = false;  // RFC 4180: "a ""quoted"" text, with commas", over several lines, too
};

// Reads rows off lines, one or more at a time. What is given must outlive the reader.
class RowReader {
 public:
  // `name` is the file's, for messages.
  RowReader(const std::string& name, const std::vector<std::string>& lines, const TableStyle& style)
      : name_(name), lines_(lines), style_(style) {}

  bool more() const { return next_ < lines_.size(); }
  // The row that begins in the next line, cut into cells. The ends of lines within quotes become spaces. Throws,
  // with file and line, for a quote that is not closed or is closed too early.
  std::vector<std::string> read();
  // Of the row that was read last: the number of its first line, counted from 1, and "FILE, line N".
  size_t line() const { return first_ + 1; }
  std::string where() const;

 private:
  struct Cell;
  Cell plain(const std::string& line, size_t at) const;
  Cell quoted(std::string& line, size_t at);

  const std::string& name_;
  const std::vector<std::string>& lines_;
  const TableStyle& style_;
  size_t next_ = 0, first_ = 0;
};

}  // namespace heed::support
