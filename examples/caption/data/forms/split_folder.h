// heed's own form of captioned photographs: a folder in the layout of Flickr8k (Hodosh et al. 2013):
//
//   images/             the photographs
//   split.train.txt     names of the photographs of a split, one a line; likewise dev, test, ..
//   captions.train.tsv  file name <TAB> number of the caption <TAB> caption, in any order
//
// Each split is read when it is asked for, so one may be without captions, as that of a competition is.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "examples/caption/data/forms/caption_form.h"

namespace heed::caption {

class SplitFolder : public CaptionSource {
 public:
  static constexpr const char* name = "heed's own";
  static constexpr const char* help =
      "images/, split.train.txt (names), captions.train.tsv (image, number, caption); the same of dev, ..";

  explicit SplitFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // Whether a folder has split lists of this form.
  static bool is(const std::filesystem::path& folder) { return !SplitFolder(folder).splits().empty(); }

  std::vector<std::string> splits() const override;
  // In the order of the list. Throws what read_split_list throws.
  std::vector<std::string> images(const std::string& split) const override;
  // From captions.SPLIT.tsv unless another file is given. Throws what read_captions throws; when there is no
  // file of captions (saying where one may be put); and, with file and line, for an image without a caption.
  CaptionedImages load(const std::string& split, const std::filesystem::path& captions_file,
                       support::TextForm form) const override;
  std::string summary() const override;

 private:
  std::filesystem::path list_of(const std::string& split) const;

  std::filesystem::path folder_;
};

}  // namespace heed::caption
