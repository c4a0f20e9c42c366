// Photographs and what people said about them, from a folder in the layout of Flickr8k (Hodosh et al. 2013):
//
//   images/             the photographs
//   split.train.txt     names of the photographs of a split, one a line; likewise dev, test, ..
//   captions.train.tsv  file name <TAB> number of the caption <TAB> caption, in any order
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "examples/support/text/text_form.h"

namespace heed::caption {

struct CaptionedImages {
  std::vector<std::string> images;                 // file names, in the order of the split file
  std::vector<std::vector<std::string>> captions;  // [image][k] in the order of their numbers, as published
  int64_t dropped = 0;                             // captions left out because no word was in them
};

// The file names of a split. Throws when there is no such folder or split (naming those that exist), and,
// with file and line, for a name that is a path or that occurs twice. Whether the files are there is not
// looked at: who reads them decides whether to go on without one.
std::vector<std::string> list_images(const std::filesystem::path& data, const std::string& split);

// Throws, with file and line, when images of a split are not there, and says how many.
void require_images(const std::filesystem::path& data, const std::string& split);

// Where the photograph of that name is.
std::filesystem::path image_path(const std::filesystem::path& data, const std::string& image);

// A split with its captions, from captions.SPLIT.tsv or another file of that layout. Throws what list_images
// throws; when there is no file of captions (saying where one may be put); and, with file and line, for a
// row that has not three columns, a number that is none or that an image has twice, an image that is not in
// the split, bytes that are not UTF-8, and an image without a caption.
CaptionedImages load_split(const std::filesystem::path& data, const std::string& split,
                           const std::filesystem::path& captions_file = {},
                           support::TextForm form = support::usual_text_form());

// The names of the splits in a folder, sorted.
std::vector<std::string> list_splits(const std::filesystem::path& data);

std::filesystem::path image_path(const std::filesystem::path& data, const std::string& image);

// The words of a caption: without case, split at spaces, without the words that hold only punctuation.
// "A boy 's T-shirt , wet ." gives a boy 's t-shirt wet. What is a case and what is punctuation beyond ASCII
// depends on `form`.
//
// Nearly every published caption ends in " .", so it says nothing, but predicting it would earn a sure
// 4-gram a sentence: scores with and without it cannot be compared. Captioning evaluations count without.
std::vector<std::string> caption_tokens(const std::string& caption,
                                        support::TextForm form = support::usual_text_form());

}  // namespace heed::caption
