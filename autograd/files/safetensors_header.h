// The header of a safetensors file: its text, read strictly and written. Used by safetensors_bytes.cpp only.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/files/stored_types.h"

namespace heed::detail {

constexpr const char* kMetadata = "__metadata__";
constexpr const char* kChecksum = "crc32c";  // of the header's content; "crc32c.<name>" of a tensor
constexpr uint64_t kLargestHeader = uint64_t{16} << 20;

// One tensor as the header describes it.
struct TensorEntry {
  std::string name;
  const StoredType* type = nullptr;
  Shape shape;
  int64_t begin = 0, end = 0;  // from the first byte behind the header
};

struct TensorHeader {
  std::vector<TensorEntry> entries;
  std::map<std::string, std::string> metadata;
  int64_t data = 0;  // where the numbers begin in the file
};

// Reads the text of a header and checks everything in it that does not need the file.
TensorHeader parse_header(std::string_view text, const std::string& path);

// The tensors, put in the order of the file, must fill its `bytes` of data, one right behind the other.
void check_layout(TensorHeader& header, int64_t bytes, const std::string& path);

// The text, padded so that the numbers behind it begin at a multiple of 64 bytes.
std::string format_header(const std::vector<TensorEntry>& entries, const std::map<std::string, std::string>& metadata,
                          const std::string& path);

// Ties the metadata, the names and the shapes together, so that a damaged header is noticed too.
std::string header_checksum(const std::vector<TensorEntry>& entries,
                            const std::map<std::string, std::string>& metadata);

}  // namespace heed::detail
