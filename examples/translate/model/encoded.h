// What passes between a translator's encoder, its decoder, and whoever searches.
#pragma once

#include <functional>

#include "examples/translate/model/batch.h"
#include "examples/translate/model/word_products.h"
#include "nn/attention/attention.h"
#include "nn/attention/choices.h"
#include "nn/recurrent/cell.h"

namespace heed::translate {

using AnyAttention = Attention<AnyScore, AnyWindow>;

// What the encoder leaves for the decoder.
struct Encoded {
  AttentionMemory memory;  // annotations in the rows of the packed source
  Tensor fixed;            // for a fixed context in its place: the one context of each sentence, [B, C]
  State start;             // s_0, [B, L*H] in the order of the targets

  // The first sentence for `rows` hypotheses about it.
  Encoded repeated(int64_t rows) const;
  // The context for each of n queries [n, H], which are the first n of the mask's, at target position `time`.
  Attended attend(const AnyAttention& attention, const Tensor& query, int64_t time) const;
};

// The same for free running, where no product is taken twice. What is linear in the context is applied to the
// annotations, once, and not to every context: f(sum_j alpha_j h_j) = sum_j alpha_j f(h_j), and a beam has many
// hypotheses about one sentence.
struct Prepared {
  Encoded encoded;     // gives products of the context in its place
  WordProducts words;  // gives products of the word that was said last

  // Puts what `products` makes of it in the place of all that contexts are made of.
  static Encoded with_products(Encoded encoded, const std::function<Tensor(const Tensor& context)>& products);
};

// The decoder between two words. Rows are hypotheses, those that the first rows of the mask are for.
struct DecoderState {
  State state;
  Tensor carried;    // what the cell reads of the step before, as the decoder likes it; undefined before the first
  int64_t time = 0;  // words written so far
};

// What a decoder gives for the words that come next.
struct Decoded {
  Tensor units;  // [n, R]: what the output layer reads
  Tensor alpha;  // [n, S]; undefined for a fixed context
  DecoderState next;
};

// Teacher forcing: the same of all steps, in packed order, [N, ..].
struct DecodedBatch {
  Tensor units, alphas;
};

// How decoders see words and what falls on the way between layers: with dropout or without.
struct DecoderInputs {
  std::function<Tensor(const Tensor& ids)> vectors;        // E y of target words
  std::function<Tensor(const Tensor& h)> between_layers{};  // undefined: nothing
  bool alphas = false;                                      // whether alignments are wanted
};

}  // namespace heed::translate
