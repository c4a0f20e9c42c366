// RNNsearch, the translator that learns to align (Bahdanau, Cho, Bengio 2014), and its relatives.
//
//     encoder     h_j = [forward_j; backward_j]             an annotation for each source word  (eq. 7)
//     attention   e_j = v^T tanh(W_a s + U_a h_j),  alpha = softmax(e),  c = sum_j alpha_j h_j   (eq. 5, 6)
//     decoder     s' = cell([E y; c], s),  s_0 = tanh(W_s backward_1)                            (A.2.2)
//     readout     p(y) ~ exp(W_o maxout(U_o s + V_o E y + C_o c))                                (A.2.2)
//
// Which state s, and which word y, is a matter of the variant (settings.h). With model "fixed" the context c
// is the encoder's last state for every target word: the encoder-decoder of Cho et al. (2014), same sizes,
// same training.
#pragma once

#include "autograd/base/rng.h"
#include "examples/translate/model/batch.h"
#include "examples/translate/model/settings.h"
#include "examples/translate/model/word_products.h"
#include "nn/attention/attention.h"
#include "nn/layers/embedding.h"
#include "nn/layers/linear.h"
#include "nn/recurrent/recurrent.h"

namespace heed::translate {

// What the encoder leaves for the decoder.
struct Encoded {
  AttentionMemory memory;  // annotations in the rows of the packed source
  Tensor fixed;            // for model "fixed" in its place: the one context of each sentence, [B, C]
  State start;             // s_0, [B, H] in the order of the targets

  // The first sentence for `rows` hypotheses about it.
  Encoded repeated(int64_t rows) const;
};

// The same for free running, where no product is taken twice. C and C_o are applied to the annotations, once,
// and not to every context: f(sum_j alpha_j h_j) = sum_j alpha_j f(h_j), and a beam has many hypotheses about one
// sentence.
struct Prepared {
  Encoded encoded;     // gives [C c, C_o c] in place of c
  WordProducts words;  // gives [W E y + b, V_o E y]
};

// The decoder between two words. Rows are hypotheses, those that the first rows of the mask are for.
struct DecoderState {
  State state;
  Tensor context;    // C c of the step before; undefined before the first
  int64_t time = 0;  // words written so far
};

struct DecoderStep {
  Tensor logits;  // [n, V]
  Tensor alpha;   // [n, S]; undefined for model "fixed"
  DecoderState next;
};

struct LossOptions {
  double label_smoothing = 0;
  Rng* dropout = nullptr;  // a stream of random numbers: training. Null: no dropout
};

struct Translator {
  ModelSettings settings;
  Embedding source_embedding, target_embedding;
  Recurrent<AnyCell> encoder;
  Linear initial, initial_memory;                       // W_s; the LSTM's memory has one of its own
  Attention<AnyScore, AnyWindow> attention;             // none for model "fixed"
  AnyCell cell;                                         // reads words; the context comes in by
  Linear context_to_cell;                               //   C, C_z, C_r: [G*H, 2n], no bias
  Linear readout_state, readout_word, readout_context;  // U_o, V_o, C_o: to 2l maxout units
  Linear output, output_inner;                          // W_o; with output_rank: W_o = output output_inner

  Translator() = default;
  // Parameters drawn from `rng`. Throws when settings contradict each other, saying which.
  Translator(const ModelSettings& settings, Rng& rng);

  // The sum over all target words of -log p(word) (with label smoothing, of its smoothed form).
  // Teacher forcing: every word is predicted from the reference words before it.
  Tensor loss(const Batch& batch, const LossOptions& options = {}) const;
  // log p of every target word, [N] in packed order, and the alignments [N, S] (undefined for "fixed").
  std::pair<Tensor, Tensor> score(const Batch& batch) const;

  Encoded encode(const Batch& batch, const LossOptions& options = {}) const;
  // Free running, step by step: the words said last (i64 [n]), or <s>. Not on a tape; the model must neither
  // change nor move while it uses what was prepared.
  Prepared prepare(const Batch& batch) const;
  DecoderStep step(Prepared& prepared, const DecoderState& state, const Tensor& words) const;

  void parts(auto& visit) {
    visit("source_embedding", source_embedding);
    visit("target_embedding", target_embedding);
    visit("encoder", encoder);
    visit("initial", initial);
    visit("initial_memory", initial_memory);
    visit("attention", attention);
    visit("decoder", cell);
    visit("context_to_cell", context_to_cell);
    visit("readout_state", readout_state);
    visit("readout_word", readout_word);
    visit("readout_context", readout_context);
    visit("output_inner", output_inner);
    visit("output", output);
  }

 private:
  struct Run {
    Tensor states, contexts, alphas;  // [N, ..] of every step: what the readout sees
  };
  Run decode(const Encoded& encoded, const Batch& batch, const Tensor& words) const;
  Tensor word_vectors(const Embedding& table, const Tensor& ids, const LossOptions& options) const;
  // The context for each of n states, which are the first n of the mask's, at target position `time`.
  Attended attend(const Encoded& encoded, const Tensor& state, int64_t time) const;
  // The maxout units, and the layer before the output (with its low rank, if asked for): the words' scores
  // are output(deep_output(readout(..))).
  Tensor readout(const Tensor& state, const Tensor& word, const Tensor& context) const;
  Tensor deep_output(const Tensor& units, const LossOptions& options = {}) const;
  bool reads_new_state() const { return settings.variant == Variant::groundhog; }
};

}  // namespace heed::translate
