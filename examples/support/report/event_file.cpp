#include "examples/support/report/event_file.h"

#include <bit>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "autograd/base/error.h"
#include "autograd/files/atomic_file.h"
#include "autograd/files/crc32c.h"
#include "examples/support/text/text.h"

namespace heed::support {
namespace {

template <class Number>
std::string little_endian(Number number) {
  std::string bytes;
  for (size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xff);
  return bytes;
}

std::string varint(uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7) bytes += static_cast<char>((number & 0x7f) | 0x80);
  return bytes + static_cast<char>(number);
}

// The fields of a message: their number and kind, and what they hold.
enum Kind : uint64_t { varint_kind = 0, double_kind = 1, bytes_kind = 2, float_kind = 5 };
std::string key(uint64_t field, Kind kind) { return varint(field << 3 | kind); }
std::string bytes_field(uint64_t field, std::string_view bytes) {
  return key(field, bytes_kind) + varint(bytes.size()) + std::string(bytes);
}

std::string event(double time, int64_t step, const std::string& rest) {
  return key(1, double_kind) + little_endian(std::bit_cast<uint64_t>(time)) + key(2, varint_kind) +
         varint(static_cast<uint64_t>(step)) + rest;
}

std::string masked(std::string_view bytes) {
  const uint32_t crc = crc32c(bytes.data(), bytes.size());
  return little_endian(std::rotr(crc, 15) + 0xa282ead8u);
}

std::string record(const std::string& bytes) {
  const std::string length = little_endian(static_cast<uint64_t>(bytes.size()));
  return length + masked(length) + bytes + masked(bytes);
}

std::string tag_of(std::string name) {
  for (const char* group : {"train_", "valid_"})
    if (name.starts_with(group)) name[5] = '/';
  return name;
}

std::string summary(const nlohmann::json& line) {
  std::string values;
  for (const auto& [name, value] : line.items()) {
    if (!value.is_number() || name == "step") continue;
    const auto number = std::bit_cast<uint32_t>(static_cast<float>(value.get<double>()));
    values += bytes_field(1, bytes_field(1, tag_of(name)) + key(2, float_kind) + little_endian(number));
  }
  return bytes_field(5, values);
}

}  // namespace

std::string event_bytes(const std::vector<nlohmann::json>& metrics, double begin) {
  std::string bytes = record(event(begin, 0, bytes_field(3, "brain.Event:2")));
  for (const nlohmann::json& line : metrics)
    bytes += record(event(begin + line.value("seconds", 0.0), line.value("step", int64_t{0}), summary(line)));
  return bytes;
}

void write_events(const std::filesystem::path& file, const std::vector<nlohmann::json>& metrics, double begin) {
  const std::string bytes = event_bytes(metrics, begin);
  const std::string there = std::filesystem::exists(file) ? read_bytes(file) : "";
  if (there.empty() || !bytes.starts_with(there)) return write_file_atomically(file, bytes);
  std::ofstream more(file, std::ios::binary | std::ios::app);
  more << std::string_view(bytes).substr(there.size());
  if (!more.flush()) throw Error("cannot write {}: is the disk full?", file.string());
}

}  // namespace heed::support
