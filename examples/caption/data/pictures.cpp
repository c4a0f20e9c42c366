#include "examples/caption/data/pictures.h"

#include "examples/caption/encoders/features.h"
#include "examples/support/images/planes.h"

namespace heed::caption {
namespace {

// Annotations that were computed before.
class Annotations : public Pictures {
 public:
  Annotations(FeatureSet features, const std::vector<std::string>& names, const ViewOptions& options)
      : features_(std::move(features)) {
    for (const std::string& name : names) {
      numbers_.emplace_back();
      for (const View& view : views(options)) {
        const int64_t number = features_.index_of(view_name(name, view));
        if (number >= 0 || numbers_.back().empty()) numbers_.back().push_back(number);
      }
    }
  }
  Tensor at(const std::vector<int64_t>& numbers) const override {
    std::vector<int64_t> indices;
    for (const int64_t n : numbers) indices.push_back(numbers_.at(static_cast<size_t>(n))[0]);
    return features_.annotations(indices);
  }
  Tensor draw(const std::vector<int64_t>& numbers, Rng& random) const override {
    std::vector<int64_t> indices;
    for (const int64_t n : numbers) {
      const std::vector<int64_t>& views = numbers_.at(static_cast<size_t>(n));
      indices.push_back(views[static_cast<size_t>(random.below(static_cast<int64_t>(views.size())))]);
    }
    return features_.annotations(indices);
  }

 private:
  FeatureSet features_;
  std::vector<std::vector<int64_t>> numbers_;  // of each picture's views in the set, the whole one first
};

class Pixels : public Pictures {
 public:
  Pixels(std::vector<support::Image> pictures, int64_t size, const ViewOptions& options)
      : pictures_(std::move(pictures)), size_(static_cast<int>(size)), views_(views(options)) {
    for (support::Image& picture : pictures_) picture = fitting(picture);
  }
  Tensor at(const std::vector<int64_t>& numbers) const override {
    std::vector<const support::Image*> chosen;
    for (const int64_t n : numbers) chosen.push_back(&pictures_.at(static_cast<size_t>(n)));
    return support::pixels(chosen, size_);
  }
  Tensor draw(const std::vector<int64_t>& numbers, Rng& random) const override {
    if (views_.size() == 1) return at(numbers);
    std::vector<support::Image> drawn;
    for (const int64_t n : numbers) {
      const View& view = views_[static_cast<size_t>(random.below(static_cast<int64_t>(views_.size())))];
      drawn.push_back(fitting(view_of(pictures_.at(static_cast<size_t>(n)), std::to_string(n), view)));
    }
    std::vector<const support::Image*> chosen;
    for (const support::Image& picture : drawn) chosen.push_back(&picture);
    return support::pixels(chosen, size_);
  }

 private:
  support::Image fitting(const support::Image& picture) const {
    return picture.width == size_ && picture.height == size_ ? picture : support::resize(picture, size_, size_);
  }
  std::vector<support::Image> pictures_;
  int size_;
  std::vector<View> views_;
};

}  // namespace

std::shared_ptr<const Pictures> make_annotations(FeatureSet features, const std::vector<std::string>& names,
                                                 const ViewOptions& views) {
  return std::make_shared<Annotations>(std::move(features), names, views);
}

std::shared_ptr<const Pictures> make_pixels(std::vector<support::Image> pictures, int64_t size,
                                            const ViewOptions& views) {
  return std::make_shared<Pixels>(std::move(pictures), size, views);
}

}  // namespace heed::caption
