// The splits of Karpathy and Fei-Fei (2015, arXiv:1412.2306) of Flickr8k, Flickr30k and COCO, which most
// papers report on since: dataset_flickr8k.json, ..
//
//     {"images": [{"filepath": "val2014", "filename": "COCO_val2014_000000391895.jpg", "split": "test",
//                  "sentences": [{"raw": "A man with a red helmet", "tokens": ["a", "man", ..]}, ..]}, ..]}
#include "autograd/base/error.h"
#include "examples/caption/data/forms/album.h"
#include "examples/caption/data/forms/json_form.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

using nlohmann::json;
using support::JsonItem;

bool is_karpathy(const Candidate& candidate) {
  return candidate.head.find_first_not_of(" \t\r\n") == candidate.head.find('{') &&
         (candidate.head.find("\"sentences\"") != std::string_view::npos ||
          candidate.head.find("\"sentids\"") != std::string_view::npos);
}

std::string caption_of(const JsonItem& item, const json& sentence) {
  const auto tokens = sentence.is_object() ? sentence.find("tokens") : sentence.end();
  if (!sentence.is_object() || sentence.contains("raw") || tokens == sentence.end() || !tokens->is_array())
    return text_of(item, sentence, "raw");
  std::vector<std::string> words;
  for (const json& token : *tokens) {
    if (!token.is_string()) throw Error("{}: a token is no text", item.where());
    words.push_back(token.get<std::string>());
  }
  return support::join_words(words);
}

void add_image(const JsonItem& item, Album& album) {
  const std::string folder = text_of(item, item.value, "filepath", "");
  const std::string file = text_of(item, item.value, "filename");
  auto& picture = album.new_picture(folder.empty() ? file : folder + "/" + file, [&] { return item.where(); });
  picture.split = usual_split(text_of(item, item.value, "split", picture.split));
  const auto sentences = item.value.find("sentences");
  if (sentences == item.value.end() || !sentences->is_array())
    throw Error("{}: there is no list \"sentences\"", item.where());
  for (const json& sentence : *sentences) picture.captions.push_back(caption_of(item, sentence));
}

void read_karpathy(const std::filesystem::path& file, Album& album) {
  read_json_lists(file, "images", [&](const JsonItem& item) {
    if (item.list == "images") add_image(item, album);
  });
}

}  // namespace

extern const CaptionForm karpathy_json;
const CaptionForm karpathy_json = {is_karpathy, read_karpathy};

}  // namespace heed::caption
