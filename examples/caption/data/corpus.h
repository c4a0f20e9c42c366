// What a captioner learns from and is judged by: pictures, in the form that its encoder wants, and captions.
//
// With a fixed encoder a picture is its annotations, from the cache of features.h. The small encoder learns,
// so it wants the pixels.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "autograd/base/rng.h"
#include "examples/caption/data/dataset.h"
#include "examples/caption/data/pictures.h"
#include "examples/caption/data/scenes.h"
#include "examples/caption/data/views.h"
#include "examples/caption/encoders/encoder.h"
#include "examples/caption/encoders/origin.h"
#include "examples/caption/model/settings.h"
#include "examples/support/images/image.h"
#include "examples/support/text/text_form.h"
#include "examples/support/text/vocabulary.h"
#include "optim/thread_pool.h"

namespace heed::caption {

struct DataOptions {
  std::string data = "builtin";  // or photographs with captions, as dataset.h takes them
  std::string images;            // the folder of the photographs; "": looked for
  std::string weights;           // of the fixed encoder; may be left out if the cache holds all pictures
  WeightsFrom weights_from =
      WeightsFrom::automatic;           // who trained them; automatic: what a run knows, or the file says
  std::string cache;                    // file of features; "": none is kept
  int64_t scenes = kScenesToLearnFrom;  // builtin: the first so many of an endless series
  bool skip_broken = false;             // leave out pictures that cannot be read
  ViewOptions views;                    // learn from these, too; their features are in the cache as well
  support::TextForm text_form = support::TextForm::bytes;
  bool estimating = false;  // pictures that would have to be computed have stand-ins (stand_ins.h)

  bool builtin() const { return data == "builtin"; }
  void fields(auto& visit) {
    visit("data", data,
          "builtin, or photographs with captions, a folder or the file of the captions: Flickr8k's token "
          "file, captions.csv or .tsv, Karpathy's JSON, COCO's, or heed's split lists (docs/captions.md)",
          {.path = true});
    visit("images", images, "the folder of the photographs, where they are not beside the captions", {.path = true});
    visit("weights", weights, kWeightsHelp, {.path = true});
    visit("weights_from", weights_from, weights_origins, kWeightsFromHelp);
    visit("cache", cache, "file of its features; DATA/ENCODER.features unless given", {.path = true});
    visit("text_form", text_form, support::text_forms, "of the captions");
    visit("views", views);
    visit("scenes", scenes, "builtin: pictures to learn from", {.least = 1, .most = 1000000});
    visit("skip_broken", skip_broken, "leave out pictures that cannot be read, and count them");
  }
};

// A split. Picture i is images[i]; its captions as words joined by spaces (caption_tokens) are references[i].
struct CaptionSet {
  std::vector<std::string> images;           // file names; the numbers of scenes if they are built in
  std::vector<std::filesystem::path> files;  // where they are; empty for scenes
  std::vector<std::vector<std::string>> references;
  std::shared_ptr<const Pictures> pictures;
  std::vector<std::string> left_out;  // pictures that could not be read, and why
  int64_t dropped = 0;                // captions without a word
  std::string encoder;                // the identity of a fixed encoder
  std::string encoder_note;           // what was loaded for it; "" if nothing was
  double seconds_left = 0;            // estimating: what computing all pictures would take beside, ..
  int64_t bytes_left = 0;             // .. and keeping them

  int64_t size() const { return static_cast<int64_t>(images.size()); }
};

// The data that the options name; an empty one for the built-in pictures. Throws what Dataset throws.
Dataset open_data(const DataOptions& options);

// A split of the data with its captions (from `captions_file` if it is given). The settings say for which
// encoder; side, depth and (if it is known) identity must be those of the features. Throws what loading
// pictures, captions and features may throw; a picture that cannot be read throws unless skip_broken.
CaptionSet load_captions(const Dataset& data, const DataOptions& options, const ModelSettings& settings,
                         const std::string& split, ThreadPool& pool, const std::string& captions_file = {});

// The fixed encoder of these settings, with the weights of the options; what was loaded goes to stderr. Throws if it is
// not the one of the training.
std::unique_ptr<FixedEncoder> run_encoder(const ModelSettings& settings, const DataOptions& options);

// Any pictures, for captions of single files. Of the options the weights count; what was loaded of them goes to stderr.
std::shared_ptr<const Pictures> make_pictures(std::vector<support::Image> pictures, const ModelSettings& settings,
                                              const DataOptions& options);

// The captions one after the other: their words as numbers, and which picture each describes.
struct CaptionIds {
  std::vector<std::vector<int64_t>> words;  // without <s> and </s>
  std::vector<int64_t> picture;
};
CaptionIds caption_ids(const CaptionSet& set, const support::Vocabulary& vocabulary);

// The words of all captions.
support::Vocabulary caption_vocabulary(const CaptionSet& train, const support::VocabularyOptions& options);

}  // namespace heed::caption
