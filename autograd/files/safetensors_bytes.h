// A safetensors file as its tensors' bytes: opened and checked, and written. Used by stored_tensors.cpp and
// safetensors.cpp only.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/files/safetensors_header.h"

namespace heed::detail {

// A file that is open for reading, and whose header has been checked. Reading (unlike mapping) turns a file that
// shrinks meanwhile into an error, not a crash.
class StoredReader {
 public:
  explicit StoredReader(const std::filesystem::path& path);
  ~StoredReader();
  StoredReader(const StoredReader&) = delete;
  StoredReader& operator=(const StoredReader&) = delete;

  const std::vector<TensorEntry>& entries() const { return header_.entries; }  // in the order of the file
  std::map<std::string, std::string> metadata() const;                         // without the checksums
  // The bytes of one tensor. Throws if they do not have the checksum that was written.
  void read(const TensorEntry& entry, void* to) const;
  // "best.safetensors: tensor w"
  std::string where(const TensorEntry& entry) const { return fmt::format("{}: tensor {}", path_, entry.name); }

 private:
  void read_bytes(void* to, int64_t bytes, int64_t offset) const;
  void read_header();

  std::string path_;
  int descriptor_;
  int64_t size_ = 0;
  TensorHeader header_;
};

// What is to be written; the bytes stay where they are until it is done.
struct BytesToStore {
  std::string name;
  const StoredType* type;
  Shape shape;
  std::string_view bytes;
};
void write_stored(const std::filesystem::path& path, std::vector<BytesToStore> tensors,
                  std::map<std::string, std::string> metadata);

}  // namespace heed::detail
