// JSON from files that anybody may have written or cut: read with limits, and with errors that name the file
// and the line. A name that occurs twice in one object is an error too, because readers differ in which one
// counts.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace heed::support {

struct JsonLimits {
  size_t bytes = size_t{64} << 20;
  int depth = 32;  // objects and arrays inside each other
};

// Parses `text`; `origin` and `first_line` are for the error: "runs/x/metrics.jsonl:3: ...".
nlohmann::json parse_json(std::string_view text, const std::string& origin, size_t first_line = 1,
                          const JsonLimits& limits = {});

// One element of a list that is a member of the outermost object.
struct JsonItem {
  const std::string& origin;
  const std::string& list;  // the member's name
  size_t number = 0;        // in the list, from 0
  size_t line = 0;          // on which it begins
  const nlohmann::json& value;

  std::string where() const;  // "captions.json:1: annotations[17]"
};

// Parses one object whose members are long lists, as data sets have them: each element is handed over as it
// is read and then forgotten, so what is kept does not grow with the file. Other members are passed over. An
// element may hold a million values.
void parse_json_lists(std::string_view text, const std::string& origin, const JsonLimits& limits,
                      const std::function<void(const JsonItem&)>& take);

// The bytes of a file of at most `most` bytes. Throws heed::Error when it is missing, unreadable or larger.
std::string read_text_file(const std::filesystem::path& path, size_t most);

// One line, for a user or a file. What is not UTF-8, from a path or a command line, becomes U+FFFD instead of
// an exception when the work is done.
std::string json_line(const nlohmann::json& value);

// Whether JSON can hold the text as it is: it is UTF-8.
bool is_json_text(const std::string& text);

nlohmann::json read_json_file(const std::filesystem::path& path, const JsonLimits& limits = {});

// One bit of a file may turn and leave it valid. So an object that is read again is written with the CRC-32C
// of all its other members, under "crc32c".
nlohmann::json sealed(nlohmann::json object);

// Throws if the object's checksum is not that of its other members; `advice` ends the message. Of one without
// nothing is known: it is from before 2026-12, or somebody took the checksum away.
void check_seal(const nlohmann::json& object, const std::string& origin, const std::string& advice);

}  // namespace heed::support
