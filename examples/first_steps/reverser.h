// A string reversed by attention: the model.
//
// An encoder reads the string in both directions and leaves an annotation h_j for each letter. A decoder
// writes one letter after the other. Before each it looks back: it scores every annotation against its state
// s, turns the scores into weights that sum to one, and reads the mean
//
//     e_j = v^T tanh(W s + U h_j)        alpha = softmax(e)        c = sum_j alpha_j h_j
//
// This is the model of Bahdanau, Cho and Bengio (2014) at the size of a toy; examples/translate
// has it in full.
#pragma once

#include "autograd/ops/extrema.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/attention.h"
#include "nn/layers/embedding.h"
#include "nn/layers/linear.h"
#include "nn/losses/losses.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/recurrent.h"

namespace heed {

constexpr int64_t kStop = 26, kStart = 27, kSymbols = 28;  // after the letters a .. z

inline Tensor symbols(int64_t symbol, int64_t count) { return Tensor::full({count}, double(symbol), DType::i64); }

struct Reverser {
  static constexpr int64_t kLetter = 32, kHidden = 64;
  Embedding letters;
  Recurrent<GruChoCell> encoder;
  Linear start;  // s_0 from the string
  Attention<AdditiveScore, GlobalWindow> attention;
  GruChoCell decoder;  // reads the letter before and the context
  Linear output;       // from state and context to a score for each symbol

  explicit Reverser(Rng& rng)
      : letters(kSymbols, kLetter, rng),
        encoder(kLetter, kHidden, {.bidirectional = true}, rng),
        start(kHidden, kHidden, rng),
        attention{AdditiveScore({.query = kHidden, .annotation = 2 * kHidden, .hidden = kHidden}, rng), {}},
        decoder(kLetter + 2 * kHidden, kHidden, rng),
        output(3 * kHidden, kSymbols, rng) {}

  // What the encoder leaves for the decoder: the annotations, and a state to begin with.
  std::pair<AttentionMemory, State> encode(const Tensor& ids) const {
    const Packed annotations = encoder(pack(letters(ids))).outputs;
    // The backward direction has read the whole string when it arrives at the first letter.
    const Tensor summary = narrow(narrow(annotations.rows, 0, 0, ids.size(1)), 1, kHidden, kHidden);
    return {attention.remember(annotations.rows, attend_to(annotations)), {tanh(start(summary)), {}}};
  }

  struct Step {
    Tensor scores, alpha;  // [B, symbols], [B, T]
  };
  // One letter further: `before` is the symbol written last, i64 [B].
  Step step(const AttentionMemory& source, const Tensor& before, State& state) const {
    const Attended attended = attention(state.h, source);
    state = decoder(concat({letters(before), attended.context}, 1), state);
    return {output(concat({state.h, attended.context}, 1)), attended.alpha};
  }

  // Teacher forcing: each letter is predicted from the right letters before it.
  Tensor loss(const Tensor& ids) const {
    const int64_t count = ids.size(1);
    const Tensor wanted = concat({flip(ids, {0}), unsqueeze(symbols(kStop, count), 0)}, 0);  // [T+1, B]
    auto [source, state] = encode(ids);
    std::vector<Tensor> scores;
    Tensor before = symbols(kStart, count);
    for (int64_t t = 0; t < wanted.size(0); ++t) {
      scores.push_back(step(source, before, state).scores);
      before = wanted[t];
    }
    return cross_entropy(concat(scores, 0), reshape(wanted, {-1}));
  }

  // Free running: the decoder reads what it wrote itself, always its best guess. Symbols [T+1, B], weights
  // [T+1, B, T].
  std::pair<Tensor, Tensor> write(const Tensor& ids) const {
    auto [source, state] = encode(ids);
    std::vector<Tensor> written, alphas;
    Tensor before = symbols(kStart, ids.size(1));
    for (int64_t t = 0; t <= ids.size(0); ++t) {
      const Step here = step(source, before, state);
      written.push_back(before = argmax(here.scores, 1));
      alphas.push_back(here.alpha);
    }
    return {stack(written), stack(alphas)};
  }

  void parts(auto& visit) {
    visit("letters", letters);
    visit("encoder", encoder);
    visit("start", start);
    visit("attention", attention);
    visit("decoder", decoder);
    visit("output", output);
  }
};

}  // namespace heed
