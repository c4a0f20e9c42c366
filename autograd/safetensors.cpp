#include "autograd/safetensors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <set>

#include "autograd/atomic_file.h"
#include "autograd/crc32c.h"
#include "autograd/json_scan.h"

namespace heed {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers in the file are little-endian");

constexpr const char* kMetadata = "__metadata__";
constexpr const char* kChecksum = "crc32c";          // of the header's content; "crc32c.<name>" of a tensor
constexpr uint64_t kLargestHeader = uint64_t{16} << 20;
constexpr size_t kLargestMetadata = size_t{1} << 20;

// One tensor as the header describes it.
struct Entry {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  int64_t begin = 0, end = 0;  // from the first byte behind the header
};

struct Header {
  std::vector<Entry> entries;
  std::map<std::string, std::string> metadata;
  int64_t data = 0;  // where the numbers begin in the file
};

const char* format_name(DType dtype) {
  return dtype == DType::f32 ? "F32" : dtype == DType::f64 ? "F64" : "I64";
}

// Ties the metadata, the names and the shapes together, so that a damaged header is noticed too.
std::string header_checksum(const std::vector<Entry>& entries, const std::map<std::string, std::string>& metadata) {
  std::map<std::string, std::string> lines;
  for (const Entry& entry : entries)
    lines[entry.name] = fmt::format("{} {}", format_name(entry.dtype), to_string(entry.shape));
  uint32_t sum = 0;
  for (const auto* part : {&lines, &metadata})
    for (const auto& [key, value] : *part) {
      if (key == kChecksum && part == &metadata) continue;
      sum = crc32c(key.c_str(), key.size() + 1, sum);  // with the zero at the end, which keeps neighbours apart
      sum = crc32c(value.c_str(), value.size() + 1, sum);
    }
  return fmt::format("{:08x}", sum);
}

// --- reading

// A file read by position. Reading (unlike mapping) turns a file that shrinks meanwhile into an error, not a crash.
class Source {
 public:
  explicit Source(const std::filesystem::path& path) : path_(path.string()) {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
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
      const ssize_t got = ::pread(descriptor_, at, static_cast<size_t>(std::min<int64_t>(bytes, 1 << 30)), offset);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw Error("cannot read {} at byte {}: {}", path_, offset, std::strerror(errno));
      if (got == 0) throw Error("{} ended at byte {} while it was being read; is it being written?", path_, offset);
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

DType parse_dtype(JsonScan& scan, const std::string& name) {
  const std::string text = scan.string();
  for (const DType dtype : {DType::f32, DType::f64, DType::i64})
    if (text == format_name(dtype)) return dtype;
  scan.fail("tensor {} has numbers of type {}, heed reads F32, F64 and I64; convert the file first", name, text);
}

Shape parse_shape(JsonScan& scan, const std::string& name) {
  Shape shape;
  scan.expect('[');
  if (scan.take(']')) return shape;
  do {
    if (shape.rank() == kMaxRank) scan.fail("tensor {} has more than {} axes", name, kMaxRank);
    shape.push_back(scan.integer());
  } while (scan.take(','));
  scan.expect(']');
  return shape;
}

Entry parse_entry(JsonScan& scan, const std::string& name) {
  Entry entry{name, {}, {}, 0, 0};
  std::set<std::string> seen;
  scan.expect('{');
  do {
    const std::string key = scan.string();
    if (!seen.insert(key).second) scan.fail("tensor {} has \"{}\" twice", name, key);
    scan.expect(':');
    if (key == "dtype") {
      entry.dtype = parse_dtype(scan, name);
    } else if (key == "shape") {
      entry.shape = parse_shape(scan, name);
    } else if (key == "data_offsets") {
      scan.expect('[');
      entry.begin = scan.integer();
      scan.expect(',');
      entry.end = scan.integer();
      scan.expect(']');
    } else {
      scan.fail("tensor {} has the unknown entry \"{}\"", name, key);
    }
  } while (scan.take(','));
  scan.expect('}');
  if (seen.size() != 3) scan.fail("tensor {} lacks one of dtype, shape, data_offsets", name);
  int64_t bytes = size_of(entry.dtype);
  bool empty = false, overflow = false;
  for (const int64_t size : entry.shape) {
    empty |= size == 0;
    overflow |= __builtin_mul_overflow(bytes, std::max<int64_t>(size, 1), &bytes);
  }
  if (overflow) scan.fail("tensor {} has the shape {}, which no memory holds", name, to_string(entry.shape));
  if (empty) bytes = 0;
  if (entry.begin > entry.end || entry.end - entry.begin != bytes)
    scan.fail("tensor {} of {} {} takes {} bytes, its data_offsets are [{}, {}]", name, format_name(entry.dtype),
              to_string(entry.shape), bytes, entry.begin, entry.end);
  return entry;
}

void parse_metadata(JsonScan& scan, std::map<std::string, std::string>& metadata) {
  scan.expect('{');
  if (scan.take('}')) return;
  size_t total = 0;
  do {
    std::string key = scan.string();
    scan.expect(':');
    std::string value = scan.string();
    total += key.size() + value.size();
    if (total > kLargestMetadata) scan.fail("more than {} bytes of metadata", kLargestMetadata);
    if (!metadata.emplace(key, std::move(value)).second) scan.fail("the metadata has \"{}\" twice", key);
  } while (scan.take(','));
  scan.expect('}');
}

Header parse_header(std::string_view text, const std::string& path) {
  if (const size_t bad = find_bad_utf8(text); bad != std::string_view::npos)
    throw Error("{}: its header is not UTF-8 at byte {}", path, bad);
  if (text.empty() || text[0] != '{') throw Error("{}: its header does not begin with '{{'; is it safetensors?", path);
  Header header;
  std::set<std::string> names;
  JsonScan scan(text, path);
  scan.expect('{');
  if (!scan.take('}')) {
    do {
      const std::string name = scan.string();
      if (!names.insert(name).second) scan.fail("the name \"{}\" occurs twice", name);
      scan.expect(':');
      if (name == kMetadata)
        parse_metadata(scan, header.metadata);
      else
        header.entries.push_back(parse_entry(scan, name));
    } while (scan.take(','));
    scan.expect('}');
  }
  scan.end();
  return header;
}

// The tensors must fill the rest of the file, one right behind the other.
void check_layout(Header& header, int64_t bytes, const std::string& path) {
  std::sort(header.entries.begin(), header.entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  int64_t at = 0;
  for (const Entry& entry : header.entries) {
    if (entry.begin != at)
      throw Error("{}: tensor {} begins at byte {} of the data where {} was expected: the tensors {}", path, entry.name,
                  entry.begin, at, entry.begin < at ? "overlap" : "leave a hole");
    at = entry.end;
  }
  if (at != bytes)
    throw Error("{}: the tensors take {} bytes, the file has {} for them; it is {}", path, at, bytes,
                bytes < at ? "cut short, load an older checkpoint" : "longer than its header says");
}

Header read_header(const Source& source) {
  if (source.size() < 8)
    throw Error("{}: a file of {} bytes is too short for safetensors; was it cut short?", source.path(), source.size());
  uint64_t length;
  source.read(&length, 8, 0);
  const uint64_t most = std::min<uint64_t>(static_cast<uint64_t>(source.size() - 8), kLargestHeader);
  if (length > most)
    throw Error("{}: it announces a header of {} bytes where at most {} can be; it is damaged, cut short, or not "
                "safetensors", source.path(), length, most);
  std::string text(length, '\0');
  source.read(text.data(), static_cast<int64_t>(length), 8);
  Header header = parse_header(text, source.path());
  header.data = static_cast<int64_t>(8 + length);
  check_layout(header, source.size() - header.data, source.path());
  const auto sum = header.metadata.find(kChecksum);
  if (sum != header.metadata.end() && sum->second != header_checksum(header.entries, header.metadata))
    throw Error("{}: the checksum of its header is wrong: names, shapes or metadata are damaged; load an older "
                "checkpoint", source.path());
  return header;
}

Tensor read_tensor(const Source& source, const Header& header, const Entry& entry) {
  Tensor tensor = Tensor::empty(entry.shape, entry.dtype);
  void* to = dispatch_any(entry.dtype, [&](auto zero) -> void* { return tensor.mutable_data<decltype(zero)>(); });
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
  return dispatch_any(dense.dtype(), [&](auto zero) {
    using T = decltype(zero);
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
    if (name == kMetadata) throw Error("save_tensors: a tensor cannot be called {}", name);
    if (!tensor) throw Error("save_tensors: tensor {} is undefined", name);
  }
  for (const auto& [key, value] : file.metadata) {
    check(key, "metadata name");
    check(value, "metadata value");
    if (key.starts_with(kChecksum))
      throw Error("save_tensors: the metadata name {} is taken: what begins with {} are checksums", key, kChecksum);
  }
}

// The order in the file: wide types first, so that each tensor is aligned to its type without gaps.
std::vector<Entry> lay_out(const TensorFile& file) {
  std::vector<Entry> entries;
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

std::string make_header(const std::vector<Entry>& entries, const std::map<std::string, std::string>& metadata) {
  std::string text = fmt::format("{{\"{}\":{{", kMetadata);
  size_t total = 0;
  for (const auto& [key, value] : metadata) {
    text += fmt::format("{}{}:{}", total ? "," : "", json_quote(key), json_quote(value));
    total += key.size() + value.size();
  }
  if (total > kLargestMetadata)
    throw Error("save_tensors: {} bytes of metadata, at most {} are allowed; put numbers into tensors", total,
                kLargestMetadata);
  text += "}";
  for (const Entry& entry : entries)
    text += fmt::format(",{}:{{\"dtype\":\"{}\",\"shape\":{},\"data_offsets\":[{},{}]}}", json_quote(entry.name),
                        format_name(entry.dtype), to_string(entry.shape), entry.begin, entry.end);
  text += "}";
  text.append((64 - (8 + text.size()) % 64) % 64, ' ');
  if (text.size() > kLargestHeader) throw Error("save_tensors: too many tensors for one file ({})", entries.size());
  return text;
}

std::string list(const char* title, const std::vector<std::string>& lines) {
  constexpr size_t most = 20;
  if (lines.empty()) return "";
  std::string text = fmt::format("\n{} ({}):", title, lines.size());
  for (size_t i = 0; i < std::min(lines.size(), most); ++i) text += "\n  " + lines[i];
  if (lines.size() > most) text += fmt::format("\n  .. and {} more", lines.size() - most);
  return text;
}

}  // namespace

TensorFile load_tensors(const std::filesystem::path& path) {
  const Source source(path);
  const Header header = read_header(source);
  TensorFile file;
  for (const Entry& entry : header.entries) file.tensors.emplace(entry.name, read_tensor(source, header, entry));
  for (const auto& [key, value] : header.metadata)
    if (!key.starts_with(kChecksum)) file.metadata.emplace(key, value);
  return file;
}

void save_tensors(const std::filesystem::path& path, const TensorFile& file) {
  check_names(file);
  const std::vector<Entry> entries = lay_out(file);
  std::map<std::string, std::string> metadata = file.metadata;
  for (const Entry& entry : entries) {
    const Tensor dense = densify(file.tensors.at(entry.name));
    const std::string_view bytes = bytes_of(dense);
    metadata[fmt::format("{}.{}", kChecksum, entry.name)] = fmt::format("{:08x}", crc32c(bytes.data(), bytes.size()));
  }
  metadata[kChecksum] = header_checksum(entries, metadata);
  const std::string header = make_header(entries, metadata);
  const uint64_t length = header.size();
  AtomicFile out(path);
  out.write({reinterpret_cast<const char*>(&length), sizeof length});
  out.write(header);
  for (const Entry& entry : entries) {
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

void load_into(const std::vector<NamedTensor>& model, const TensorFile& file, const std::filesystem::path& path,
               const std::string& prefix) {
  std::vector<std::string> missing, unexpected, mismatch;
  std::set<std::string> known;
  for (const NamedTensor& part : model) {
    const std::string name = prefix + part.name;
    known.insert(name);
    const auto found = file.tensors.find(name);
    const Tensor& wanted = *part.tensor;
    const std::string text = fmt::format("{} {} {}", name, to_string(wanted.dtype()), to_string(wanted.shape()));
    if (found == file.tensors.end())
      missing.push_back(text);
    else if (!(found->second.shape() == wanted.shape()) || is_float(found->second.dtype()) != is_float(wanted.dtype()))
      mismatch.push_back(fmt::format("{} in the model, {} {} in the file", text, to_string(found->second.dtype()),
                                     to_string(found->second.shape())));
  }
  for (const auto& [name, tensor] : file.tensors)
    if (name.starts_with(prefix) && !known.contains(name))
      unexpected.push_back(fmt::format("{} {} {}", name, to_string(tensor.dtype()), to_string(tensor.shape())));
  if (!missing.empty() || !unexpected.empty() || !mismatch.empty())
    throw Error("{} does not fit this model; was it saved with other settings? Nothing was loaded.{}{}{}",
                path.string(), list("Missing from the file", missing), list("Unexpected in the file", unexpected),
                list("Mismatch", mismatch));
  for (const NamedTensor& part : model) copy_into(*part.tensor, file.tensors.at(prefix + part.name));
}

}  // namespace heed
