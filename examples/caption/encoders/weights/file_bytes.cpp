#include "examples/caption/encoders/weights/file_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "autograd/files/descriptor.h"

namespace heed::caption {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers in the files are little-endian");

constexpr int64_t kWindow = 1 << 16;
constexpr size_t kLongestShown = 100;

}  // namespace

FileBytes::FileBytes(const std::filesystem::path& path)
    : name_(path.string()), descriptor_(open_file(path.c_str(), O_RDONLY | O_NONBLOCK)) {
  if (descriptor_ < 0) throw Error("cannot open the weights {}: {}", name_, std::strerror(errno));
  struct stat about {};
  const bool regular = ::fstat(descriptor_, &about) == 0 && S_ISREG(about.st_mode);
  if (!regular) {
    ::close(descriptor_);
    throw Error("the weights {} are no file", name_);
  }
  size_ = about.st_size;
}

FileBytes::FileBytes(std::string bytes, std::string name)
    : name_(std::move(name)), size_(static_cast<int64_t>(bytes.size())), window_(std::move(bytes)) {}

FileBytes::~FileBytes() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void FileBytes::check_inside(int64_t at, int64_t count) const {
  if (at < 0 || count < 0 || at > size_ || count > size_ - at)
    throw Error("{}: {} bytes at byte {} are not there: it has {}. Is the file whole?", name_, count, at, size_);
}

void FileBytes::fetch(int64_t at, int64_t count, void* to) const {
  auto* place = static_cast<char*>(to);
  while (count > 0) {
    const auto some = static_cast<size_t>(std::min<int64_t>(count, 1 << 30));
    const ssize_t got = retry([&] { return ::pread(descriptor_, place, some, at); });
    if (got < 0) throw Error("cannot read {} at byte {}: {}", name_, at, std::strerror(errno));
    if (got == 0) throw Error("{} ended at byte {} while it was being read; is it being written?", name_, at);
    at += got, place += got, count -= got;
  }
}

void FileBytes::read(int64_t at, int64_t count, void* to) const {
  check_inside(at, count);
  if (count == 0) return;
  const bool short_read = count < kWindow / 16;
  if (descriptor_ >= 0 && !short_read) return fetch(at, count, to);
  for (auto* place = static_cast<uint8_t*>(to); count > 0; --count) *place++ = byte(at++);
}

std::string FileBytes::read(int64_t at, int64_t count) const {
  check_inside(at, count);
  std::string result(static_cast<size_t>(count), '\0');
  read(at, count, result.data());
  return result;
}

uint8_t FileBytes::byte(int64_t at) const {
  const bool there = at >= window_at_ && at - window_at_ < static_cast<int64_t>(window_.size());
  if (!there) {
    check_inside(at, 1);
    window_.resize(static_cast<size_t>(std::min(kWindow, size_ - at)));
    window_at_ = at;
    fetch(at, static_cast<int64_t>(window_.size()), window_.data());
  }
  return static_cast<uint8_t>(window_[static_cast<size_t>(at - window_at_)]);
}

std::string shown(std::string_view name) {
  std::string text(name.substr(0, kLongestShown));
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return name.size() > kLongestShown ? text + ".." : text;
}

uint8_t ByteCursor::byte() {
  pass(1);
  return bytes_->byte(at_ - 1);
}

std::string ByteCursor::text(uint64_t count) {
  const int64_t begin = at_;
  pass(count);
  return bytes_->read(begin, static_cast<int64_t>(count));
}

std::string ByteCursor::line(int64_t most) {
  std::string text;
  for (int64_t i = 0; i <= most; ++i) {
    const char c = static_cast<char>(byte());
    if (c == '\n') return text;
    text += c;
  }
  fail("a line does not end");
}

void ByteCursor::pass(uint64_t count) {
  if (count > static_cast<uint64_t>(left()))
    fail(fmt::format("{} bytes are said to follow, but {} are left. Is the file whole?", count, left()));
  at_ += static_cast<int64_t>(count);
}

ByteCursor ByteCursor::part(uint64_t count) {
  const int64_t begin = at_;
  pass(count);
  return {*bytes_, begin, at_};
}

void ByteCursor::fail_at(int64_t at, std::string_view what) const {
  throw Error("{}: at byte {}: {}", bytes_->name(), at, what);
}

}  // namespace heed::caption
