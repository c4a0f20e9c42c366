// What a split of captioned photographs comes down to, whatever form the data has.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "examples/support/text/text_form.h"

namespace heed::caption {

struct CaptionedImages {
  std::vector<std::string> images;                 // file names, without folders; no two alike
  std::vector<std::vector<std::string>> captions;  // [image][k] in the order of their numbers, as published
  int64_t dropped = 0;                             // captions left out because no word was in them
  std::vector<std::string> left_out;               // pictures without a caption, and why
};

// Captions for these images from a file of rows: file name <TAB> number of the caption <TAB> caption, in any
// order; [image][k] in the order of their numbers. Throws, with file and line, for a row that has not three
// columns, a number that is none or that an image has twice, an image that is not among them (`listed_in`
// says where they are listed), and bytes that are not UTF-8.
std::vector<std::vector<std::string>> read_captions(const std::filesystem::path& file,
                                                    const std::vector<std::string>& images,
                                                    const std::string& listed_in);

// A line without byte order marks; those in the middle of a file come of files that were joined.
std::string without_mark(const std::string& line);

// The number of a caption: 0, 1, .. Throws, beginning with `where`, for what is none.
int64_t caption_number(std::string_view text, const std::string& where);

// The words of a caption: without case, split at spaces, without the words that hold only punctuation.
// "A boy 's T-shirt , wet ." gives a boy 's t-shirt wet. What is a case and what is punctuation beyond ASCII
// depends on `form`.
//
// Nearly every published caption ends in " .", so it says nothing, but predicting it would earn a sure
// 4-gram a sentence: scores with and without it cannot be compared. Captioning evaluations count without.
std::vector<std::string> caption_tokens(const std::string& caption,
                                        support::TextForm form = support::usual_text_form());

// The captions with a word in them; the others are counted in `dropped`.
std::vector<std::string> with_words(std::vector<std::string> captions, support::TextForm form, int64_t& dropped);

}  // namespace heed::caption
