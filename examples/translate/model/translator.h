// A translator: an encoder, a decoder that looks at what the encoder left, and an output layer over the words.
//
//     encoder     h_j = [forward_j; backward_j]          an annotation for each source word   Bahdanau et al. (7)
//     start       s_0 = tanh(W_s backward_1)             Bahdanau et al. A.2.2; Luong et al.: the encoder's last states
//     decoder     which looks before its step, bahdanau_decoder.h, or after it, luong_decoder.h
//     output      p(y) ~ exp(W_o t)                      of what the decoder's readout makes, t; with latent attention
//                 of t + U h_j, summed over the places j     (nn/attention/latent)
//     loss        -log p(y) = -sum_i log p(y_i | y_1 .. y_{i-1}, x)   Bahdanau et al. (2), Luong et al. (1), (4)
//
// With model "fixed" there is one context for all target words, the encoder's last state: the encoder-decoder of Cho
// et al. (2014) and Sutskever et al. (2014), same sizes, same training. Bahdanau et al. (1), (3).
#pragma once

#include <optional>

#include "autograd/base/rng.h"
#include "examples/support/hard/estimators.h"
#include "examples/translate/model/decoders/bahdanau_decoder.h"
#include "examples/translate/model/decoders/luong_decoder.h"
#include "nn/attention/latent/latent_readout.h"
#include "nn/layers/embedding.h"
#include "nn/recurrent/recurrent.h"

namespace heed::translate {

struct DecoderStep {
  Tensor logits;  // [n, V]
  Tensor alpha;   // [n, S]; undefined for model "fixed"
  DecoderState next;
  Tensor units{};  // [n, R]: what the output layer reads, the maxout units or h~
};

struct LossOptions {
  double label_smoothing = 0;
  Rng* dropout = nullptr;  // a stream of random numbers: training. Null: no dropout
  bool alphas = false;     // alignments are wanted, too
  // The same batch with other words for the decoder to read than the right ones; null: teacher forcing.
  const Batch* read = nullptr;
};

struct Translator {
  ModelSettings settings;
  Embedding source_embedding, target_embedding;
  Recurrent<AnyCell> encoder;
  std::vector<Linear> initial, initial_memory;  // W_s of each layer; the LSTM's memory has one of its own
  std::optional<BahdanauDecoder> bahdanau;      // one of the two
  std::optional<LuongDecoder> luong;
  Linear output, output_inner;     // W_o; with output_rank: W_o = output output_inner
  LatentReadout latent;            // U, of latent and soft-linear attention
  support::BaselineNetwork guess;  // of hard attention with estimate::learned
  Tensor baseline;  // of hard attention: moving mean rewards of a sentence and of a word, f64 [2]; not trained

  Translator() = default;
  // Parameters drawn from `rng`. Throws when settings contradict each other, saying which.
  Translator(const ModelSettings& settings, Rng& rng);

  // The sum over all target words of -log p(word) (with label smoothing, of its smoothed form).
  // Every word is predicted from the words before it: the right ones, unless options.read has others.
  Tensor loss(const Batch& batch, const LossOptions& options = {}) const;
  // log p of every target word, [N] in packed order, and the alignments [N, S]: attention's weights, or for latent
  // attention the posterior of the places given the word (undefined for "fixed"). Read by argmax, each word sees
  // one annotation, that of the largest weight, and with latent attention is written from it; by `place`, it is
  // written from that one, and the state sees all. Teacher forcing.
  std::pair<Tensor, Tensor> score(const Batch& batch, support::Reading reading = support::Reading::expectation) const;

  Encoded encode(const Batch& batch, const LossOptions& options = {}) const;
  // Free running, step by step: the words said last (i64 [n]), or <s>. Not on a tape; the model must neither
  // change nor move while it uses what was prepared.
  // `words`: the only ones that may be written (shortlist.h), ascending; then logits are of these. Null: all of them.
  // Throws if there are such words and attention is latent.
  Prepared prepare(const Batch& batch, support::Reading reading = support::Reading::expectation,
                   const std::vector<int64_t>* words = nullptr) const;
  DecoderStep step(Prepared& prepared, const DecoderState& state, const Tensor& words) const;

  void parts(auto& visit) {
    visit("source_embedding", source_embedding);
    visit("target_embedding", target_embedding);
    visit("encoder", encoder);
    visit_layers(visit, "initial", initial);
    visit_layers(visit, "initial_memory", initial_memory);
    if (bahdanau) bahdanau->parts(visit);
    if (luong) luong->parts(visit);
    visit("output_inner", output_inner);
    visit("output", output);
    visit("latent", latent);
    visit("baseline_inner", guess.inner);
    visit("baseline_outer", guess.outer);
    visit.buffer("baseline", baseline);
  }

  // --- the parts of a step, for training with hard attention
  const AnyAttention& attention() const { return bahdanau ? bahdanau->attention : luong->attention; }
  DecodedBatch run(const Encoded& encoded, const Batch& batch, const DecoderInputs& inputs) const;
  Tensor units(const StepInputs& step) const { return bahdanau ? bahdanau->units(step) : luong->units(step); }
  Tensor projected(const Batch& batch, const DecoderInputs& inputs) const {
    return bahdanau ? bahdanau->projected(batch, inputs) : luong->projected(batch, inputs);
  }
  DecoderInputs inputs(const LossOptions& options) const;
  // What the output layer reads: with dropout and its low rank, if asked for.
  Tensor before_output(const Tensor& units, const LossOptions& options = {}) const;

 private:
  // One layer has no number.
  static void visit_layers(auto& visit, const std::string& name, std::vector<Linear>& layers) {
    if (layers.size() == 1) visit(name, layers.front());
    else visit(name, layers);
  }
  State start(const RecurrentOutput& encoded, const Tensor& summary, const Batch& batch) const;
  void read_by(support::Reading reading, Encoded& encoded) const;
  // What places add to what the output layer reads, U h_j.
  Tensor added(const Encoded& encoded, const LossOptions& options) const;
  // Of all steps, where places add nothing or their expectation.
  Tensor read_softly(const Encoded& encoded, const Batch& batch, const DecodedBatch& decoded,
                     const LossOptions& options) const;
  LatentLoss latent_loss(const Encoded& encoded, const Batch& batch, const DecodedBatch& decoded,
                         const LossOptions& options, Reduction reduction) const;
  Tensor word_vectors(const Embedding& table, const Tensor& ids, const LossOptions& options) const;
};

}  // namespace heed::translate
