// Photographs and their captions: in a folder of split lists, and in a file of one of the other forms.
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
  const caption::CaptionedImages read = caption::Dataset(folder).load("train");
  require(read.images.size() == read.captions.size(), "a picture without captions");
  require(std::set(read.images.begin(), read.images.end()).size() == read.images.size(), "a picture twice");
  for (size_t i = 0; i < read.images.size(); ++i) {
    require(std::filesystem::path(read.images[i]).filename() == read.images[i], "a picture in another folder");
    require(!read.captions[i].empty(), "a picture without a caption");
    for (const std::string& text : read.captions[i])
      require(!caption::caption_tokens(text).empty(), "a caption without a word");
  }
}

REGISTER_READER(captions);

void caption_forms(std::string_view bytes) {
  std::filesystem::create_directories(scratch() / "forms");  // where no other reader's split lists lie
  const caption::Dataset data(file_of("forms/mine.txt", bytes));
  for (const std::string& split : data.splits()) {
    std::set<std::string> names;
    for (const std::string& name : data.images(split)) {
      require(names.insert(name).second, "a picture twice");
      require(std::filesystem::path(name).filename() == name && name != "..", "a picture in another folder");
      const auto file = data.file_of(name).lexically_normal();
      require(file.native().starts_with(scratch().lexically_normal().native()), "a picture out of the data");
    }
    const caption::CaptionedImages read = data.load(split);
    require(read.images.size() == read.captions.size(), "a picture without captions");
    for (const auto& captions : read.captions) {
      require(!captions.empty(), "a picture without a caption");
      for (const std::string& text : captions)
        require(!caption::caption_tokens(text).empty(), "a caption without a word");
    }
  }
}

REGISTER_READER(caption_forms);

}  // namespace
}  // namespace heed::fuzz
