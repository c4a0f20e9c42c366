// The header of a file of tensors, read by json_scan.h. Whatever that takes must be JSON, and say the same to
// a parser that others wrote.
#include <nlohmann/json.hpp>

#include "autograd/base/error.h"
#include "autograd/files/json_scan.h"
#include "autograd/files/safetensors_header.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

using nlohmann::json;

void compare(const detail::TensorHeader& header, const json& other) {
  const bool notes = other.contains(detail::kMetadata);
  require(other.size() == header.entries.size() + (notes ? 1 : 0), "another number of tensors");
  if (notes) require(other[detail::kMetadata] == json(header.metadata), "other metadata");
  for (const detail::TensorEntry& entry : header.entries) {
    const json& same = other.at(entry.name);
    const json shape(std::vector<int64_t>(entry.shape.begin(), entry.shape.end()));
    require(same.at("shape") == (entry.shape.rank() ? shape : json::array()), "another shape");
    require(same.at("data_offsets") == json({entry.begin, entry.end}), "another place");
  }
}

void tensor_header(std::string_view bytes) {
  const detail::TensorHeader header = detail::parse_header(bytes, "header");
  const json other = json::parse(bytes.begin(), bytes.end(), nullptr, false);
  require(!other.is_discarded(), "it is no JSON");
  compare(header, other);
  must_work("a header that was read cannot be written and read", [&] {
    const std::string text = detail::format_header(header.entries, header.metadata, "again");
    const detail::TensorHeader again = detail::parse_header(text, "again");
    require(detail::header_checksum(again.entries, again.metadata) ==
                detail::header_checksum(header.entries, header.metadata),
            "what is written is not what was read");
  });
}

REGISTER_READER(tensor_header);

}  // namespace
}  // namespace heed::fuzz
