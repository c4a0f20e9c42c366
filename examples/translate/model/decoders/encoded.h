// What passes between a translator's encoder, its decoder, and whoever searches.
#pragma once

#include <functional>
#include <optional>

#include "examples/support/hard/choices.h"
#include "examples/translate/model/batch.h"
#include "examples/translate/model/decoders/word_products.h"
#include "examples/translate/model/search/short_output.h"
#include "nn/attention/attention.h"
#include "nn/attention/choices.h"
#include "nn/attention/latent/posterior_feeding.h"
#include "nn/recurrent/cell.h"

namespace heed::translate {

using AnyAttention = Attention<AnyScore, AnyWindow>;

// What the encoder leaves for the decoder.
struct Encoded {
  AttentionMemory memory;  // annotations in the rows of the packed source
  Tensor fixed;            // for a fixed context in its place: the one context of each sentence, [B, C]
  State start;             // s_0, [B, L*H] in the order of the targets
  support::Reading reading = support::Reading::expectation;  // or by one place, that of the largest weight

  // For queries about these sentences, in this order; sentences may be dropped and repeated.
  Encoded select(const std::vector<int64_t>& rows) const;
  // The context for each of n queries [n, H], which are the first n of the mask's, at target position `time`.
  Attended attend(const AnyAttention& attention, const Tensor& query, int64_t time) const;
};

// The same for free running, where no product is taken twice. What is linear in the context is applied to the
// annotations, once, and not to every context: f(sum_j alpha_j h_j) = sum_j alpha_j f(h_j), and a beam has many
// hypotheses about one sentence.
struct Prepared {
  Encoded encoded;     // gives products of the context in its place
  WordProducts words;  // gives products of the word that was said last
  Tensor annotations;  // with posterior feeding, those that products were made of
  Tensor places{};     // what each annotation adds to the words' scores (latent), or to what the output reads
  std::optional<ShortOutput> output{};  // if only some words may be written
  // In place of Encoded::attend, for whoever watches a step or meddles with it: the top h that looks, and the step.
  std::function<Attended(const Tensor& query, int64_t time)> attend{};

  Attended look(const AnyAttention& attention, const Tensor& query, int64_t time) const {
    return attend ? attend(query, time) : encoded.attend(attention, query, time);
  }

  // The cell's input, with where the words i64 [n] came from.
  Tensor came_from(const PosteriorFeeding& feeding, const Tensor& input, const WrittenWords& last,
                   const Tensor& words) const {
    return feeding.onto(input, last, words, {annotations, places, encoded.memory.mask});
  }

  // Puts what `products` makes of it in the place of all that contexts are made of.
  static Encoded with_products(Encoded encoded, const std::function<Tensor(const Tensor& context)>& products);
};

// The decoder between two words. Rows are hypotheses, those that the first rows of the mask are for.
struct DecoderState {
  State state;
  Tensor carried;       // what the cell reads of the step before, as the decoder likes it; undefined before the first
  int64_t time = 0;     // words written so far
  WrittenWords last{};  // with posterior feeding: the words of the step before
};

// What a decoder gives for the words that come next.
struct Decoded {
  Tensor units;  // [n, R]: what the output layer reads
  Tensor alpha;  // [n, S]; undefined for a fixed context
  Tensor read;   // likewise: the weights that the context was read with, alpha or 1 for one place
  DecoderState next;
};

// Teacher forcing: the same of all steps, in packed order, [N, ..]. `alphas` are the weights that contexts were read
// with.
struct DecodedBatch {
  Tensor units, alphas;
};

// How decoders see words and what falls on the way between layers: with dropout or without.
struct DecoderInputs {
  std::function<Tensor(const Tensor& ids)> vectors;         // E y of target words
  std::function<Tensor(const Tensor& h)> between_layers{};  // undefined: nothing
  bool alphas = false;                                      // whether alignments are wanted
  // In place of Encoded::attend, for training that reads as it is told: the state that looks and its top h, the step,
  // and its first row among all of the packed batch.
  std::function<Attended(const State& state, const Tensor& query, int64_t time, int64_t first)> attend{};
  // With posterior feeding: the scores of all words of what the output layer reads, and what places add to them.
  std::function<Tensor(const Tensor& units)> scores{};
  Tensor place_scores{};
};

// One step of teacher forcing, for some rows: E y of the words before, what the cell makes of those that it reads, the
// context; and the state that looked.
struct StepInputs {
  Tensor vectors, projected, context;
  const State& state;
};

}  // namespace heed::translate
