// A file of weights as bytes, read where they are asked for. What a file says of its own sizes is never taken for
// true: everything is compared with the bytes that are there before memory is asked for. Reading (unlike mapping)
// turns a file that shrinks meanwhile into an error, not a crash.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "autograd/base/error.h"

namespace heed::caption {

class FileBytes {
 public:
  // Throws if it is no file that can be read.
  explicit FileBytes(const std::filesystem::path& path);
  // Bytes in memory, a part of a file for instance; `name` is for messages.
  FileBytes(std::string bytes, std::string name);
  ~FileBytes();
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  const std::string& name() const { return name_; }
  int64_t size() const { return size_; }
  // Throws if these are not all in the file.
  void read(int64_t at, int64_t count, void* to) const;
  std::string read(int64_t at, int64_t count) const;
  // The first bytes, fewer than `count` if the file is shorter.
  std::string start(int64_t count) const { return read(0, std::min(count, size_)); }
  // For reading byte by byte: some are fetched at a time. `at` must be in the file.
  uint8_t byte(int64_t at) const;

 private:
  void check_inside(int64_t at, int64_t count) const;
  void fetch(int64_t at, int64_t count, void* to) const;

  std::string name_;
  int descriptor_ = -1;
  int64_t size_ = 0;
  mutable std::string window_;  // of a file the bytes from window_at_ on; else all
  mutable int64_t window_at_ = 0;
};

// A name from a file as it may stand in a message: at most 100 bytes, and a ? for what is not printable.
std::string shown(std::string_view name);

// Reads a stretch of the bytes in order. What would go beyond its end throws, with the place.
class ByteCursor {
 public:
  explicit ByteCursor(const FileBytes& bytes) : ByteCursor(bytes, 0, bytes.size()) {}
  // The bytes [begin, end), which must be there.
  ByteCursor(const FileBytes& bytes, int64_t begin, int64_t end) : bytes_(&bytes), at_(begin), end_(end) {}

  const FileBytes& bytes() const { return *bytes_; }
  int64_t at() const { return at_; }
  int64_t left() const { return end_ - at_; }
  uint8_t byte();
  // A number as it stands there, little-endian.
  template <class Number>
  Number number() {
    Number number;
    const int64_t begin = at_;
    pass(sizeof number);
    bytes_->read(begin, sizeof number, &number);
    return number;
  }
  std::string text(uint64_t count);
  // Up to the next '\n', which is passed over; throws where a line has more than `most` bytes.
  std::string line(int64_t most);
  void pass(uint64_t count);
  // The next `count` bytes as a stretch of their own, passed over here.
  ByteCursor part(uint64_t count);

  [[noreturn]] void fail(std::string_view what) const { fail_at(at_, what); }
  [[noreturn]] void fail_at(int64_t at, std::string_view what) const;

 private:
  const FileBytes* bytes_;
  int64_t at_, end_;
};

}  // namespace heed::caption
