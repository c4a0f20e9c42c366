#include "examples/caption/encoders/weights/zip_file.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

namespace heed::caption {
namespace {

constexpr uint32_t kLocalHeader = 0x04034b50, kDirectoryEntry = 0x02014b50;
constexpr std::string_view kDirectoryEnd = "PK\5\6";
constexpr uint32_t kLargeDirectoryEnd = 0x06064b50, kLargeDirectoryLocator = 0x07064b50;
constexpr int64_t kDirectoryEndBytes = 22, kLocatorBytes = 20, kLongestComment = 0xffff;
constexpr uint32_t kInZip64 = 0xffffffff;  // in place of a size or a place that has not enough bits
constexpr uint16_t kZip64Field = 1;
constexpr uint16_t kEncrypted = 1;
constexpr uint16_t kStored = 0, kDeflated = 8;

// So much more than the file itself has may be read from it, and a MiB, for small files with many zeros.
constexpr int64_t kMostInflation = 16, kAlwaysGiven = 1 << 20;

// The sizes of an entry that are too large for their fields stand in this order in an extra field.
void read_zip64(ByteCursor extra, ZipEntry& entry, bool size, bool packed, bool header) {
  while (extra.left() >= 4) {
    const auto kind = extra.number<uint16_t>();
    ByteCursor field = extra.part(extra.number<uint16_t>());
    if (kind != kZip64Field) continue;
    if (size) entry.size = field.number<int64_t>();
    if (packed) entry.packed = field.number<int64_t>();
    if (header) entry.header = field.number<int64_t>();
    return;
  }
  extra.fail("the zip file does not tell the size of an entry");
}

struct InflateEnd {
  void operator()(z_stream* stream) const {
    inflateEnd(stream);
    delete stream;
  }
};

}  // namespace

bool ZipFile::is_one(const FileBytes& bytes) {
  const std::string start = bytes.start(4);
  return start == "PK\3\4" || start == "PK\5\6";
}

ZipFile::ZipFile(const FileBytes& bytes) : bytes_(bytes) { read_directory(find_directory()); }

ZipFile::Directory ZipFile::find_directory() const {
  const int64_t first = std::max<int64_t>(0, bytes_.size() - kDirectoryEndBytes - kLongestComment);
  const std::string tail = bytes_.read(first, bytes_.size() - first);
  for (size_t found = tail.rfind(kDirectoryEnd); found != std::string::npos;
       found = found > 0 ? tail.rfind(kDirectoryEnd, found - 1) : std::string::npos) {
    const int64_t at = first + static_cast<int64_t>(found);
    ByteCursor end(bytes_, at, bytes_.size());
    if (end.left() < kDirectoryEndBytes) continue;
    end.pass(4);
    const auto disk = end.number<uint16_t>(), first_disk = end.number<uint16_t>();
    end.pass(2);
    const auto entries = end.number<uint16_t>();
    const auto size = end.number<uint32_t>(), begin = end.number<uint32_t>();
    if (end.number<uint16_t>() != end.left()) continue;
    if (entries == 0xffff || size == kInZip64 || begin == kInZip64) return large_directory(at);
    if (disk != 0 || first_disk != 0) end.fail("the zip file is one of several parts; heed reads whole ones");
    return {begin, size, entries};
  }
  throw Error("{} begins as a zip file but has no directory at its end: it is cut off. Fetch it again",
              bytes_.name());
}

ZipFile::Directory ZipFile::large_directory(int64_t end) const {
  if (end < kLocatorBytes) throw Error("{}: the end of the zip file is damaged", bytes_.name());
  ByteCursor locator(bytes_, end - kLocatorBytes, end);
  if (locator.number<uint32_t>() != kLargeDirectoryLocator)
    locator.fail("the zip file does not tell where its directory is");
  locator.pass(4);
  const auto at = locator.number<int64_t>();
  if (at < 0 || at > end - kLocatorBytes) locator.fail("the zip file has its directory beyond its end");
  ByteCursor large(bytes_, at, end - kLocatorBytes);
  if (large.number<uint32_t>() != kLargeDirectoryEnd) large.fail_at(at, "no end of a zip file's directory");
  large.pass(8 + 2 + 2 + 4 + 4 + 8);
  const auto entries = large.number<int64_t>(), size = large.number<int64_t>();
  return {large.number<int64_t>(), size, entries};
}

void ZipFile::read_directory(const Directory& directory) {
  const auto [at, bytes, entries] = directory;
  if (at < 0 || bytes < 0 || entries < 0 || at > bytes_.size() || bytes > bytes_.size() - at)
    throw Error("{}: the zip file says that its directory has {} bytes at byte {}, but the file has {}",
                bytes_.name(), bytes, at, bytes_.size());
  ByteCursor from(bytes_, at, at + bytes);
  for (int64_t i = 0; i < entries; ++i) {
    ZipEntry entry = read_entry(from);
    if (!numbers_.emplace(entry.name, entries_.size()).second)
      from.fail(fmt::format("two entries of the zip file are called {}", shown(entry.name)));
    entries_.push_back(std::move(entry));
  }
}

ZipEntry ZipFile::read_entry(ByteCursor& from) const {
  const int64_t begin = from.at();
  if (from.number<uint32_t>() != kDirectoryEntry) from.fail_at(begin, "no entry of a zip file's directory");
  from.pass(4);
  const auto flags = from.number<uint16_t>();
  ZipEntry entry{.method = from.number<uint16_t>()};
  from.pass(4);
  entry.sum = from.number<uint32_t>();
  const auto packed = from.number<uint32_t>(), size = from.number<uint32_t>();
  const auto name = from.number<uint16_t>(), extra = from.number<uint16_t>(), comment = from.number<uint16_t>();
  from.pass(8);
  const auto header = from.number<uint32_t>();
  entry.packed = packed, entry.size = size, entry.header = header;
  entry.name = from.text(name);
  const ByteCursor more = from.part(extra);
  from.pass(comment);
  if (packed == kInZip64 || size == kInZip64 || header == kInZip64)
    read_zip64(more, entry, size == kInZip64, packed == kInZip64, header == kInZip64);
  const std::string called = shown(entry.name);
  if (flags & kEncrypted) from.fail_at(begin, fmt::format("{} in the zip file is encrypted", called));
  if (entry.method != kStored && entry.method != kDeflated)
    from.fail_at(begin,
                 fmt::format("{} in the zip file is packed by method {}; heed reads 0 (stored) and 8 (deflated)",
                             called, entry.method));
  if (entry.size < 0 || entry.packed < 0 || entry.header < 0 || entry.packed > bytes_.size() - entry.header ||
      (entry.method == kStored && entry.packed != entry.size))
    from.fail_at(begin,
                 fmt::format("{} in the zip file is said to have {} bytes, packed {}, at byte {}, but the file "
                             "has {}",
                             called, entry.size, entry.packed, entry.header, bytes_.size()));
  return entry;
}

const ZipEntry* ZipFile::find(const std::string& name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? nullptr : &entries_[found->second];
}

std::string ZipFile::where(const ZipEntry& entry) const { return bytes_.name() + ": " + shown(entry.name); }

ByteCursor ZipFile::packed_bytes(const ZipEntry& entry) const {
  ByteCursor from(bytes_, entry.header, bytes_.size());
  if (from.number<uint32_t>() != kLocalHeader) from.fail_at(entry.header, "no header of an entry of a zip file");
  from.pass(22);
  const auto name = from.number<uint16_t>(), extra = from.number<uint16_t>();
  if (from.text(name) != entry.name) from.fail_at(entry.header, "the zip file's directory has another name for this");
  from.pass(extra);
  return from.part(static_cast<uint64_t>(entry.packed));
}

int64_t ZipFile::most() const { return kAlwaysGiven + kMostInflation * bytes_.size(); }

std::string ZipFile::read(const ZipEntry& entry) const {
  if (entry.size > most() - given_)
    throw Error("{}: with its {} bytes the content comes to more than {} times the file; such weights are refused",
                where(entry), entry.size, kMostInflation);
  given_ += entry.size;
  std::string content;
  if (entry.method == kStored) {
    ByteCursor packed = packed_bytes(entry);
    content = packed.text(static_cast<uint64_t>(entry.size));
  } else {
    content = inflate(entry);
  }
  const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
  if (sum != entry.sum)
    throw Error("{} is damaged: its checksum is {:08x}, not {:08x}. Fetch the file again", where(entry), sum,
                entry.sum);
  return content;
}

std::string ZipFile::inflate(const ZipEntry& entry) const {
  constexpr uint64_t piece = 1 << 20;
  ByteCursor packed = packed_bytes(entry);
  const std::unique_ptr<z_stream, InflateEnd> stream(new z_stream{});
  if (inflateInit2(stream.get(), -MAX_WBITS) != Z_OK) throw Error("{}: zlib has no memory", where(entry));
  std::string content(static_cast<size_t>(entry.size), '\0'), in;
  size_t done = 0;
  int state = Z_OK;
  while (state == Z_OK) {
    if (stream->avail_in == 0 && packed.left() > 0) {
      in = packed.text(std::min(piece, static_cast<uint64_t>(packed.left())));
      stream->next_in = reinterpret_cast<Bytef*>(in.data());
      stream->avail_in = static_cast<uInt>(in.size());
    }
    const size_t room = std::min<size_t>(content.size() - done, piece);
    stream->next_out = reinterpret_cast<Bytef*>(content.data() + done);
    stream->avail_out = static_cast<uInt>(room);
    state = ::inflate(stream.get(), Z_NO_FLUSH);
    done += room - stream->avail_out;
  }
  if (state != Z_STREAM_END || done != content.size() || stream->avail_in != 0 || packed.left() != 0)
    throw Error("{} is damaged: what is deflated there does not come to {} bytes. Fetch the file again", where(entry),
                entry.size);
  return content;
}

}  // namespace heed::caption
