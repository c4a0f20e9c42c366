#include <fmt/format.h>

#include "examples/caption/data/forms/caption_form.h"
#include "examples/caption/data/forms/split_folder.h"

namespace heed::caption {

// Each in the source of its name.
extern const CaptionForm karpathy_json, flickr8k_token, coco_json, caption_csv, caption_tsv;

// The first that fits is taken.
std::span<const CaptionFormChoice> caption_forms() {
  static const CaptionFormChoice forms[] = {
      {"Karpathy's JSON",
       "dataset_flickr8k.json, dataset_flickr30k.json, dataset_coco.json: images with filename, split, "
       "sentences",
       karpathy_json},
      {"Flickr8k's token file",
       "Flickr8k.token.txt (image.jpg#0, tab, caption), with Flickr_8k.trainImages.txt, .. beside it or "
       "without",
       flickr8k_token},
      {"COCO's captions",
       "annotations/captions_train2014.json and captions_val2014.json, beside train2014/, val2014/", coco_json},
      {"csv", "captions.csv or captions.txt: the line image,caption and then a line for each caption", caption_csv},
      {"tsv", "captions.tsv: image, tab, caption", caption_tsv},
  };
  return forms;
}

std::string caption_forms_help() {
  std::string text = fmt::format("  {}: {}\n", SplitFolder::name, SplitFolder::help);
  for (const CaptionFormChoice& form : caption_forms()) text += fmt::format("  {}: {}\n", form.name, form.help);
  return text;
}

}  // namespace heed::caption
