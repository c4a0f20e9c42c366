#include "autograd/files/atomic_file.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "autograd/base/error.h"

namespace heed {
namespace {

constexpr std::string_view marker = ".tmp-";

// Some systems write less than asked for, or refuse, above 2 GB at once.
constexpr size_t largest_write = size_t{1} << 30;

int flush_to_disk(int descriptor) {
#ifdef F_FULLFSYNC
  // On macOS fsync stops at the drive's own cache.
  if (::fcntl(descriptor, F_FULLFSYNC) == 0) return 0;
#endif
  int result;
  do result = ::fsync(descriptor);
  while (result != 0 && errno == EINTR);
  return result;
}

// The rename itself lives in the directory, which has its own way to the disk. File systems that cannot flush
// a directory say so with EINVAL; there is nothing more to be done on them.
void flush_directory(const std::filesystem::path& path) {
  std::filesystem::path directory = path.parent_path();
  if (directory.empty()) directory = ".";
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  const bool failed = flush_to_disk(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP;
  const int reason = errno;
  ::close(descriptor);
  if (failed) {
    throw Error("cannot flush the directory {}: {}; {} is written, but a power cut may undo it",
                directory.string(), std::strerror(reason), path.string());
  }
}

// The process that owns a temporary file, or 0 when the name is not one of ours.
pid_t owner(const std::string& name) {
  const size_t found = name.rfind(marker);
  if (name.empty() || name[0] != '.' || found == std::string::npos) return 0;
  pid_t pid = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + found + marker.size(), end, pid);
  return error == std::errc() && stop == end && pid > 0 ? pid : 0;
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  const std::string name = "." + path_.filename().string() + std::string(marker) + std::to_string(::getpid());
  temporary_ = path_.parent_path() / name;
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("create a file beside");
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::write(std::string_view bytes) {
  if (descriptor_ < 0) throw Error("cannot write {}: it is already committed or has failed", path_.string());
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), std::min(bytes.size(), largest_write));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void AtomicFile::commit() {
  if (descriptor_ < 0) throw Error("cannot commit {}: it is already committed or has failed", path_.string());
  if (flush_to_disk(descriptor_) != 0) fail("flush");
  // A network file system may tell only now that the bytes did not fit.
  if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) fail("close");
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("replace");
  temporary_.clear();
  flush_directory(path_);
}

void AtomicFile::fail(const char* action) {
  const int reason = errno;
  discard();
  throw Error("cannot {} {}: {}; what was there before is untouched", action, path_.string(),
              std::strerror(reason));
}

void AtomicFile::discard() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void sweep_temporary_files(const std::filesystem::path& directory) noexcept {
  std::error_code ignored;
  for (std::filesystem::directory_iterator entry(directory, ignored), end; entry != end;
       entry.increment(ignored)) {
    const pid_t pid = owner(entry->path().filename().string());
    if (pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH) std::filesystem::remove(entry->path(), ignored);
    if (ignored) return;
  }
}

}  // namespace heed
