#include "examples/support/text/files/packed.h"

#include <zlib.h>
#ifdef HEED_HAS_LIBARCHIVE
#include <archive.h>
#include <archive_entry.h>
#endif

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <string_view>
#include <vector>

#include "autograd/base/error.h"
#include "examples/support/process/memory_left.h"

namespace heed::support {
namespace {

using Path = std::filesystem::path;

// An ending, what unpacks it in a shell, and whether it is an archive, with names in it.
struct Packing {
  std::string_view ending, command;
  bool archive = false;
};
// tar before what packs it.
constexpr Packing packings[] = {
    {".tar.gz", "tar xf", true}, {".tar.xz", "tar xf", true}, {".tar.bz2", "tar xf", true}, {".tgz", "tar xf", true},
    {".tar", "tar xf", true},    {".zip", "unzip", true},     {".gz", "gunzip -k"},         {".xz", "unxz -k"},
    {".zst", "unzstd"},          {".bz2", "bunzip2 -k"},
};

const Packing* packing_of(const std::string& name) {
  for (const Packing& packing : packings)
    if (name.size() > packing.ending.size() && name.ends_with(packing.ending)) return &packing;
  return nullptr;
}

// A block more of what a file holds. That may be a thousand times as much as its size says, if it is packed,
// and without end, if it is a device: so whether there is room is asked each time that the text is about to
// be moved to a larger one.
void append_block(std::string& bytes, std::string_view block, const Path& path) {
  if (bytes.size() + block.size() > bytes.capacity()) {
    const int64_t left = memory_left(), wanted = 2 * static_cast<int64_t>(bytes.capacity() + block.size());
    if (wanted > left)
      throw Error(
          "cannot read {}: it holds more than {} MB of text, and there is memory for {} MB more; give a part of it",
          path.string(), bytes.size() >> 20, left >> 20);
  }
  bytes += block;
}

[[noreturn]] void damaged(const Path& path, const std::string& reason, size_t bytes) {
  throw Error("cannot unpack {}: {} after {} bytes of text; the file is cut or damaged, fetch it again",
              path.string(), reason, bytes);
}

std::string read_gzip(const Path& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose_r);
  if (!file) throw Error("cannot open {}: {}", path.string(), std::strerror(errno));
  std::string bytes;
  std::vector<char> buffer(1 << 16);
  int count = 0;
  while ((count = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    append_block(bytes, {buffer.data(), static_cast<size_t>(count)}, path);
  }
  int code = Z_OK;
  const std::string reason = gzerror(file.get(), &code);
  if (count < 0 || code != Z_OK) damaged(path, reason, bytes.size());
  if (!bytes.empty() && gzdirect(file.get()) != 0) {
    throw Error("cannot unpack {}: its name ends in .gz but it is not a gzip file", path.string());
  }
  return bytes;
}

std::string read_plain(const Path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error("cannot open {}: {}", path.string(), std::strerror(errno));
  std::string bytes;
  std::error_code unknown;  // how long a device is
  const std::uintmax_t size = std::filesystem::file_size(path, unknown);
  if (!unknown && static_cast<int64_t>(size) < memory_left() / 2) bytes.reserve(size);
  std::vector<char> buffer(1 << 16);
  do {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    append_block(bytes, {buffer.data(), static_cast<size_t>(file.gcount())}, path);
  } while (file);
  if (file.bad()) throw Error("cannot read {}: {}", path.string(), std::strerror(errno));
  return bytes;
}

#ifdef HEED_HAS_LIBARCHIVE

class Archive {
 public:
  Archive(const Path& path, const Packing& packing) : path_(path), archive_(archive_read_new(), archive_read_free) {
    archive_read_support_filter_all(archive_.get());
    packing.archive ? archive_read_support_format_all(archive_.get())
                    : archive_read_support_format_raw(archive_.get());
    if (archive_read_open_filename(archive_.get(), path.c_str(), 1 << 16) != ARCHIVE_OK) fail(0);
    if (!packing.archive && archive_filter_count(archive_.get()) < 2)
      throw Error("cannot unpack {}: its name ends in {} but that is not what it is", path.string(), packing.ending);
  }

  // The name of the next file in it, "" after the last.
  std::string next() {
    archive_entry* entry = nullptr;
    for (;;) {
      const int code = archive_read_next_header(archive_.get(), &entry);
      if (code == ARCHIVE_EOF) return "";
      if (code != ARCHIVE_OK && code != ARCHIVE_WARN) fail(0);
      const char* const name = archive_entry_pathname(entry);
      const std::string shown = name && *name ? name : "?";
      if (archive_entry_filetype(entry) == AE_IFDIR || shown.ends_with('/')) continue;
      if (const char first = Path(shown).filename().string()[0]; first != '_' && first != '.') return shown;
    }
  }

  std::string read() {
    std::string bytes;
    std::vector<char> buffer(1 << 16);
    for (la_ssize_t count = 1; count != 0;) {
      count = archive_read_data(archive_.get(), buffer.data(), buffer.size());
      if (count < 0) fail(bytes.size());
      append_block(bytes, {buffer.data(), static_cast<size_t>(count)}, path_);
    }
    return bytes;
  }

 private:
  [[noreturn]] void fail(size_t bytes) const {
    const char* const reason = archive_error_string(archive_.get());
    damaged(path_, reason ? reason : "it cannot be read", bytes);
  }

  const Path& path_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
};

std::string read_archive(const Path& path, const Packing& packing) {
  Archive archive(path, packing);
  const std::string name = archive.next();
  if (name.empty()) throw Error("{} holds no file", path.string());
  std::string bytes = archive.read();
  if (!packing.archive) return bytes;
  if (const std::string second = archive.next(); !second.empty())
    throw Error(
        "{} holds several files ({}, {}, ..); unpack it ({} {}) and give the one that is meant, or the folder",
        path.string(), name, second, packing.command, path.string());
  return bytes;
}

#else

std::string read_archive(const Path& path, const Packing& packing) {
  throw Error(
      "cannot unpack {}: this heed was built without libarchive; install it (Debian: libarchive-dev) and build "
      "again, or unpack the file: {} {}",
      path.string(), packing.command, path.string());
}

#endif

}  // namespace

bool has_libarchive() {
#ifdef HEED_HAS_LIBARCHIVE
  return true;
#else
  return false;
#endif
}

std::string unpacked_name(const std::string& name) {
  const Packing* const packing = packing_of(name);
  return packing ? name.substr(0, name.size() - packing->ending.size()) : name;
}

std::string read_unpacked(const Path& path) {
  const Packing* const packing = packing_of(path.filename().string());
  if (!packing) return read_plain(path);
  return packing->ending == ".gz" ? read_gzip(path) : read_archive(path, *packing);
}

}  // namespace heed::support
