// A picture has nine places, and at each a thing of another kind, in one of four colours. Asked for a kind, a
// model says its colour. Nobody tells it where that thing is.
#pragma once

#include "autograd/base/rng.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/hard_attention.h"
#include "nn/layers/embedding.h"
#include "nn/layers/linear.h"
#include "nn/losses/losses.h"

namespace heed::colours {

constexpr int64_t kPlaces = 9, kColours = 4, kBatch = 64, kSize = kPlaces + kColours;

struct Pictures {
  Tensor annotations;           // a [B, 9, 13]: kind and colour of each place, and noise
  Tensor asked, colour, place;  // i64 [B]: the kind, its colour, where it is
};
inline Pictures draw(Rng& rng, int64_t count) {
  Pictures p{rng.normal({count, kPlaces, kSize}, 0, 0.3, DType::f64), Tensor::empty({count}, DType::i64),
             Tensor::empty({count}, DType::i64), Tensor::empty({count}, DType::i64)};
  for (int64_t b = 0; b < count; ++b) {
    const std::vector<int64_t> kinds = rng.permutation(kPlaces);
    const int64_t asked_place = p.place.mutable_data<int64_t>()[b] = rng.below(kPlaces);
    for (int64_t i = 0; i < kPlaces; ++i) {
      const int64_t kind = kinds[size_t(i)], colour = rng.below(kColours);
      double* a = p.annotations.mutable_data<double>() + (b * kPlaces + i) * kSize;
      a[kind] += 1, a[kPlaces + colour] += 1;
      if (i == asked_place) p.asked.mutable_data<int64_t>()[b] = kind, p.colour.mutable_data<int64_t>()[b] = colour;
    }
  }
  return p;
}

inline Tensor one_hot_of(const Tensor& ids, int64_t count) { return to(one_hot(ids, count), DType::f64); }

struct Model {
  Embedding query;  // of each kind, to compare with annotations
  Linear output;    // from an annotation, or a mean of them, to scores of the colours
  explicit Model(Rng& rng) : query(kPlaces, kSize, rng), output(kSize, kColours, rng) { convert(*this, DType::f64); }
  void parts(auto& visit) {
    visit("query", query);
    visit("output", output);
  }
  Tensor scores(const Pictures& p) const {  // e [B, 9]
    return sum(unsqueeze(query(p.asked), 1) * p.annotations, {2});
  }
  Tensor given(const Pictures& p) const {  // log p(colour | place i) [B, 9]
    const Tensor right = unsqueeze(one_hot_of(p.colour, kColours), 1);
    return sum(right * log_softmax(output(p.annotations)), {2});
  }
};

// What a word costs.
using Loss = Tensor(const Model& m, const Pictures& p, Rng& rng);

inline Tensor soft(const Model& m, const Pictures& p, Rng&) {
  const Tensor context = sum(unsqueeze(softmax(m.scores(p)), 2) * p.annotations, {1});
  return cross_entropy(m.output(context), p.colour);
}
inline Tensor hard(const Model& m, const Pictures& p, Rng& rng) {
  const Tensor scores = m.scores(p), given = m.given(p);
  const Tensor choice = one_hot_of(rng.categorical(softmax(detach(scores))), kPlaces);
  const Tensor logp = sum(choice * given, {1});
  const double n = double(logp.size(0));
  const Tensor better = n / (n - 1) * detach(logp - mean(logp));  // than the mean of the other pictures
  return -mean(logp + better * log_choice(scores, choice));
}
inline Tensor listed(const Model& m, const Pictures& p, Rng&) {
  return -mean(sum(softmax(m.scores(p)) * m.given(p), {1}));
}
inline Tensor latent(const Model& m, const Pictures& p, Rng&) {
  return -mean(logsumexp(log_softmax(m.scores(p)) + m.given(p), {1}));
}

}  // namespace heed::colours
