// Files that are either the old one or the new one, never half of each.
//
// A checkpoint is most precious at the moment it is being replaced. So nothing is ever written into the
// old file: the bytes go to `.<name>.tmp-<pid>` in the same directory, are forced to the disk (fsync), and
// only then does a rename, which the file system does in one step, put them in the old file's place. After a
// crash, a full disk or a kill at any moment, the name still leads to a whole file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace heed {

// One file being written. Where the path leads to no file but to a pipe, a terminal or another device, the
// bytes go into that, at once. Every failure throws heed::Error with the path and the system's reason; the
// temporary file is then gone and the old file as it was.
//
//   AtomicFile file("runs/demo/last.safetensors");
//   file.write(header);
//   file.write(values);
//   file.commit();      // without it, the destructor throws the bytes away
//
// Two writers of one path within one process are not kept apart: the last one to commit wins at best.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  void commit();

 private:
  [[noreturn]] void fail(const char* action);
  void discard() noexcept;

  std::filesystem::path path_, temporary_;
  int descriptor_ = -1;
};

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

// Removes a file, if there is one, for good: also across a power cut.
void remove_file(const std::filesystem::path& path);

// Removes the temporary files that killed processes left in `directory`. Those of living processes stay.
void sweep_temporary_files(const std::filesystem::path& directory) noexcept;

}  // namespace heed
