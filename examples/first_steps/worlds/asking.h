// Four ways to ask for one of four annotations.
#pragma once

#include <cstdint>
#include <utility>

#include "autograd/base/rng.h"
#include "autograd/base/tensor.h"

namespace heed::asking {

constexpr int64_t kPlaces = 4, kSize = 4, kBatch = 64;

// What a number of the query is: h is the annotation that is meant, and `place` where it stands.
using Ask = double (*)(const double* h, int64_t place, int64_t number);
constexpr std::pair<const char*, Ask> kQuestions[] = {
    {"same", [](const double* h, int64_t, int64_t number) { return h[number]; }},
    {"turned", [](const double* h, int64_t, int64_t number) { return h[(number + 1) % kSize]; }},
    {"place", [](const double*, int64_t place, int64_t number) { return number == place ? 1.0 : -1.0; }},
    {"odd", [](const double*, int64_t, int64_t) { return 1.0; }},
};
constexpr Ask kOdd = kQuestions[3].second;

struct Batch {
  Tensor queries, annotations, right;  // [B, 4], [B * 4, 4], i64 [B]
};

// Annotations of 4 numbers, each -1 or 1, no two of a sentence the same. For "odd" the first two numbers
// differ at the right place, and are the same elsewhere.
inline Batch draw(Ask ask, Rng& rng) {
  Batch batch{Tensor::empty({kBatch, kSize}, DType::f64), Tensor::empty({kBatch * kPlaces, kSize}, DType::f64),
              Tensor::empty({kBatch}, DType::i64)};
  for (int64_t b = 0; b < kBatch; ++b) {
    double* const annotations = batch.annotations.mutable_data<double>() + b * kPlaces * kSize;
    const int64_t right = batch.right.mutable_data<int64_t>()[b] = rng.below(kPlaces);
    int64_t place = 0;
    for (const int64_t code : rng.permutation(16)) {
      const bool odd = (code & 1) != (code >> 1 & 1);
      if (place == kPlaces || (ask == kOdd && odd != (place == right))) continue;
      for (int64_t i = 0; i < kSize; ++i) annotations[place * kSize + i] = (code >> i & 1) ? 1 : -1;
      ++place;
    }
    for (int64_t i = 0; i < kSize; ++i)
      batch.queries.mutable_data<double>()[b * kSize + i] = ask(annotations + right * kSize, right, i);
  }
  return batch;
}

}  // namespace heed::asking
