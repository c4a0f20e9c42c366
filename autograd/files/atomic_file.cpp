#include "autograd/files/atomic_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <utility>

#include "autograd/base/error.h"
#include "autograd/files/descriptor.h"

namespace heed {
namespace {

constexpr std::string_view marker = ".tmp-";

// A rename, or a removal, lives in the directory, which has its own way to the disk. File systems that cannot
// flush a directory say so with EINVAL; there is nothing more to be done on them.
void flush_directory(const std::filesystem::path& path, const char* done) {
  std::filesystem::path directory = path.parent_path();
  if (directory.empty()) directory = ".";
  const int descriptor = open_file(directory.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return;
  const bool failed = !flush_to_disk(descriptor) && errno != EINVAL && errno != ENOTSUP;
  const int reason = errno;
  close_file(descriptor);
  if (failed) {
    throw Error("cannot flush the directory {}: {}; {} is {}, but a power cut may undo it", directory.string(),
                std::strerror(reason), path.string(), done);
  }
}

// A pipe, a terminal, /dev/stdout: where there is no file to be replaced, only something to write into.
bool is_special(const std::filesystem::path& path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
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
  if (is_special(path_)) {
    descriptor_ = open_file(path_.c_str(), O_WRONLY);
    if (descriptor_ < 0) fail("open");
    return;
  }
  const std::string name = "." + path_.filename().string() + std::string(marker) + std::to_string(::getpid());
  temporary_ = path_.parent_path() / name;
  descriptor_ = open_file(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
  if (descriptor_ < 0) fail("create a file beside");
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::write(std::string_view bytes) {
  if (descriptor_ < 0) throw Error("cannot write {}: it is already committed or has failed", path_.string());
  if (!write_all(descriptor_, bytes)) fail("write");
}

void AtomicFile::commit() {
  if (descriptor_ < 0) throw Error("cannot commit {}: it is already committed or has failed", path_.string());
  if (!temporary_.empty() && !flush_to_disk(descriptor_)) fail("flush");
  if (!close_file(std::exchange(descriptor_, -1))) fail("close");
  if (temporary_.empty()) return;
  if (retry([&] { return ::rename(temporary_.c_str(), path_.c_str()); }) != 0) fail("replace");
  temporary_.clear();
  flush_directory(path_, "written");
}

void AtomicFile::fail(const char* action) {
  const int reason = errno;
  const char* rest = temporary_.empty() ? "" : "; what was there before is untouched";
  discard();
  throw Error("cannot {} {}: {}{}", action, path_.string(), std::strerror(reason), rest);
}

void AtomicFile::discard() noexcept {
  if (descriptor_ >= 0) close_file(std::exchange(descriptor_, -1));
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void remove_file(const std::filesystem::path& path) {
  if (retry([&] { return ::unlink(path.c_str()); }) == 0) return flush_directory(path, "removed");
  if (errno != ENOENT) throw Error("cannot remove {}: {}", path.string(), std::strerror(errno));
}

void sweep_temporary_files(const std::filesystem::path& directory) noexcept {
  std::error_code ignored;
  for (std::filesystem::directory_iterator entry(directory, ignored), end; entry != end; entry.increment(ignored)) {
    const pid_t pid = owner(entry->path().filename().string());
    if (pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH) std::filesystem::remove(entry->path(), ignored);
    if (ignored) return;
  }
}

}  // namespace heed
