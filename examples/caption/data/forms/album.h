// Pictures and captions as most forms have them: in one or a few files that hold everything.
#pragma once

#include <functional>
#include <map>
#include <unordered_map>

#include "examples/caption/data/forms/caption_form.h"

namespace heed::caption {

class Album : public CaptionSource {
 public:
  struct Picture {
    std::string name, folder;  // "dog.jpg", "train2014"
    std::string split;         // where the form says one
    std::vector<std::string> captions;
  };
  using Where = std::function<std::string()>;  // for messages: file and line

  // --- For who reads a file ---

  // The split that the name of the file says; "" if it says none.
  void begin_file(const std::string& split) { file_split_ = split; }
  // The picture with that path below the folder of pictures, new or not. Throws, beginning with where(), for
  // a path that leads out of it or that no file can have, and for a second picture of the same name in
  // another folder or split.
  Picture& picture(const std::string& path, const Where& where);
  // The same for a form in which a picture occurs once. Throws if it is there.
  Picture& new_picture(const std::string& path, const Where& where);
  // Something that people should know: "one name is no picture's".
  void note(std::string text) { notes_.push_back(std::move(text)); }

  // --- Then ---

  // Ends reading. Where nothing said a split yet, those of the split lists in the folder count, and without
  // such lists the pictures are cut by a hash of their names: a tenth dev, a tenth test, the rest train.
  void finish(const std::filesystem::path& folder);

  std::vector<std::string> splits() const override;
  std::vector<std::string> images(const std::string& split) const override;
  CaptionedImages load(const std::string& split, const std::filesystem::path& captions_file,
                       support::TextForm form) const override;
  std::string folder_of(const std::string& image) const override;
  std::string summary() const override;

 private:
  const std::vector<size_t>& numbers(const std::string& split) const;
  bool split_as_said();
  bool split_as_listed(const std::filesystem::path& folder);
  void split_by_hash();

  std::vector<Picture> pictures_;
  std::unordered_map<std::string, size_t> numbers_;  // of a name, in pictures_
  std::map<std::string, std::vector<size_t>> splits_;
  std::string file_split_;
  std::vector<std::string> notes_;
};

// The split of heed's that goes by this name: val, valid and validation are dev, restval and training train.
std::string usual_split(const std::string& name);

}  // namespace heed::caption
