// JSON from files that anybody may have written or cut: read with limits, and with errors that name the file
// and the line. A name that occurs twice in one object is an error too, because readers differ in which one
// counts.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
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

// The bytes of a file of at most `most` bytes. Throws heed::Error when it is missing, unreadable or larger.
std::string read_text_file(const std::filesystem::path& path, size_t most);

nlohmann::json read_json_file(const std::filesystem::path& path, const JsonLimits& limits = {});

}  // namespace heed::support
