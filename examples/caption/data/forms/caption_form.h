// A form in which people have captioned photographs, and what reading one gives.
//
// Each form is a source of its own in this folder and a line in the table of forms.cpp, which help, messages,
// tests and dataset.h read.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/base/choice.h"
#include "examples/caption/data/captioned_images.h"

namespace heed::caption {

// Splits of captioned photographs, as their form says or as they are cut. Pictures are known by their file
// names alone, as features are kept by them (encoders/features.h).
class CaptionSource {
 public:
  virtual ~CaptionSource() = default;
  // The names of the splits: train, dev, test, and what others there are.
  virtual std::vector<std::string> splits() const = 0;
  // The file names of a split's pictures. Throws for a split that is not there, naming those that are.
  virtual std::vector<std::string> images(const std::string& split) const = 0;
  // A split with its captions, those of `captions_file` (read_captions) if one is given.
  virtual CaptionedImages load(const std::string& split, const std::filesystem::path& captions_file,
                               support::TextForm form) const = 0;
  // The folder of a picture, below that of all pictures, where the form says one ("train2014"); or "".
  virtual std::string folder_of(const std::string&) const { return ""; }
  // What was taken, in a few words for people: "6,000 / 1,000 / 1,000 pictures (train / dev / test)".
  virtual std::string summary() const = 0;
};

class Album;

// What a form is told by: a file that may be one.
struct Candidate {
  std::filesystem::path file;
  std::string_view head;  // its first bytes, as text
  bool given = false;     // by the user, and not found in a folder

  std::string name() const { return file.filename().string(); }
};

struct CaptionForm {
  // Whether the file is of this form, by its name and its first bytes.
  bool (*fits)(const Candidate&);
  // Adds the captions of a file. Throws, with file and line, for what cannot be read.
  void (*read)(const std::filesystem::path& file, Album& album);
};

using CaptionFormChoice = Choice<CaptionForm>;
std::span<const CaptionFormChoice> caption_forms();

// The table for people: one line for each form.
std::string caption_forms_help();

}  // namespace heed::caption
