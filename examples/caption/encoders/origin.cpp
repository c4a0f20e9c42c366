#include "examples/caption/encoders/origin.h"

namespace heed::caption {

bool rename_from_caffe(TensorFile& file, std::span<const CaffeLayer> layers) {
  bool any = false;
  const auto rename = [&](auto& by_name) {
    for (const auto& [theirs, ours] : layers) {
      const std::string front = theirs + ".";
      for (auto at = by_name.lower_bound(front); at != by_name.end() && at->first.starts_with(front);
           at = by_name.lower_bound(front)) {
        auto taken = by_name.extract(at);
        taken.key() = ours + "." + taken.key().substr(front.size());
        if (!by_name.insert(std::move(taken)).inserted)
          throw Error("a layer stands in the file twice, as {} and as {}", theirs, ours);
        any = true;
      }
    }
  };
  rename(file.tensors);
  rename(file.converted);
  return any;
}

WeightsFrom origin_of(WeightsKind kind, bool caffe_names, WeightsFrom usual, const std::string& path) {
  if (caffe_names) return WeightsFrom::caffe;
  switch (kind) {
    case WeightsKind::caffemodel: return WeightsFrom::caffe;
    case WeightsKind::pytorch: return WeightsFrom::torchvision;
    case WeightsKind::safetensors: return usual;
    case WeightsKind::npz: break;
  }
  throw Error(
      "{}: nothing in an .npz with these names tells which pictures its network wants to see. Say "
      "--weights-from caffe (blue, green, red, less the mean) or --weights-from torchvision (red, green, blue from "
      "0 to 1, less the mean, divided by the deviation)",
      path);
}

std::string origin_suffix(WeightsFrom from, WeightsFrom usual) {
  return from == usual ? "" : fmt::format(" {}", name_of(weights_origins, from));
}

WeightsFrom origin_in(const std::string& identity, WeightsFrom usual) {
  for (const auto& choice : weights_origins)
    if (identity.ends_with(std::string(" ") + choice.name)) return choice.make;
  return usual;
}

}  // namespace heed::caption
