// Tiny captioners in double for the tests.
#pragma once

#include "autograd/tape/parameters.h"
#include "examples/caption/model/captioner.h"
#include "examples/support/training/batches.h"

namespace heed::test {

inline caption::ModelSettings tiny_captioner() {
  caption::ModelSettings s;
  s.embedding = 5;
  s.hidden = 6;
  s.alignment = 4;
  s.side = 2;
  s.depth = 3;
  s.words = 9;
  return s;
}

struct CaptionModel {
  caption::Captioner captioner;
  Parameters parameters;
  CaptionModel(const caption::ModelSettings& settings, uint64_t seed) {
    Rng rng(seed);
    captioner = caption::Captioner(settings, rng);
    convert(captioner, DType::f64);
    parameters = Parameters(captioner);
  }
};

// Captions of these lengths (without </s>), in turn of pictures 0 .. pictures - 1.
inline support::PairBatch captions_of(const std::vector<int64_t>& lengths, int64_t words, Rng& rng) {
  std::vector<support::Ids> sentences;
  std::vector<size_t> index;
  for (const int64_t length : lengths) {
    index.push_back(index.size());
    sentences.emplace_back();
    for (int64_t i = 0; i < length; ++i) sentences.back().push_back(4 + rng.below(words - 4));
  }
  return support::make_batch(std::vector<support::Ids>(lengths.size()), sentences, index);
}

inline Tensor random_annotations(const caption::ModelSettings& s, int64_t pictures, Rng& rng) {
  return rng.uniform({pictures, s.locations(), s.depth}, -1, 1, DType::f64);
}

}  // namespace heed::test
