// Show, Attend and Tell: a network that looks at a picture while it describes it, at another part for each
// word (Xu et al. Figure 1; arXiv:1502.03044).
//
//     annotations  a_1 .. a_L, one for each place of a grid over the picture            Xu et al. 3.1.1
//     beginning    h_0 = tanh(W_h mean(a)),  c_0 = tanh(W_c mean(a))                    Xu et al. 3.1.2
//     attention    e_ti = v^T tanh(W h_{t-1} + U a_i),  alpha_t = softmax(e_t)          Xu et al. (4), (5)
//     context      z_t = beta_t phi(a, alpha_t),  beta_t = sigmoid(f_beta(h_{t-1}))     Xu et al. (6), (13)
//     memory       h_t, c_t = LSTM([E y_{t-1}; z_t], h_{t-1}, c_{t-1})                  Xu et al. (1), (2), (3)
//     word         p(y_t) ~ exp(L_o (E y_{t-1} + L_h h_t + L_z z_t))                    Xu et al. (7)
//
// phi is where soft and hard attention part. Soft: the expectation sum_i alpha_ti a_i, differentiated like
// everything else; the loss then adds a penalty for places that are looked at too much or too little in all,
//
//     - log p(y) + lambda sum_i (1 - sum_t alpha_ti)^2                                  Xu et al. (14)
//
// Hard: the annotation of one place s_t drawn from alpha_t; see support/hard/estimators.h. Latent: the expectation, as
// far as the LSTM and the deep output see it; but the word is written from one place, which adds to the deep output,
// and its likelihood is the sum over all places (nn/attention/latent/latent_readout.h):
//
//     word         p(y_t | s_t = i) ~ exp(L_o (x_t + U a_i)),  x_t = E y_{t-1} + L_h h_t + L_z z_t
//     likelihood   p(y_t) = sum_i alpha_ti p(y_t | s_t = i)
//     posterior    p(s_t = i | y_t) = alpha_ti p(y_t | s_t = i) / p(y_t)
//
// With posterior feeding the LSTM that reads y_{t-1} also reads P sum_i p(s_{t-1} = i | y_{t-1}) a_i.
//
// soft_linear is its control: the same parameters, U sum_i alpha_ti a_i in the place of the sum over places. What costs
// is L_o U a_i [M L, V] of M pictures: captions of one picture in a minibatch have it in common, and places can be
// pooled for it (cells.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "autograd/base/rng.h"
#include "examples/caption/encoders/fire_tail.h"
#include "examples/caption/encoders/small_encoder.h"
#include "examples/caption/model/batch.h"
#include "examples/caption/model/cells.h"
#include "examples/caption/model/settings.h"
#include "examples/support/hard/estimators.h"
#include "nn/attention/attention.h"
#include "nn/attention/latent/latent_readout.h"
#include "nn/attention/latent/posterior_feeding.h"
#include "nn/attention/show_attend_tell.h"
#include "nn/layers/embedding.h"
#include "nn/layers/linear.h"
#include "nn/recurrent/lstm.h"

namespace heed::caption {

// What the encoder leaves for the decoder. Rows of the mask and of the states are captions (or hypotheses),
// several of which may be about one picture.
struct Encoded {
  AttentionMemory memory;  // annotations [M L, D] and keys [M L, A] of M pictures
  Tensor mean;             // [B, D]: mean annotation
  State start;             // h_0, c_0 [B, H]
  // Latent, soft-linear: what the M L' cells add to the deep output, U a'_k [M L', E], and which of them each caption
  // chooses among; of prepare(), and with posterior feeding, what that adds to the scores of the words, [M L', V], and
  // the cells themselves, a' [M L', D].
  Tensor added{}, added_scores{}, means{};
  SharedMask cells{};

  // For captions about these, in this order; they may be dropped and repeated.
  Encoded select(const std::vector<int64_t>& rows) const;
};

// The decoder between two words.
struct CaptionState {
  State state;
  WrittenWords last{};  // with posterior feeding: the words of the step before
};

struct CaptionStep {
  Tensor logits;      // [n, V]; latent: log p
  Attended attended;  // before the gate; without attention the context only
  CaptionState next;
};

struct LossOptions {
  double label_smoothing = 0;
  Rng* dropout = nullptr;        // a stream of random numbers: training. Null: no dropout
  const Packed* read = nullptr;  // words for the decoder to read in the place of batch.in; null: teacher forcing
};

struct Captioner {
  ModelSettings settings;
  SmallEncoder encoder;                              // only of Encoder::small
  FireTail tail;                                     // the encoder's last modules, where they learn (settings.tuned)
  Linear initial_inner, initial_h, initial_c;        // from the mean annotation; inner: with two layers
  Embedding words;                                   // E
  Attention<AdditiveScore, GlobalWindow> attention;  // v, W (query), U (key)
  Linear key_inner;                                  // with two layers: U tanh(key_inner a)
  ContextGate gate;                                  // f_beta
  LstmCell cell;                                     // reads words; the context comes in by
  Linear context_to_cell;                            //   [4H, D], no bias
  Linear deep_h, deep_z, output;                     // L_h, L_z, L_o
  LatentReadout latent;                              // U, of latent and soft-linear attention
  PosteriorFeeding posterior;                        // of latent attention, if it was asked for
  support::BaselineNetwork guess;                    // of estimate::learned (support/hard), else undefined
  Tensor baseline;  // of hard attention: moving mean rewards of a caption and of a word, f64 [2]; not trained

  Captioner() = default;
  // Parameters drawn from `rng`. Throws when a setting makes no sense.
  Captioner(const ModelSettings& settings, Rng& rng);

  // The sum over all words of -log p, and the penalty, with soft attention or none. `pictures` are those of
  // the batch: annotations [M, L, D], or what the tail makes them of, [M, L, settings.given()]; or for Encoder::small
  // pixels [M, 3, size, size].
  Tensor loss(const CaptionBatch& batch, const Tensor& pictures, const LossOptions& options = {}) const;

  // log p of every word, [N] in packed order, and where was looked, [N, L] (undefined without attention),
  // when every word is predicted from the right words before it. That is alpha; with latent attention that is read by
  // expectation, the posterior of the places given the word.
  std::pair<Tensor, Tensor> score(const CaptionBatch& batch, const Tensor& pictures, Reading reading,
                                  Rng* samples = nullptr) const;

  // Prepares the pictures for captions that stand at `place` among them.
  Encoded encode(const Tensor& pictures, const std::vector<int64_t>& place, Rng* dropout = nullptr) const;

  // The same for free running, where latent attention asks at each step for what places add to the scores of words.
  Encoded prepare(const Tensor& pictures, const std::vector<int64_t>& place) const;

  // One step of free running: the words said last (i64 [n]), or <s>. `samples` is needed to sample.
  CaptionStep step(const Encoded& encoded, const CaptionState& state, const Tensor& words, Reading reading,
                   Rng* samples = nullptr) const;

  // The same of what was attended to already, with its weights and context as they are.
  CaptionStep read(const Encoded& encoded, const CaptionState& state, const Tensor& words, Attended attended) const;

  void parts(auto& visit) {
    visit("encoder", encoder);
    visit("tail", tail);
    visit("initial_inner", initial_inner);
    visit("initial_h", initial_h);
    visit("initial_c", initial_c);
    visit("words", words);
    visit("attention", attention);
    visit("key_inner", key_inner);
    visit("gate", gate);
    visit("cell", cell);
    visit("context_to_cell", context_to_cell);
    visit("deep_h", deep_h);
    visit("deep_z", deep_z);
    visit("output", output);
    visit("latent", latent);
    visit("posterior", posterior);
    visit("baseline_inner", guess.inner);
    visit("baseline_outer", guess.outer);
    visit.buffer("baseline", baseline);
  }

  // --- the parts of a step, for training with hard attention
  Cells cells() const { return {settings.side, settings.pool}; }
  // Where to look, and the context before the gate, [n, D], given h_{t-1} and c_{t-1} [n, H] of the first n captions;
  // their rows among all of the packed batch begin at `first`.
  using Attend = std::function<Attended(const State& before, int64_t first)>;
  struct Run {
    Tensor before, states, contexts;  // [N, ..] of every step: h_{t-1}, h_t, gated z_t
  };
  // All steps of teacher forcing; `vectors` are those of the words before, [N, E]. Posterior feeding wants the weights
  // that `attend` read with.
  Run run(const Encoded& encoded, const Packed& words_before, const Tensor& vectors, const Attend& attend) const;
  Tensor word_vectors(const Tensor& ids, const LossOptions& options) const;
  State advance(const Tensor& projected_word, const Tensor& context, const State& state) const;
  Tensor deep_output(const Tensor& h, const Tensor& vectors, const Tensor& context,
                     const LossOptions& options) const;  // x [n, E]
  Tensor readout(const Tensor& h, const Tensor& vectors, const Tensor& context, const LossOptions& options) const {
    return output(deep_output(h, vectors, context, options));  // logits [n, V]
  }
  // Attends with h [n, H] as a trained captioner reads; `samples` is needed to sample.
  Attended attend(const Encoded& encoded, const Tensor& h, Reading reading, Rng* samples) const;

 private:
  Tensor annotations(const Tensor& pictures) const;  // [M, L, D], in the form that is wanted
  // Words of which the state, what they read and where was looked is known; places that they may come from.
  WrittenWords written(const State& state, const Tensor& vectors, const Tensor& context,
                       const Attended& attended) const;
  static WordPlaces places(const Encoded& encoded) { return {encoded.means, encoded.added_scores, encoded.cells}; }
  // All steps of teacher forcing.
  struct Forced {
    Tensor x;                             // deep output, [N, E]
    std::vector<Tensor> alphas, weights;  // of each step, [n, L]: attention's, and what was read with
    SharedMask cells;                     // which each of the N words chooses among
  };
  Forced force(const Encoded& encoded, const CaptionBatch& batch, Reading reading, Rng* samples,
               const LossOptions& options) const;
  LatentLoss latent_loss(const Encoded& encoded, const Forced& forced, const Tensor& words,
                         const CrossEntropyOptions& options) const;
  // [n, V], where cells add nothing or their expectation.
  Tensor logits(const Encoded& encoded, const Tensor& x, const std::vector<Tensor>& weights,
                const SharedMask& cells) const;
};

}  // namespace heed::caption
