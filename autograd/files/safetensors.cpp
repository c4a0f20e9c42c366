#include "autograd/files/safetensors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <set>

#include "autograd/base/glob.h"
#include "autograd/files/atomic_file.h"
#include "autograd/files/crc32c.h"
#include "autograd/files/descriptor.h"
#include "autograd/files/json_scan.h"
#include "autograd/files/safetensors_header.h"

namespace heed {
namespace {

using detail::kChecksum;
using detail::TensorEntry;
using detail::TensorHeader;

static_assert(std::endian::native == std::endian::little, "the numbers in the file are little-endian");

// --- reading

// A file read by position. Reading (unlike mapping) turns a file that shrinks meanwhile into an
// error, not a crash.
class Source {
 public:
  explicit Source(const std::filesystem::path& path) : path_(path.string()) {
    descriptor_ = open_file(path.c_str(), O_RDONLY);
    if (descriptor_ < 0) throw Error("cannot open {}: {}", path_, std::strerror(errno));
    struct stat status;
    if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
      ::close(descriptor_);
      throw Error("cannot read {}: it is not a regular file", path_);
    }
    size_ = status.st_size;
  }
  ~Source() { ::close(descriptor_); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  int64_t size() const { return size_; }
  const std::string& path() const { return path_; }
  void read(void* to, int64_t bytes, int64_t offset) const {
    auto* at = static_cast<char*>(to);
    while (bytes > 0) {
      const auto some = static_cast<size_t>(std::min<int64_t>(bytes, 1 << 30));
      const ssize_t got = retry([&] { return ::pread(descriptor_, at, some, offset); });
      if (got < 0) throw Error("cannot read {} at byte {}: {}", path_, offset, std::strerror(errno));
      if (got == 0)
        throw Error("{} ended at byte {} while it was being read; is it being written?", path_, offset);
      at += got;
      offset += got;
      bytes -= got;
    }
  }

 private:
  std::string path_;
  int descriptor_;
  int64_t size_ = 0;
};

// Whoever sums the tensors sums the header too, so a damaged name of the sum itself is noticed.
void check_checksum(const TensorHeader& header, const std::string& path) {
  const auto sum = header.metadata.lower_bound(kChecksum);
  if (sum == header.metadata.end() || !sum->first.starts_with(kChecksum)) return;
  if (sum->first != kChecksum || sum->second != detail::header_checksum(header.entries, header.metadata))
    throw Error(
        "{}: the checksum of its header is wrong: names, shapes or metadata are damaged; load an older "
        "checkpoint",
        path);
}

TensorHeader read_header(const Source& source) {
  if (source.size() < 8)
    throw Error("{}: a file of {} bytes is too short for safetensors; was it cut short?", source.path(),
                source.size());
  uint64_t length;
  source.read(&length, 8, 0);
  const uint64_t most = std::min<uint64_t>(static_cast<uint64_t>(source.size() - 8), detail::kLargestHeader);
  if (length > most)
    throw Error(
        "{}: it announces a header of {} bytes where at most {} can be; it is damaged, cut short, or not "
        "safetensors",
        source.path(), length, most);
  std::string text(length, '\0');
  source.read(text.data(), static_cast<int64_t>(length), 8);
  TensorHeader header = detail::parse_header(text, source.path());
  header.data = static_cast<int64_t>(8 + length);
  detail::check_layout(header, source.size() - header.data, source.path());
  check_checksum(header, source.path());
  return header;
}

// Without the checksums.
std::map<std::string, std::string> metadata_of(const TensorHeader& header) {
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : header.metadata)
    if (!key.starts_with(kChecksum)) metadata.emplace(key, value);
  return metadata;
}

Tensor read_tensor(const Source& source, const TensorHeader& header, const TensorEntry& entry) {
  Tensor tensor = Tensor::empty(entry.shape, entry.dtype);
  void* to =
      dispatch_any(entry.dtype, [&]<class T>(T) -> void* { return tensor.mutable_data<T>(); });
  const int64_t bytes = entry.end - entry.begin;
  source.read(to, bytes, header.data + entry.begin);
  const auto sum = header.metadata.find(fmt::format("{}.{}", kChecksum, entry.name));
  if (sum == header.metadata.end()) return tensor;
  const std::string computed = fmt::format("{:08x}", crc32c(to, static_cast<size_t>(bytes)));
  if (sum->second != computed)
    throw Error("{}: tensor {} is damaged: its checksum is {}, {} was written; load an older checkpoint",
                source.path(), entry.name, computed, sum->second);
  return tensor;
}

// --- writing

std::string_view bytes_of(const Tensor& dense) {
  return dispatch_any(dense.dtype(), [&]<class T>(T) {
    return std::string_view(reinterpret_cast<const char*>(dense.data<T>()),
                            static_cast<size_t>(dense.numel()) * sizeof(T));
  });
}

void check_names(const TensorFile& file) {
  const auto check = [](const std::string& text, const char* what) {
    if (find_bad_utf8(text) != std::string_view::npos)
      throw Error("save_tensors: the {} {} is not UTF-8", what, json_quote(text));
  };
  for (const auto& [name, tensor] : file.tensors) {
    check(name, "name");
    if (name == detail::kMetadata) throw Error("save_tensors: a tensor cannot be called {}", name);
    if (!tensor) throw Error("save_tensors: tensor {} is undefined", name);
  }
  for (const auto& [key, value] : file.metadata) {
    check(key, "metadata name");
    check(value, "metadata value");
    if (key.starts_with(kChecksum))
      throw Error("save_tensors: the metadata name {} is taken: what begins with {} are checksums", key,
                  kChecksum);
  }
}

// The order in the file: wide types first, so that each tensor is aligned to its type without gaps.
std::vector<TensorEntry> lay_out(const TensorFile& file) {
  std::vector<TensorEntry> entries;
  int64_t at = 0;
  for (const int64_t width : {8, 4})
    for (const auto& [name, tensor] : file.tensors) {
      if (size_of(tensor.dtype()) != width) continue;
      const int64_t end = at + tensor.numel() * width;
      entries.push_back({name, tensor.dtype(), tensor.shape(), at, end});
      at = end;
    }
  return entries;
}

std::string list(const char* title, const std::vector<std::string>& lines) {
  constexpr size_t most = 20;
  if (lines.empty()) return "";
  std::string text = fmt::format("\n{} ({}):", title, lines.size());
  for (size_t i = 0; i < std::min(lines.size(), most); ++i) text += "\n  " + lines[i];
  if (lines.size() > most) text += fmt::format("\n  .. and {} more", lines.size() - most);
  return text;
}

std::string describe_named(const std::string& name, const Tensor& x) {
  return fmt::format("{} {} {}", name, to_string(x.dtype()), to_string(x.shape()));
}

bool fits(const Tensor& wanted, const Tensor& found) {
  return found.shape() == wanted.shape() && is_float(found.dtype()) == is_float(wanted.dtype());
}

std::string mismatch_text(const std::string& name, const Tensor& wanted, const Tensor& found) {
  return fmt::format("{} in the model, {} {} in the file", describe_named(name, wanted), to_string(found.dtype()),
                     to_string(found.shape()));
}

}  // namespace

TensorFile load_tensors(const std::filesystem::path& path) {
  const Source source(path);
  const TensorHeader header = read_header(source);
  TensorFile file;
  for (const TensorEntry& entry : header.entries)
    file.tensors.emplace(entry.name, read_tensor(source, header, entry));
  file.metadata = metadata_of(header);
  return file;
}

std::map<std::string, std::string> load_metadata(const std::filesystem::path& path) {
  return metadata_of(read_header(Source(path)));
}

void save_tensors(const std::filesystem::path& path, const TensorFile& file) {
  check_names(file);
  const std::vector<TensorEntry> entries = lay_out(file);
  std::map<std::string, std::string> metadata = file.metadata;
  for (const TensorEntry& entry : entries) {
    const Tensor dense = densify(file.tensors.at(entry.name));
    const std::string_view bytes = bytes_of(dense);
    metadata[fmt::format("{}.{}", kChecksum, entry.name)] =
        fmt::format("{:08x}", crc32c(bytes.data(), bytes.size()));
  }
  metadata[kChecksum] = detail::header_checksum(entries, metadata);
  const std::string header = detail::format_header(entries, metadata);
  const uint64_t length = header.size();
  AtomicFile out(path);
  out.write({reinterpret_cast<const char*>(&length), sizeof length});
  out.write(header);
  for (const TensorEntry& entry : entries) {
    const Tensor dense = densify(file.tensors.at(entry.name));
    out.write(bytes_of(dense));
  }
  out.commit();
}

void put_tensors(TensorFile& file, const std::vector<NamedTensor>& model, const std::string& prefix) {
  for (const NamedTensor& part : model)
    if (!file.tensors.emplace(prefix + part.name, *part.tensor).second)
      throw Error("put_tensors: the name {} occurs twice", prefix + part.name);
}

void load_into(const std::vector<NamedTensor>& model, const TensorFile& file,
               const std::filesystem::path& path, const std::string& prefix) {
  std::vector<std::string> missing, unexpected, mismatch;
  std::set<std::string> known;
  for (const NamedTensor& part : model) {
    const std::string name = prefix + part.name;
    known.insert(name);
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end())
      missing.push_back(describe_named(name, *part.tensor));
    else if (!fits(*part.tensor, found->second))
      mismatch.push_back(mismatch_text(name, *part.tensor, found->second));
  }
  for (const auto& [name, tensor] : file.tensors)
    if (name.starts_with(prefix) && !known.contains(name)) unexpected.push_back(describe_named(name, tensor));
  if (!missing.empty() || !unexpected.empty() || !mismatch.empty())
    throw Error("{} does not fit this model; was it saved with other settings? Nothing was loaded.{}{}{}",
                path.string(), list("Missing from the file", missing),
                list("Unexpected in the file", unexpected), list("Mismatch", mismatch));
  for (const NamedTensor& part : model) copy_into(*part.tensor, file.tensors.at(prefix + part.name));
}

PartLoaded load_matching(const std::vector<NamedTensor>& model, const TensorFile& file,
                         const std::filesystem::path& path, std::string_view pattern, const std::string& prefix) {
  PartLoaded report;
  std::vector<std::string> mismatch;
  std::vector<std::pair<Tensor*, const Tensor*>> copies;  // to, from
  std::set<std::string> known;
  for (const NamedTensor& part : model) {
    known.insert(prefix + part.name);
    if (!matches(pattern, part.name)) continue;
    const auto found = file.tensors.find(prefix + part.name);
    if (found == file.tensors.end()) {
      report.missing.push_back(part.name);
      continue;
    }
    if (!fits(*part.tensor, found->second))
      mismatch.push_back(mismatch_text(part.name, *part.tensor, found->second));
    report.loaded.push_back(part.name);
    copies.emplace_back(part.tensor, &found->second);
  }
  for (const auto& [name, tensor] : file.tensors)
    if (name.starts_with(prefix) && !known.contains(name) && matches(pattern, name.substr(prefix.size())))
      report.left_over.push_back(name.substr(prefix.size()));
  if (!mismatch.empty() || copies.empty())
    throw Error("{}: of \"{}\" nothing was loaded.{}{}{}", path.string(), pattern, list("Mismatch", mismatch),
                list("Missing from the file", report.missing), list("Only in the file", report.left_over));
  for (const auto& [to, from] : copies) copy_into(*to, *from);
  return report;
}

}  // namespace heed
