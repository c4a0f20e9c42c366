#include "examples/support/program/json_file.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "autograd/base/error.h"
#include "autograd/files/crc32c.h"
#include "autograd/files/descriptor.h"

namespace heed::support {
namespace {

using nlohmann::json;

struct Where {
  std::string_view text;
  const std::string& origin;
  size_t first_line;

  size_t line(size_t byte) const {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
    return first_line + static_cast<size_t>(std::count(text.begin(), end, '\n'));
  }
};

// Watches the parser go by. It is told of each object's names before their values are built, so a hostile
// file is stopped at the first breach, not after everything was stored.
class Guard {
 public:
  Guard(const Where& where, const JsonLimits& limits) : where_(where), limits_(limits) {}

  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start) {
      if (depth >= limits_.depth) {
        throw Error("{}: objects and arrays are nested more than {} deep", where_.origin, limits_.depth);
      }
    }
    if (event == json::parse_event_t::object_start) names_.emplace_back();
    if (event == json::parse_event_t::object_end) names_.pop_back();
    if (event == json::parse_event_t::key) {
      const auto& name = parsed.get_ref<const std::string&>();
      if (!names_.back().insert(name).second) {
        throw Error("{}: the name \"{}\" occurs twice in one object", where_.origin, name.substr(0, 100));
      }
    }
    return true;
  }

 private:
  const Where& where_;
  const JsonLimits& limits_;
  std::vector<std::set<std::string>> names_;
};

// The library's sentence without its number: "[json.exception.parse_error.101] parse error at ...: WHY".
std::string reason(const json::parse_error& error) {
  const std::string text = error.what();
  const size_t colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

constexpr const char* seal_name = "crc32c";

std::string seal_of(json object) {
  object.erase(seal_name);
  const std::string text = json_line(object);
  return fmt::format("{:08x}", crc32c(text.data(), text.size()));
}

}  // namespace

json parse_json(std::string_view text, const std::string& origin, size_t first_line,
                const JsonLimits& limits) {
  const Where where{text, origin, first_line};
  if (text.size() > limits.bytes) {
    throw Error("{}: {} bytes of JSON; at most {} are accepted", origin, text.size(), limits.bytes);
  }
  try {
    Guard guard(where, limits);
    return json::parse(
        text.begin(), text.end(),
        [&guard](int depth, json::parse_event_t event, json& parsed) { return guard(depth, event, parsed); });
  } catch (const json::parse_error& error) {
    throw Error("{}:{}: not valid JSON: {}", origin, where.line(error.byte), reason(error));
  } catch (const json::exception& error) {
    throw Error("{}: not valid JSON: {}", origin, error.what());
  }
}

std::string read_text_file(const std::filesystem::path& path, size_t most) {
  const int descriptor = open_file(path.c_str(), O_RDONLY);
  if (descriptor < 0) throw Error("cannot read {}: {}", path.string(), std::strerror(errno));
  std::string text;
  std::vector<char> block(size_t{1} << 16);
  ssize_t got = 0;
  while (text.size() <= most && (got = read_all(descriptor, block.data(), block.size())) > 0)
    text.append(block.data(), static_cast<size_t>(got));
  const int reason = errno;
  close_file(descriptor);
  if (got < 0) throw Error("cannot read {}: {}", path.string(), std::strerror(reason));
  if (text.size() > most) throw Error("{}: larger than the {} bytes that are accepted", path.string(), most);
  return text;
}

std::string json_line(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool is_json_text(const std::string& text) {
  try {
    static_cast<void>(json(text).dump());
    return true;
  } catch (const json::type_error&) {
    return false;
  }
}

json read_json_file(const std::filesystem::path& path, const JsonLimits& limits) {
  return parse_json(read_text_file(path, limits.bytes), path.string(), 1, limits);
}

json sealed(json object) {
  object[seal_name] = seal_of(object);
  return object;
}

void check_seal(const json& object, const std::string& origin, const std::string& advice) {
  const auto written = object.find(seal_name);
  if (written == object.end()) return;
  if (const std::string found = seal_of(object); *written != found)
    throw Error("{} was changed or damaged: its checksum is {}, {} was written; {}", origin, found,
                written->dump(), advice);
}

}  // namespace heed::support
