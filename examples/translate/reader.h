// How the decoder reads the source: a context for a state.
//
// The choice of a score and a window (attention.h) covers Bahdanau's and Luong's mechanisms. Global additive attention, RNNsearch's own,
// takes the fused pass of nn/additive_attention.h. The fixed context of the plain encoder-decoder is the trivial reader.
#pragma once

#include <memory>

#include "autograd/rng.h"
#include "examples/translate/batch.h"
#include "examples/translate/settings.h"
#include "nn/linear.h"

namespace heed::translate {

// What can be read: made once for a batch.
struct Source {
  Tensor annotations;                    // [N, C] packed rows
  Tensor keys;                           // [N, A]: U_a h_j, for additive scores
  Tensor padded, padded_keys, mask;      // [B, S, C], [B, S, ..], i64 [B, S], in target order: for the other scores
  Tensor fixed;                          // [B, C]: the context of model "fixed"
  std::shared_ptr<const Sight> sight;
};

struct Reading {
  Tensor context;   // [n, C]
  Tensor alpha;     // [n, S]; undefined for the fixed context
};

struct Reader {
  Linear query;      // W_a: [A, H], no bias   (additive)
  Linear key;        // U_a: [A, C], no bias
  Tensor v;          // [A]

  Reader() = default;
  Reader(const ModelSettings& settings, int64_t state_size, int64_t annotation_size, Rng& rng);

  // `annotations` [N, C], and for model "fixed" the last state of each sentence [B, C].
  Source prepare(const Tensor& annotations, const Batch& batch, const Tensor& last) const;
  // One context for each of n states [n, H], which are the first n of the batch.
  Reading operator()(const Source& source, const Tensor& state) const;

  void parts(auto& visit) {
    visit("query", query);
    visit("key", key);
    visit("v", v);
  }

 private:
  bool additive_ = true, fixed_ = false;
};

}  // namespace heed::translate
