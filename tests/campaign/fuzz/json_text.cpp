// JSON, as json_file.h reads it for settings, metrics and notes in checkpoints.
#include <nlohmann/json.hpp>

#include "autograd/base/error.h"
#include "examples/support/program/json_file.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

void json_text(std::string_view bytes) {
  const nlohmann::json value = support::parse_json(bytes, "json");
  must_work("JSON that was read cannot be written and read", [&] {
    const std::string line = support::json_line(value);
    require(line.find('\n') == std::string::npos, "a line of JSON is more than one");
    require(support::parse_json(line, "again") == value, "what is written is not what was read");
    require(support::is_json_text(line), "a line of JSON is no text");
  });
}

REGISTER_READER(json_text);

}  // namespace
}  // namespace heed::fuzz
