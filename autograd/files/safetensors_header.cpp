#include "autograd/files/safetensors_header.h"

#include <algorithm>
#include <set>

#include "autograd/files/crc32c.h"
#include "autograd/files/json_scan.h"

namespace heed::detail {
namespace {

constexpr size_t kLargestMetadata = size_t{1} << 20;

const StoredType* parse_type(JsonScan& scan, const std::string& name) {
  const std::string text = scan.string();
  if (const StoredType* type = find_stored_type(text)) return type;
  std::string known;
  for (const StoredType& type : stored_types) known += fmt::format("{}{}", known.empty() ? "" : ", ", type.name);
  scan.fail("tensor {} has numbers of the unknown type {}; known are {}", name, text, known);
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

TensorEntry parse_entry(JsonScan& scan, const std::string& name) {
  TensorEntry entry{name, nullptr, {}, 0, 0};
  std::set<std::string> seen;
  scan.expect('{');
  do {
    const std::string key = scan.string();
    if (!seen.insert(key).second) scan.fail("tensor {} has \"{}\" twice", name, key);
    scan.expect(':');
    if (key == "dtype") {
      entry.type = parse_type(scan, name);
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
  const std::optional<int64_t> bytes = stored_bytes(*entry.type, entry.shape);
  if (!bytes)
    scan.fail("tensor {} of type {} has the shape {}, which no memory holds", name, entry.type->name,
              to_string(entry.shape));
  if (entry.begin > entry.end || entry.end - entry.begin != *bytes)
    scan.fail("tensor {} of {} {} takes {} bytes, its data_offsets are [{}, {}]", name, entry.type->name,
              to_string(entry.shape), *bytes, entry.begin, entry.end);
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

}  // namespace

std::string header_checksum(const std::vector<TensorEntry>& entries,
                            const std::map<std::string, std::string>& metadata) {
  std::map<std::string, std::string> lines;
  for (const TensorEntry& entry : entries)
    lines[entry.name] = fmt::format("{} {}", entry.type->name, to_string(entry.shape));
  uint32_t sum = 0;
  const auto add = [&](const std::string& key, const std::string& value) {
    sum = crc32c(key.c_str(), key.size() + 1, sum);  // with the zero at the end, which keeps neighbours apart
    sum = crc32c(value.c_str(), value.size() + 1, sum);
  };
  for (const auto& [key, value] : lines) add(key, value);
  for (const auto& [key, value] : metadata)
    if (key != kChecksum) add(key, value);
  return fmt::format("{:08x}", sum);
}

TensorHeader parse_header(std::string_view text, const std::string& path) {
  if (const size_t bad = find_bad_utf8(text); bad != std::string_view::npos)
    throw Error("{}: its header is not UTF-8 at byte {}", path, bad);
  if (text.empty() || text[0] != '{')
    throw Error("{}: its header does not begin with '{{'; is it safetensors?", path);
  TensorHeader header;
  std::set<std::string> names;
  JsonScan scan(text, path);
  scan.expect('{');
  if (!scan.take('}')) {
    do {
      const std::string name = scan.string();
      if (!names.insert(name).second) scan.fail("the name \"{}\" occurs twice", name);
      scan.expect(':');
      if (name == kMetadata) parse_metadata(scan, header.metadata);
      else header.entries.push_back(parse_entry(scan, name));
    } while (scan.take(','));
    scan.expect('}');
  }
  scan.end();
  return header;
}

void check_layout(TensorHeader& header, int64_t bytes, const std::string& path) {
  std::sort(header.entries.begin(), header.entries.end(), [](const TensorEntry& a, const TensorEntry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  int64_t at = 0;
  for (const TensorEntry& entry : header.entries) {
    if (entry.begin != at)
      throw Error("{}: tensor {} begins at byte {} of the data where {} was expected: the tensors {}", path,
                  entry.name, entry.begin, at, entry.begin < at ? "overlap" : "leave a hole");
    at = entry.end;
  }
  if (at != bytes)
    throw Error("{}: the tensors take {} bytes, the file has {} for them; it is {}", path, at, bytes,
                bytes < at ? "cut short, load an older checkpoint" : "longer than its header says");
}

std::string format_header(const std::vector<TensorEntry>& entries, const std::map<std::string, std::string>& metadata,
                          const std::string& path) {
  std::string text = fmt::format("{{\"{}\":{{", kMetadata);
  size_t total = 0;
  for (const auto& [key, value] : metadata) {
    text += fmt::format("{}{}:{}", total ? "," : "", json_quote(key), json_quote(value));
    total += key.size() + value.size();
  }
  if (total > kLargestMetadata)
    throw Error("cannot save {}: {} bytes of metadata, at most {} are allowed; put numbers into tensors", path, total,
                kLargestMetadata);
  text += "}";
  for (const TensorEntry& entry : entries)
    text += fmt::format(",{}:{{\"dtype\":\"{}\",\"shape\":{},\"data_offsets\":[{},{}]}}", json_quote(entry.name),
                        entry.type->name, to_string(entry.shape), entry.begin, entry.end);
  text += "}";
  text.append((64 - (8 + text.size()) % 64) % 64, ' ');
  if (text.size() > kLargestHeader)
    throw Error("cannot save {}: too many tensors for one file ({})", path, entries.size());
  return text;
}

}  // namespace heed::detail
