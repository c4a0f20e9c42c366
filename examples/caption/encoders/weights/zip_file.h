// What stands in a zip file (PKWARE's APPNOTE 6.3): stored or deflated entries, of any size (zip64). The central
// directory at its end says what there is; each entry's CRC-32 is checked when it is read.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "examples/caption/encoders/weights/file_bytes.h"

namespace heed::caption {

struct ZipEntry {
  std::string name = {};
  uint16_t method = 0;  // 0 stored, 8 deflated
  uint32_t sum = 0;     // CRC-32 of the content
  int64_t packed = 0;   // bytes in the file
  int64_t size = 0;     // bytes of the content
  int64_t header = 0;   // where its local header begins
};

class ZipFile {
 public:
  // Whether a file begins as a zip file does.
  static bool is_one(const FileBytes& bytes);

  // Reads the directory; `bytes` must outlive this. Throws if it is damaged, encrypted, in several parts or cut off,
  // if an entry has another method, lies outside the file, or if two have one name.
  explicit ZipFile(const FileBytes& bytes);

  const FileBytes& bytes() const { return bytes_; }
  const std::vector<ZipEntry>& entries() const { return entries_; }
  const ZipEntry* find(const std::string& name) const;  // null if there is none
  // How many bytes can be read at most, all entries together.
  int64_t most() const;
  // "net.pth: data.pkl"
  std::string where(const ZipEntry& entry) const;
  // The content. Throws if it is damaged, and where all that was read comes to more than most(): no weights can be
  // packed as densely as that, only a trap.
  std::string read(const ZipEntry& entry) const;

 private:
  struct Directory {
    int64_t at, bytes, entries;
  };
  Directory find_directory() const;
  Directory large_directory(int64_t end) const;
  void read_directory(const Directory& directory);
  ZipEntry read_entry(ByteCursor& from) const;
  ByteCursor packed_bytes(const ZipEntry& entry) const;
  std::string inflate(const ZipEntry& entry) const;

  const FileBytes& bytes_;
  std::vector<ZipEntry> entries_;
  std::unordered_map<std::string, size_t> numbers_;  // of the entries, by name
  mutable int64_t given_ = 0;                        // bytes of content, so far
};

}  // namespace heed::caption
