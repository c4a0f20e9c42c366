#include "autograd/files/safetensors_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "autograd/files/atomic_file.h"
#include "autograd/files/crc32c.h"
#include "autograd/files/descriptor.h"
#include "autograd/files/json_scan.h"

namespace heed::detail {
namespace {

std::string checksum(const void* bytes, size_t count) { return fmt::format("{:08x}", crc32c(bytes, count)); }
std::string checksum_name(const std::string& tensor) { return fmt::format("{}.{}", kChecksum, tensor); }

// Whoever sums the tensors sums the header too, so a damaged name of the sum itself is noticed.
void check_checksum(const TensorHeader& header, const std::string& path) {
  const auto sum = header.metadata.lower_bound(kChecksum);
  if (sum == header.metadata.end() || !sum->first.starts_with(kChecksum)) return;
  if (sum->first != kChecksum || sum->second != header_checksum(header.entries, header.metadata))
    throw Error(
        "{}: the checksum of its header is wrong: names, shapes or metadata are damaged; load an older "
        "checkpoint",
        path);
}

void check_names(const std::vector<BytesToStore>& tensors, const std::map<std::string, std::string>& metadata,
                 const std::string& path) {
  const auto check = [&](const std::string& text, const char* what) {
    if (find_bad_utf8(text) != std::string_view::npos)
      throw Error("cannot save {}: the {} {} is not UTF-8", path, what, json_quote(text));
  };
  for (const BytesToStore& tensor : tensors) {
    check(tensor.name, "name");
    if (tensor.name == kMetadata) throw Error("cannot save {}: a tensor cannot be called {}", path, kMetadata);
  }
  for (const auto& [key, value] : metadata) {
    check(key, "metadata name");
    check(value, "metadata value");
    if (key.starts_with(kChecksum))
      throw Error("cannot save {}: the metadata name {} is taken: what begins with {} are checksums", path, key,
                  kChecksum);
  }
}

// In the order of the file: wide types first, so that each tensor is aligned to its type without gaps.
std::vector<TensorEntry> lay_out(std::vector<BytesToStore>& tensors) {
  std::ranges::stable_sort(tensors, std::greater{}, [](const BytesToStore& tensor) { return tensor.type->bits; });
  std::vector<TensorEntry> entries;
  int64_t at = 0;
  for (const BytesToStore& tensor : tensors) {
    const int64_t end = at + static_cast<int64_t>(tensor.bytes.size());
    entries.push_back({tensor.name, tensor.type, tensor.shape, at, end});
    at = end;
  }
  return entries;
}

}  // namespace

// --- reading

StoredReader::StoredReader(const std::filesystem::path& path)
    : path_(path.string()), descriptor_(open_file(path.c_str(), O_RDONLY)) {
  if (descriptor_ < 0) throw Error("cannot open {}: {}", path_, std::strerror(errno));
  try {
    read_header();
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

StoredReader::~StoredReader() { ::close(descriptor_); }

void StoredReader::read_bytes(void* to, int64_t bytes, int64_t offset) const {
  auto* at = static_cast<char*>(to);
  while (bytes > 0) {
    const auto some = static_cast<size_t>(std::min<int64_t>(bytes, 1 << 30));
    const ssize_t got = retry([&] { return ::pread(descriptor_, at, some, offset); });
    if (got < 0) throw Error("cannot read {} at byte {}: {}", path_, offset, std::strerror(errno));
    if (got == 0) throw Error("{} ended at byte {} while it was being read; is it being written?", path_, offset);
    at += got;
    offset += got;
    bytes -= got;
  }
}

void StoredReader::read_header() {
  struct stat status;
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode))
    throw Error("cannot read {}: it is not a regular file", path_);
  size_ = status.st_size;
  if (size_ < 8) throw Error("{}: a file of {} bytes is too short for safetensors; was it cut short?", path_, size_);
  uint64_t length;
  read_bytes(&length, 8, 0);
  const uint64_t most = std::min<uint64_t>(static_cast<uint64_t>(size_ - 8), kLargestHeader);
  if (length > most)
    throw Error(
        "{}: it announces a header of {} bytes where at most {} can be; it is damaged, cut short, or not "
        "safetensors",
        path_, length, most);
  std::string text(length, '\0');
  read_bytes(text.data(), static_cast<int64_t>(length), 8);
  header_ = parse_header(text, path_);
  header_.data = static_cast<int64_t>(8 + length);
  check_layout(header_, size_ - header_.data, path_);
  check_checksum(header_, path_);
}

std::map<std::string, std::string> StoredReader::metadata() const {
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : header_.metadata)
    if (!key.starts_with(kChecksum)) metadata.emplace(key, value);
  return metadata;
}

void StoredReader::read(const TensorEntry& entry, void* to) const {
  const int64_t bytes = entry.end - entry.begin;
  read_bytes(to, bytes, header_.data + entry.begin);
  const auto sum = header_.metadata.find(checksum_name(entry.name));
  if (sum == header_.metadata.end()) return;
  const std::string computed = checksum(to, static_cast<size_t>(bytes));
  if (sum->second != computed)
    throw Error("{} is damaged: its checksum is {}, {} was written; load an older checkpoint", where(entry), computed,
                sum->second);
}

// --- writing

void write_stored(const std::filesystem::path& path, std::vector<BytesToStore> tensors,
                  std::map<std::string, std::string> metadata) {
  check_names(tensors, metadata, path.string());
  const std::vector<TensorEntry> entries = lay_out(tensors);
  for (const BytesToStore& tensor : tensors)
    metadata[checksum_name(tensor.name)] = checksum(tensor.bytes.data(), tensor.bytes.size());
  metadata[kChecksum] = header_checksum(entries, metadata);
  const std::string header = format_header(entries, metadata, path.string());
  const uint64_t length = header.size();
  AtomicFile out(path);
  out.write({reinterpret_cast<const char*>(&length), sizeof length});
  out.write(header);
  for (const BytesToStore& tensor : tensors) out.write(tensor.bytes);
  out.commit();
}

}  // namespace heed::detail
