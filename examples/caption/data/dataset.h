// Photographs and what people said about them, in whichever form they come (forms/caption_form.h).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "examples/caption/data/captioned_images.h"
#include "examples/caption/data/forms/caption_form.h"
#include "examples/caption/data/picture_files.h"

namespace heed::caption {

class Dataset {
 public:
  Dataset() = default;  // of the built-in pictures, which are in no file

  // Reads `data`, a folder or one of its files of captions; of a folder also what lies in the folders in it,
  // where it holds no captions itself. Files whose names tell their splits (captions_train.csv,
  // captions_val.csv) belong together, also if one of them is given. `images` is the folder of the pictures;
  // "": look around (picture_files.h).
  //
  // Throws when nothing there is of a form that heed reads (saying which there are), when there are several
  // of a form (naming them), and what reading it throws.
  explicit Dataset(const std::filesystem::path& data, const std::filesystem::path& images = {});

  // What was taken, for people: "Karpathy's JSON: 6,000 / 1,000 / 1,000 pictures (..), 40,000 captions".
  const std::string& taken() const { return taken_; }

  // As CaptionSource has them; an error begins with the data's name.
  std::vector<std::string> splits() const { return source_->splits(); }
  std::vector<std::string> images(const std::string& split) const;
  CaptionedImages load(const std::string& split, const std::filesystem::path& captions_file = {},
                       support::TextForm form = support::usual_text_form()) const;

  // The file of a picture; where there is none, where one was expected.
  std::filesystem::path file_of(const std::string& image) const;
  // Throws if none of these pictures has a file, saying where it was looked.
  void require_some(const std::vector<std::string>& images) const;

 private:
  std::filesystem::path data_;
  std::string taken_;
  std::shared_ptr<const CaptionSource> source_;
  PictureFiles files_;
};

}  // namespace heed::caption
