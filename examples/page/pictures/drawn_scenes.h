// Pictures with their captions, and what stands at the places of a grid over them.
//
// The page trains what looks, not what sees: an annotation is given, as another network would leave it. It says how much
// of its place each kind of thing covers, and where the place lies, with noise.
#pragma once

#include <map>
#include <vector>

#include "autograd/base/rng.h"
#include "autograd/base/tensor.h"
#include "examples/caption/data/scenes.h"
#include "examples/support/text/vocabulary.h"

namespace heed::page {

class DrawnScenes {
 public:
  static constexpr int64_t side = 8;     // places of the grid, each way
  static constexpr int64_t pool = 1500;  // pictures for training; each is drawn when it is first asked for

  explicit DrawnScenes(uint64_t noise);

  struct Example {
    caption::Scene scene;
    std::vector<int64_t> words;     // of the caption
    std::vector<float> annotation;  // [side * side, depth()]
  };
  // "train" or "test", number `number`.
  const Example& at(const std::string& split, int64_t number);
  int64_t depth() const { return static_cast<int64_t>(kinds_.size()) + 2 * side; }
  const support::Vocabulary& vocabulary() const { return vocabulary_; }

 private:
  std::vector<float> annotation_of(const caption::Scene& scene, Rng rng) const;

  uint64_t noise_;
  std::map<std::string, int64_t> kinds_;  // of things, by name
  support::Vocabulary vocabulary_;
  std::map<std::pair<std::string, int64_t>, Example> drawn_;
};

// The annotations of some, [M, side * side, depth].
Tensor annotations_of(const std::vector<const DrawnScenes::Example*>& examples, int64_t depth);

}  // namespace heed::page
