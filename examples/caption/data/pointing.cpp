#include "examples/caption/data/pointing.h"

#include <algorithm>

#include "autograd/base/error.h"

namespace heed::caption {

void add_pointing(Pointing& sum, const Scene& scene, const std::vector<std::string>& words,
                  const std::vector<std::vector<float>>& alpha, int64_t side) {
  if (alpha.size() < words.size()) {
    throw Error("pointing: weights for {} words, but there are {} words", alpha.size(), words.size());
  }
  const std::vector<int> named = named_objects(scene, words);
  for (size_t i = 0; i < words.size(); ++i) {
    if (named[i] == names_nothing) continue;
    const std::vector<float>& weights = alpha[i];
    if (static_cast<int64_t>(weights.size()) != side * side) {
      throw Error("pointing: {} weights for a grid of {} x {} places", weights.size(), side, side);
    }
    const auto largest = std::max_element(weights.begin(), weights.end()) - weights.begin();
    ++sum.words;
    sum.right += named[i] != not_there && cell_shows(scene, side, largest, named[i]);
  }
}

}  // namespace heed::caption
