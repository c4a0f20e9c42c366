// Attention: for a query, a weighted mean of annotations, weighted by how well each fits the query.
//
// Every mechanism of the papers is a choice of three parts:
//
//     score     how well query and annotation fit     additive, dot, scaled dot, general, concat, location (scores.h)
//     window    which positions compete, and how      global, local-m, local-p                             (windows.h)
//     reading   what is taken with the weights        soft: all of them; hard: one, drawn by chance        (reading.h)
//
//     Attention bahdanau{AdditiveScore({.query = 1000, .annotation = 2000, .hidden = 1000}, rng), GlobalWindow{}};
//     Attention luong{GeneralScore({.query = 1000, .annotation = 1000}, rng), LocalMonotonicWindow{}};
//
//     AttentionMemory memory = bahdanau.remember(annotations, attend_to(packed));    // once for a batch of sentences
//     Attended attended = bahdanau(state, memory);                                   // at every step
//     Attended drawn = bahdanau(state, memory, {}, HardReading{&rng});               // Xu et al.'s hard attention
//
// focus -> scores -> alpha -> reading -> context:   c = sum_j alpha_j h_j         Bahdanau et al. (5), Xu et al. (13)
//
// The window says first which positions compete (its focus), W of each query; only those get scores and are read.
//
// Any struct that can be called like those is a part; nothing has to be derived or registered.
#pragma once

#include "nn/attention/reading.h"
#include "nn/attention/rows/weighted_rows.h"
#include "nn/attention/scores.h"
#include "nn/attention/windows.h"

namespace heed {

// What attention attends to: made once for a batch, used at every step. (Letters: rows/attention_mask.h.)
struct AttentionMemory {
  Tensor annotations;  // h [N, C], what is read
  Tensor keys;         // [N, K], what the score has made of them in advance
  SharedMask mask;     // which of them each query may attend to
};

struct Attended {
  Tensor context;    // c [n, C]
  Tensor alpha{};    // the weights by which the window reads, [n, W]: softmax, for local-p times its Gaussian
  Tensor weights{};  // what was read with, [n, W]: alpha, or a hard choice
  Tensor scores{};   // e [n, W]
  Tensor align{};    // softmax of e, [n, W]
  Focus focus{};     // which positions the W columns are; p of local-p
  SharedMask whole{};
  // alpha by the positions of the whole sentence, [n, S], and what was read with by them.
  Tensor alignment() const { return alpha ? by_position(alpha, *focus.mask, *whole) : alpha; }
  Tensor choice() const { return weights ? by_position(weights, *focus.mask, *whole) : weights; }
};

template <class Score, class Window>
struct Attention {
  Score score;
  Window window;

  AttentionMemory remember(const Tensor& annotations, SharedMask mask) const {
    if (mask && reach_of(score) < mask->width) {
      auto reached = std::make_shared<AttentionMask>(*mask);
      for (int64_t& length : reached->lengths) length = std::min(length, reach_of(score));
      mask = std::move(reached);
    }
    return {annotations, score.prepare(annotations), std::move(mask)};
  }
  // query [n, Q], the first n of the mask's; position i64 [n], for local-m only.
  template <class Reading = SoftReading>
  Attended operator()(const Tensor& query, const AttentionMemory& memory, const Tensor& position = {},
                      const Reading& reading = {}) const {
    const Focus focus = window.focus(query, memory.mask, position);
    const Tensor scores = score(query, memory.keys, focus.mask);
    const Weights found = window(scores, focus);
    const Tensor weights = reading(found.alpha);
    return {weighted_rows(weights, memory.annotations, focus.mask),
            found.alpha,
            weights,
            scores,
            found.align,
            focus,
            memory.mask};
  }
  void parts(auto& visit) {
    score.parts(visit);
    visit("window", window);
  }
};
template <class Score, class Window>
Attention(Score, Window) -> Attention<Score, Window>;

}  // namespace heed
