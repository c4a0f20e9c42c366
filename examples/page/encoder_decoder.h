// The model of the page: an encoder and a decoder with attention, in both orders.
//
//     annotations  h_j = [forward; backward]                       Bahdanau et al. (7), gated units of A.1.1
//     state        s_0 = tanh(W_s backward_1)                      A.2.2
//
// before the step (Bahdanau et al. A.2.2):                     after it (Luong et al. 3, with input feeding 3.3):
//     attention  e_ij = a(s_{i-1}, h_j)                            cell       h_t = f(h_{t-1}, [E y_{t-1}; h~_{t-1}])
//                c_i = sum_j softmax(e_i)_j h_j                    attention  e_ts = score(h_t, hbar_s),  c_t
//     cell       s_i = f(s_{i-1}, [E y_{i-1}; c_i])                readout    h~_t = tanh(W_c [c_t; h_t])
//     word       p(y_i) = softmax(W [s_i; c_i])                    word       p(y_t) = softmax(W_s h~_t)
//
// With a fixed context c_i = [forward_S; backward_1] for all i: the encoder-decoder without attention, same sizes.
//
// It is the Reverser of first_steps/reverser.h with these choices, and of two vocabularies; translate has the papers'
// models in full.
#pragma once

#include "autograd/views/joins.h"
#include "autograd/zip/elementwise.h"
#include "examples/page/paper_lines.h"
#include "examples/page/task.h"
#include "nn/attention/attention.h"
#include "nn/layers/embedding.h"
#include "nn/layers/linear.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/recurrent.h"

namespace heed::page {

struct ModelSettings {
  bool after = false;              // attention after the step (Luong et al.), or before it (Bahdanau et al.)
  std::string score = "additive";  // one of attention_scores (nn/attention/choices.h)
  int64_t hidden = 48;             // H, of each direction of the encoder and of the decoder; H/2 of a word
  bool fixed = false;              // no attention: one context for all words, where both readings ended
};

// Target symbols are the task's target words, then these two.
constexpr int64_t kPadding = -1;
inline int64_t stop_of(const Task& task) { return static_cast<int64_t>(task.target.size()); }
inline int64_t start_of(const Task& task) { return stop_of(task) + 1; }

struct Batch {
  Tensor read;                   // i64 [S, B]
  std::vector<int64_t> lengths;  // never growing
  Tensor given;                  // i64 [T, B]: the right symbols one step before, from the start on
  Tensor write;                  // i64 [T, B]: the right symbols, with the stop; then kPadding, which counts nothing
};
// Of pairs in which the longest source comes first.
Batch batch_of(const Task& task, const std::vector<Pair>& pairs);

// What one step takes from the one before.
struct Carried {
  State state;
  Tensor readout;  // h~ [B, H], after the step only
  Tensor symbol;   // i64 [B]
  Tensor fixed{};  // [B, 2H], with a fixed context that one
};

struct EncoderDecoder {
  bool after = false, fixed = false;
  int64_t start_symbol = 0;
  Embedding source, target;
  Recurrent<GruChoCell> encoder;
  Linear start;
  Attention<AnyScore, GlobalWindow> attention;
  GruChoCell cell;
  Linear combine;  // W_c, after the step only
  Linear output;

  EncoderDecoder() = default;
  EncoderDecoder(const Task& task, const ModelSettings& settings, Rng& rng);

  std::pair<AttentionMemory, Carried> encode(const Tensor& read, const std::vector<int64_t>& lengths) const;

  struct Step {
    Attended attended;
    Tensor logits;  // [B, symbols]
  };
  // One word further. `reading`: what is made of the weights (nn/attention/reading.h).
  template <class Reading = SoftReading>
  Step step(const AttentionMemory& memory, Carried& carried, const Reading& reading = {}) const;

  struct Judged {
    Tensor loss;    // -log p of the right symbols, a mean over them
    Tensor logits;  // [T B, symbols]
  };
  // Teacher forcing: each symbol is predicted from the right ones before it.
  Judged judge(const Batch& batch) const;

  void parts(auto& visit) {
    visit("source", source);
    visit("target", target);
    visit("encoder", encoder);
    visit("start", start);
    visit("attention", attention);
    visit("cell", cell);
    visit("combine", combine);
    visit("output", output);
  }
};

template <class Reading>
EncoderDecoder::Step EncoderDecoder::step(const AttentionMemory& memory, Carried& carried,
                                          const Reading& reading) const {
  Attended attended;
  const auto look = [&] {
    if (fixed) {
      attended.context = carried.fixed;
      return;
    }
    paper_line("attention");
    attended = attention(carried.state.h, memory, {}, reading);
  };
  if (!after) look();
  paper_line("cell");
  const Tensor word = target(carried.symbol);
  carried.state = cell(concat({word, after ? carried.readout : attended.context}, 1), carried.state);
  if (after) look();
  const Tensor joined =
      after ? concat({attended.context, carried.state.h}, 1) : concat({carried.state.h, attended.context}, 1);
  if (after) {
    paper_line("readout");
    carried.readout = tanh(combine(joined));
  }
  paper_line("word");
  return {attended, output(after ? carried.readout : joined)};
}

}  // namespace heed::page
