// How the decoder reads the source: a context for a state.
//
// The choice of a score and a window (nn/attention/attention.h) covers Bahdanau's and Luong's mechanisms. Global
// additive attention, RNNsearch's own, takes the fused pass of nn/attention/additive_attention.h over packed rows; the
// others look at padded annotations. The fixed context of the plain encoder-decoder is the trivial reader.
#pragma once

#include <functional>
#include <memory>

#include "autograd/base/rng.h"
#include "examples/translate/model/batch.h"
#include "examples/translate/model/settings.h"
#include "nn/attention/additive_attention.h"
#include "nn/attention/attention.h"

namespace heed::translate {

// What can be read: made once for a batch. Which fields are there depends on the reader.
struct Source {
  Tensor fixed;                        // [B, C]: the context of model "fixed"
  Tensor annotations, keys;            // [N, C], [N, A] packed rows: h_j and U_a h_j
  std::shared_ptr<const Sight> sight;  // who may look at which
  AttentionMemory padded;              // [B, S, C] in target order

  // The first sentence for `rows` hypotheses about it.
  Source repeated(int64_t rows) const;
  // Contexts come as f(c), f linear without bias. The annotations go through f once, instead of every
  // context: f(sum_j alpha_j h_j) = sum_j alpha_j f(h_j).
  Source mapped(const std::function<Tensor(const Tensor&)>& f) const;
};

struct Reading {
  Tensor context;  // [n, C]
  Tensor alpha;    // [n, S]; undefined for the fixed context
};

struct Reader {
  using General = Attention<AnyScore, AnyWindow, SoftReading>;
  AdditiveScore additive;  // W_a, U_a, v_a: for the fused pass
  General general;         // every other choice

  Reader() = default;
  Reader(const ModelSettings& settings, int64_t state_size, int64_t annotation_size, Rng& rng);

  // `annotations` [N, C], and for model "fixed" the last state of each sentence [B, C].
  Source prepare(const Tensor& annotations, const Batch& batch, const Tensor& last) const;
  // One context for each of n states [n, H], which are the first n of the batch, at target position `time`.
  Reading operator()(const Source& source, const Tensor& state, int64_t time) const;

  void parts(auto& visit) {
    if (way_ == Way::additive) additive.parts(visit);
    if (way_ == Way::general) general.parts(visit);
  }

 private:
  enum class Way { additive, general, fixed };
  Way way_ = Way::additive;
  bool by_location_ = false;  // a score with a weight for each position, of which there are so many
};

}  // namespace heed::translate
