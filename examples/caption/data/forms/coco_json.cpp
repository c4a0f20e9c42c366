// COCO's captions (Chen et al. 2015, arXiv:1504.00325): captions_train2014.json, captions_val2017.json, ..,
// whose pictures lie in train2014/, val2017/, .. That is heed's train and dev; COCO's test has no captions.
//
//     {"images": [{"id": 391895, "file_name": "COCO_val2014_000000391895.jpg"}, ..],
//      "annotations": [{"image_id": 391895, "caption": "A man with a red helmet"}, ..]}
#include <optional>

#include "autograd/base/error.h"
#include "examples/caption/data/forms/album.h"
#include "examples/caption/data/forms/json_form.h"

namespace heed::caption {
namespace {

using support::JsonItem;

bool is_coco(const Candidate& candidate) {
  // Beside the captions lie COCO's instances and keypoints, which begin alike.
  if (!candidate.given && candidate.name().find("caption") == std::string::npos) return false;
  const auto has = [&](std::string_view word) { return candidate.head.find(word) != std::string_view::npos; };
  return candidate.head.find_first_not_of(" \t\r\n") == candidate.head.find('{') &&
         (has("\"file_name\"") || has("\"image_id\"") || has("\"annotations\""));
}

// An identity as text: a number in COCO itself, a text in some files of its form.
std::string identity(const JsonItem& item, const char* name) {
  if (!item.value.is_object() || !item.value.contains(name))
    throw Error("{}: there is no \"{}\"", item.where(), name);
  const nlohmann::json& id = item.value.at(name);
  if (!id.is_string() && !id.is_number_integer())
    throw Error("{}: \"{}\" is neither a whole number nor a text", item.where(), name);
  return id.dump();
}

struct Annotation {
  std::string image, caption, where;
};

// captions_train2014.json is of train2014/.
std::string coco_folder(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  return stem.starts_with("captions_") ? stem.substr(9) + "/" : "";
}

void read_coco(const std::filesystem::path& file, Album& album) {
  std::unordered_map<std::string, std::string> names;  // of a picture's file, by its identity
  std::vector<Annotation> annotations;                 // may stand before the pictures
  const std::string folder = coco_folder(file);
  read_json_lists(file, "annotations", [&](const JsonItem& item) {
    if (item.list == "images") {
      std::string name = text_of(item, item.value, "file_name");
      if (name.find('/') == std::string::npos) name = folder + name;
      album.new_picture(name, [&] { return item.where(); });
      if (!names.emplace(identity(item, "id"), std::move(name)).second)
        throw Error("{}: there is a picture with this id already", item.where());
    } else if (item.list == "annotations") {
      annotations.push_back({identity(item, "image_id"), text_of(item, item.value, "caption"), item.where()});
    }
  });
  for (Annotation& annotation : annotations) {
    const auto found = names.find(annotation.image);
    if (found == names.end())
      throw Error("{}: a caption of the picture {}, which is not in \"images\"", annotation.where, annotation.image);
    album.picture(found->second, [&] { return annotation.where; }).captions.push_back(std::move(annotation.caption));
  }
}

}  // namespace

extern const CaptionForm coco_json;
const CaptionForm coco_json = {is_coco, read_coco};

}  // namespace heed::caption
