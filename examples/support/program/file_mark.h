// By what a file is known again: its length and its CRC-32C.
//
// The files of a run belong together: a vocabulary of which one bit was flipped still loads, and gives other
// words. So each checkpoint says what the files beside it were when it was written, and whoever reads it
// looks whether they still are.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace heed::support {

struct FileMark {
  size_t bytes = 0;
  std::string crc32c;  // eight hexadecimal digits

  bool operator==(const FileMark&) const = default;
};
void to_json(nlohmann::json& to, const FileMark& mark);
// Back from the text of it; `origin` is for the error that is thrown if it is none.
FileMark read_mark(std::string_view text, const std::string& origin);

FileMark mark_of(std::string_view bytes);

using FileMarks = std::map<std::string, FileMark>;  // by name

// From the text of an object, name by name. Throws if a name is none of a file in the folder itself, too.
FileMarks read_marks(std::string_view text, const std::string& origin);

FileMarks marks_of(const std::filesystem::path& folder, const std::vector<std::string>& names);

// Throws if one of these files is missing from the folder, or is another one than `by` (for the message) saw.
void check_marks(const std::filesystem::path& folder, const FileMarks& marks, const std::string& by);

}  // namespace heed::support
