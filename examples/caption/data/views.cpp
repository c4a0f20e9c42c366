#include "examples/caption/data/views.h"

#include <fmt/format.h>

#include "autograd/base/rng.h"
#include "autograd/files/crc32c.h"

namespace heed::caption {
namespace {

constexpr double kSmallestCrop = 0.7;  // of a side

struct Span {
  int first, length;
};

Span random_span(int whole, Rng& random) {
  const double share = kSmallestCrop + (1 - kSmallestCrop) * random.uniform();
  const int length = std::max(1, static_cast<int>(share * whole));
  return {static_cast<int>(random.below(whole - length + 1)), length};
}

}  // namespace

std::vector<View> views(const ViewOptions& options) {
  std::vector<View> result{{}};
  if (options.mirror) result.push_back({.crop = 0, .mirror = true});
  for (int64_t crop = 1; crop <= options.crops; ++crop) result.push_back({crop, crop % 2 == 0});
  return result;
}

std::string view_name(const std::string& name, const View& view) {
  if (view.crop > 0) return fmt::format("{} crop {}", name, view.crop);
  return view.mirror ? name + " mirrored" : name;
}

support::Image view_of(const support::Image& image, const std::string& name, const View& view) {
  support::Image result = image;
  if (view.crop > 0) {
    Rng random = Rng(crc32c(name.data(), name.size())).split(static_cast<uint64_t>(view.crop));
    const Span across = random_span(image.width, random), down = random_span(image.height, random);
    result = support::cropped(image, across.first, down.first, across.length, down.length);
  }
  return view.mirror ? support::mirrored(result) : result;
}

}  // namespace heed::caption
