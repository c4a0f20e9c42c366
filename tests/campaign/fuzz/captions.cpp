// A folder of photographs: the names of a split, and their captions.
#include <set>

#include "autograd/base/error.h"
#include "examples/caption/data/dataset.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

void captions(std::string_view bytes) {
  const auto files = pieces_of(bytes, 2);
  const auto folder = file_of("split.train.txt", files[0]).parent_path();
  file_of("captions.train.tsv", files[1]);
  const caption::CaptionedImages read = caption::load_split(folder, "train");
  require(read.images.size() == read.captions.size(), "a picture without captions");
  require(std::set(read.images.begin(), read.images.end()).size() == read.images.size(), "a picture twice");
  for (size_t i = 0; i < read.images.size(); ++i) {
    require(caption::image_path(folder, read.images[i]).parent_path() == folder / "images",
            "a picture in another folder");
    require(!read.captions[i].empty(), "a picture without a caption");
    for (const std::string& text : read.captions[i])
      require(!caption::caption_tokens(text).empty(), "a caption without a word");
  }
}

REGISTER_READER(captions);

}  // namespace
}  // namespace heed::fuzz
