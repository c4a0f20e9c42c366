// Where the files of pictures are that captions name.
//
// They lie in images/, Images/, Flicker8k_Dataset/ or another of the usual folders, beside the captions, in a
// folder beside or one below (COCO's train2014/, which is beside the folder of annotations), or in the folder
// that the user gives.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace heed::caption {

class PictureFiles {
 public:
  PictureFiles() = default;
  // `captions`: the file of captions, or its folder. `given`: where to look instead; "": look around. Throws
  // if that is no folder.
  PictureFiles(const std::filesystem::path& captions, const std::filesystem::path& given);

  // The file of that name; of several, that in `folder` (or in the first of the places above). Where there is
  // none: where one was expected.
  std::filesystem::path find(const std::string& name, const std::string& folder = {}) const;
  // Where it was looked, for messages.
  std::string places() const;

 private:
  void look_in(const std::filesystem::path& folder);
  void look_around(const std::filesystem::path& root, bool everywhere);

  std::vector<std::filesystem::path> roots_;   // below which the form's own folders are looked for
  std::vector<std::filesystem::path> looked_;  // folders, in order
  std::unordered_map<std::string, std::filesystem::path> files_;
};

// Whether the name ends as that of a JPEG or PNG file does.
bool is_picture_name(std::string_view name);

// The JPEG and PNG files of a folder, by name. Throws if there are none.
std::vector<std::filesystem::path> pictures_in(const std::filesystem::path& folder);

// Files as they are, of a folder the pictures in it.
std::vector<std::string> files_of(const std::vector<std::string>& files_and_folders);

}  // namespace heed::caption
