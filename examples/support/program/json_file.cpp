#include "examples/support/program/json_file.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
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
    const auto level = static_cast<size_t>(depth);
    if (event == json::parse_event_t::object_start) {  // the end of one that is not kept is not told
      names_.resize(level);
      names_.emplace_back();
    }
    if (event == json::parse_event_t::key) {
      const auto& name = parsed.get_ref<const std::string&>();
      if (!names_[level - 1].insert(name).second) {
        throw Error("{}: the name \"{}\" occurs twice in one object", where_.origin, name.substr(0, 100));
      }
    }
    return true;
  }

 private:
  const Where& where_;
  const JsonLimits& limits_;
  std::vector<std::set<std::string>> names_;  // of the object that is open at each depth
};

// The library's sentence without its number: "[json.exception.parse_error.101] parse error at ...: WHY".
std::string reason(const json::parse_error& error) {
  const std::string text = error.what();
  const size_t colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

// What `parse` gives, with the library's exceptions as Errors that say the line.
template <class Parse>
json guarded(const Where& where, const JsonLimits& limits, Parse parse) {
  if (where.text.size() > limits.bytes) {
    throw Error("{}: {} bytes of JSON; at most {} are accepted", where.origin, where.text.size(), limits.bytes);
  }
  try {
    Guard guard(where, limits);
    return parse(guard);
  } catch (const json::parse_error& error) {
    throw Error("{}:{}: not valid JSON: {}", where.origin, where.line(error.byte), reason(error));
  } catch (const json::exception& error) {
    throw Error("{}: not valid JSON: {}", where.origin, error.what());
  }
}

// Goes over a text and counts the lines behind it.
struct LineCounter {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at = nullptr;
  size_t* line = nullptr;

  reference operator*() const { return *at; }
  LineCounter& operator++() {
    *line += *at++ == '\n';
    return *this;
  }
  bool operator==(const LineCounter& other) const { return at == other.at; }
};

// Watches the parser go by, hands over what it finds in lists, and tells it to keep nothing of that.
class ListWatch {
 public:
  ListWatch(const std::string& origin, const size_t& line, const std::function<void(const JsonItem&)>& take)
      : origin_(origin), line_(line), take_(take) {}

  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    using Event = json::parse_event_t;
    if (depth == 0 && (event == Event::array_start || event == Event::value))
      throw Error("{}:{}: an object with lists in it was expected", origin_, line_);
    if (depth == 1 && event == Event::key) list_ = parsed.get_ref<const std::string&>();
    if (depth == 1 && (event == Event::array_start || event == Event::array_end)) {
      inside_ = event == Event::array_start;
      number_ = 0;
    }
    if (depth == 1 && event == Event::object_start) return false;
    if (inside_ && depth > 2 && ++values_ > most_values)
      throw Error("{}:{}: {}[{}] holds more than {} values", origin_, line_, list_, number_, most_values);
    if (!inside_ || depth != 2) return true;
    if (event == Event::object_start || event == Event::array_start) {
      begin_ = line_;
      values_ = 0;
      return true;
    }
    take_({origin_, list_, number_++, event == Event::value ? line_ : begin_, parsed});
    return false;
  }

 private:
  static constexpr size_t most_values = 1000000;

  const std::string& origin_;
  const size_t& line_;
  const std::function<void(const JsonItem&)>& take_;
  std::string list_;
  bool inside_ = false;
  size_t number_ = 0, begin_ = 1, values_ = 0;
};

constexpr const char* seal_name = "crc32c";

std::string seal_of(json object) {
  object.erase(seal_name);
  const std::string text = json_line(object);
  return fmt::format("{:08x}", crc32c(text.data(), text.size()));
}

}  // namespace

json parse_json(std::string_view text, const std::string& origin, size_t first_line, const JsonLimits& limits) {
  return guarded({text, origin, first_line}, limits, [&](Guard& guard) {
    return json::parse(text.begin(), text.end(), [&guard](int depth, json::parse_event_t event, json& parsed) {
      return guard(depth, event, parsed);
    });
  });
}

std::string JsonItem::where() const { return fmt::format("{}:{}: {}[{}]", origin, line, list, number); }

void parse_json_lists(std::string_view text, const std::string& origin, const JsonLimits& limits,
                      const std::function<void(const JsonItem&)>& take) {
  guarded({text, origin, 1}, limits, [&](Guard& guard) {
    size_t line = 1;
    ListWatch watch(origin, line, take);
    return json::parse(LineCounter{text.data(), &line}, LineCounter{text.data() + text.size(), &line},
                       [&](int depth, json::parse_event_t event, json& parsed) {
                         return guard(depth, event, parsed) && watch(depth, event, parsed);
                       });
  });
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

std::string json_line(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

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
    throw Error("{} was changed or damaged: its checksum is {}, {} was written; {}", origin, found, written->dump(),
                advice);
}

}  // namespace heed::support
