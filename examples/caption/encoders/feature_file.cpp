#include "examples/caption/encoders/feature_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "autograd/base/error.h"
#include "autograd/files/crc32c.h"
#include "autograd/files/descriptor.h"

namespace heed::caption {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers in the file are little-endian");

constexpr char kFeatureMagic[] = "heedfeat";
constexpr uint32_t kFeatureVersion = 1;
constexpr uint32_t kLongestImageName = 4096;
constexpr uint32_t kLargestGrid = 1024, kLargestAnnotation = 65536;  // what can be meant; more is damage

template <class T>
void put(std::string& to, const T* values, size_t count) {
  to.append(reinterpret_cast<const char*>(values), count * sizeof(T));
}
void put(std::string& to, uint32_t value) { put(to, &value, 1); }

// Reads a file in order. What is asked for beyond the end is not given: got() tells.
class FeatureReader {
 public:
  explicit FeatureReader(const std::filesystem::path& path) : path_(path.string()), file_(path, std::ios::binary) {
    std::error_code error;
    size_ = static_cast<int64_t>(std::filesystem::file_size(path, error));
    if (error || !file_) throw Error("cannot read the features {}: {}", path_, std::strerror(errno));
  }
  const std::string& path() const { return path_; }
  int64_t at() const { return at_; }
  int64_t size() const { return size_; }

  template <class T>
  bool got(T* to, size_t count) {
    const auto bytes = static_cast<std::streamsize>(count * sizeof(T));
    file_.read(reinterpret_cast<char*>(to), bytes);
    if (file_.gcount() != bytes) return false;
    sum_ = crc32c(to, count * sizeof(T), sum_);
    at_ += bytes;
    return true;
  }
  // The checksum since the last call of this, compared with the one that comes next.
  bool sum_agrees(bool& whole) {
    const uint32_t computed = sum_;
    uint32_t written = 0;
    whole = got(&written, 1);
    sum_ = 0;
    return written == computed;
  }

 private:
  std::string path_;
  std::ifstream file_;
  int64_t size_ = 0, at_ = 0;
  uint32_t sum_ = 0;
};

FeatureSet read_header(FeatureReader& reader) {
  char magic[8];
  uint32_t numbers[4];  // version, side, depth, length of the identity
  if (!reader.got(magic, 8) || std::memcmp(magic, kFeatureMagic, 8) != 0)
    throw Error("{} is no cache of features; name another file, or remove it", reader.path());
  if (!reader.got(numbers, 1))
    throw Error("{}: the header of the cache is cut; remove it to compute it again", reader.path());
  if (numbers[0] != kFeatureVersion)
    throw Error("{} is a cache of version {}, this program reads version {}; remove it to compute it again",
                reader.path(), numbers[0], kFeatureVersion);
  std::string identity;
  bool whole = reader.got(numbers + 1, 3) && numbers[3] <= kLongestImageName;
  if (whole) identity.resize(numbers[3]);
  whole = whole && reader.got(identity.data(), identity.size());
  if (!whole || !reader.sum_agrees(whole) || !whole || numbers[1] > kLargestGrid || numbers[2] > kLargestAnnotation)
    throw Error("{}: the header of the cache is damaged; remove it to compute it again", reader.path());
  return {numbers[1], numbers[2], identity};
}

enum class Found { whole, torn, damaged };

Found read_record(FeatureReader& reader, const FeatureSet& features, FeatureSet::Record& record) {
  const auto numbers = static_cast<size_t>(features.locations() * features.depth());
  uint32_t lengths[2];  // of the name, of the values
  if (!reader.got(lengths, 2)) return Found::torn;
  if (lengths[0] == 0 || lengths[0] > kLongestImageName || lengths[1] > numbers) return Found::damaged;
  const size_t words = (numbers + 63) / 64;
  // Before any memory is asked for: a header may announce pictures of gigabytes.
  const auto left = static_cast<uint64_t>(reader.size() - reader.at());
  if (left < lengths[0] + 8 + 8 * words + 4 * uint64_t{lengths[1]} + 4) return Found::torn;
  record.name.resize(lengths[0]);
  record.bitmap.resize(words);
  record.values.resize(lengths[1]);
  bool whole = reader.got(record.name.data(), record.name.size()) && reader.got(&record.key, 1) &&
               reader.got(record.bitmap.data(), record.bitmap.size()) &&
               reader.got(record.values.data(), record.values.size());
  const bool agrees = whole && reader.sum_agrees(whole);
  if (!whole) return Found::torn;
  size_t bits = 0;
  for (const uint64_t word : record.bitmap) bits += static_cast<size_t>(std::popcount(word));
  const bool beyond = numbers % 64 != 0 && record.bitmap.back() >> (numbers % 64) != 0;
  return agrees && bits == record.values.size() && !beyond ? Found::whole : Found::damaged;
}

std::string header_of(const FeatureSet& features) {
  std::string bytes(kFeatureMagic, 8);
  put(bytes, kFeatureVersion);
  put(bytes, static_cast<uint32_t>(features.side()));
  put(bytes, static_cast<uint32_t>(features.depth()));
  put(bytes, static_cast<uint32_t>(features.encoder().size()));
  bytes += features.encoder();
  put(bytes, crc32c(bytes.data(), bytes.size()));
  return bytes;
}

}  // namespace

FeatureFile read_features(const std::filesystem::path& cache, const Wanted& wanted) {
  FeatureReader reader(cache);
  FeatureFile file{read_header(reader), reader.at(), 0};
  while (reader.at() < reader.size()) {
    FeatureSet::Record record;
    const Found found = read_record(reader, file.features, record);
    // A crash may leave a file as long as it was to be, its last record not written whole.
    const bool last = found == Found::torn || reader.at() == reader.size();
    if (found == Found::damaged && !last)
      throw Error(
          "{}: the picture at byte {} of the cache is damaged (its checksum does not fit). Remove the file; "
          "its features are computed again",
          reader.path(), file.good);
    if (found != Found::whole) {
      file.torn = reader.size() - file.good;
      break;
    }
    if (!wanted || wanted(record.name)) file.features.add(std::move(record));
    file.good = reader.at();
  }
  return file;
}

FeatureWriter::FeatureWriter(std::filesystem::path cache, FeatureSet& features, const Wanted& wanted)
    : cache_(std::move(cache)) {
  descriptor_ = open_file(cache_.c_str(), O_RDWR | O_CREAT | O_APPEND);
  if (descriptor_ < 0) fail("open");
  try {
    if (retry([&] { return ::flock(descriptor_, LOCK_EX | LOCK_NB); }) != 0)
      throw Error("{}: another program is filling this cache; wait for it, or name another file", cache_.string());
    take_over(features, wanted);
  } catch (...) {
    close_file(descriptor_);
    throw;
  }
}

FeatureWriter::~FeatureWriter() { close_file(descriptor_); }

void FeatureWriter::take_over(FeatureSet& features, const Wanted& wanted) {
  const std::string header = header_of(features);
  const off_t size = ::lseek(descriptor_, 0, SEEK_END);
  if (size < 0) fail("read");
  // Shorter than a header: it was interrupted at the very beginning.
  if (size < static_cast<off_t>(header.size())) {
    std::string begun(static_cast<size_t>(size), '\0');
    if (retry([&] { return ::pread(descriptor_, begun.data(), begun.size(), 0); }) != size) fail("read");
    if (header.starts_with(begun)) {
      if (retry([&] { return ::ftruncate(descriptor_, 0); }) != 0) fail("shorten");
      write(header);
      return;
    }
  }
  FeatureFile file = read_features(cache_, wanted);
  if (file.features.encoder() != features.encoder() || file.features.side() != features.side() ||
      file.features.depth() != features.depth())
    throw Error(
        "{} holds features of the encoder '{}' ({} x {} x {}), not of '{}' ({} x {} x {}); name another "
        "cache for these weights, or remove it",
        cache_.string(), file.features.encoder(), file.features.side(), file.features.side(), file.features.depth(),
        features.encoder(), features.side(), features.side(), features.depth());
  if (file.torn && retry([&] { return ::ftruncate(descriptor_, file.good); }) != 0) fail("shorten");
  features = std::move(file.features);
}

void FeatureWriter::append(const FeatureSet::Record& record) {
  std::string bytes;
  if (record.name.empty() || record.name.size() > kLongestImageName)
    throw Error("features: the name of a picture has {} bytes; 1 to {} are possible", record.name.size(),
                kLongestImageName);
  put(bytes, static_cast<uint32_t>(record.name.size()));
  put(bytes, static_cast<uint32_t>(record.values.size()));
  bytes += record.name;
  put(bytes, &record.key, 1);
  put(bytes, record.bitmap.data(), record.bitmap.size());
  put(bytes, record.values.data(), record.values.size());
  put(bytes, crc32c(bytes.data(), bytes.size()));
  write(bytes);
}

void FeatureWriter::write(const std::string& bytes) {
  if (!write_all(descriptor_, bytes)) fail("write");
}

void FeatureWriter::flush() {
  if (!flush_to_disk(descriptor_)) fail("flush");
}

void FeatureWriter::fail(const char* action) const {
  throw Error("cannot {} the cache of features {}: {}; what was computed before stays in it", action, cache_.string(),
              std::strerror(errno));
}

}  // namespace heed::caption
