// Attention to places, once as its equations stand on paper, and in three forms that do less for the same
// numbers.
#pragma once

#include <functional>

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/attention.h"

namespace heed::looks {

constexpr int64_t kWords = 12, kPictures = 16, kPlaces = 196, kSize = 128;

struct Looks {
  AdditiveScore score;
  Tensor annotations, queries;  // [pictures * places, size], [words, pictures, size]
  SharedMask mask;
};

// U h_j
inline Tensor keys_of(const Looks& of) {
  return reshape(linear(of.annotations, of.score.key_weight), {kPictures, kPlaces, kSize});
}
// e_j = v . tanh(W q + U h_j), an operation for each sign
inline Tensor scores_of(const Looks& of, int64_t word, const Tensor& keys) {
  const Tensor query = unsqueeze(linear(of.queries[word], of.score.query_weight), 1);
  return sum(tanh(query + keys) * of.score.v, {2});
}
// c = sum_j alpha_j h_j
inline Tensor context_of(const Looks& of, const Tensor& scores) {
  const Tensor annotations = reshape(of.annotations, {kPictures, kPlaces, kSize});
  return sum(unsqueeze(softmax(scores), 2) * annotations, {1});
}

using Look = std::function<Tensor(int64_t word)>;  // the contexts of a word, [pictures, size]

// Each form does what it can do once for all words, and gives what is left for each.
inline Look on_paper(const Looks& of) {
  return [&of](int64_t word) { return context_of(of, scores_of(of, word, keys_of(of))); };
}
inline Look keys_once(const Looks& of) {
  return [&of, keys = keys_of(of)](int64_t word) { return context_of(of, scores_of(of, word, keys)); };
}
inline Look scores_fused(const Looks& of) {
  const Tensor keys = of.score.prepare(of.annotations);
  return [&of, keys](int64_t word) { return context_of(of, of.score(of.queries[word], keys, of.mask)); };
}
inline Look reading_fused(const Looks& of) {
  const Attention<AdditiveScore, GlobalWindow> attention{of.score, {}};
  const AttentionMemory memory = attention.remember(of.annotations, of.mask);
  return [&of, attention, memory](int64_t word) { return attention(of.queries[word], memory).context; };
}

}  // namespace heed::looks
