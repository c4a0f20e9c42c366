// Whether attention looks where it ought to: only the built-in pictures can tell.
//
// A word that names a thing points right if the place with its largest weight shows a visible part of that
// thing. The name of something that is not in the picture cannot point right.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "examples/caption/data/scenes.h"

namespace heed::caption {

struct Pointing {
  int64_t right = 0, words = 0;  // words: names alone
  double accuracy() const { return words ? static_cast<double>(right) / static_cast<double>(words) : 0; }
};

// Adds the words of one caption. alpha[i] are the weights of word i, [side * side], row by row; further rows
// (for </s>) do not matter. Throws when there are fewer rows than words, or when they are of another length.
void add_pointing(Pointing& sum, const Scene& scene, const std::vector<std::string>& words,
                  const std::vector<std::vector<float>>& alpha, int64_t side);

}  // namespace heed::caption
