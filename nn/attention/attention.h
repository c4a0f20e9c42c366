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
// scores -> window -> alpha -> reading -> context:   c = sum_j alpha_j h_j        Bahdanau et al. (5), Xu et al. (13)
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
  Tensor context;  // c [n, C]
  Tensor alpha{};    // the alignment, [n, S]: softmax within the window, for local-p times its Gaussian
  Tensor weights{};  // what was read with, [n, S]: alpha, or a hard choice
  Tensor scores{};   // e [n, S]
  Tensor align{};    // softmax of e within the window, [n, S]
  Tensor center{};   // p of local-p, [n]
};

template <class Score, class Window>
struct Attention {
  Score score;
  Window window;

  AttentionMemory remember(const Tensor& annotations, SharedMask mask) const {
    return {annotations, score.prepare(annotations), std::move(mask)};
  }
  // query [n, Q], the first n of the mask's; position i64 [n], for local-m only.
  template <class Reading = SoftReading>
  Attended operator()(const Tensor& query, const AttentionMemory& memory, const Tensor& position = {},
                      const Reading& reading = {}) const {
    const Tensor scores = score(query, memory.keys, memory.mask);
    const Weights found = window(query, scores, *memory.mask, position);
    const Tensor weights = reading(found.alpha);
    return {weighted_rows(weights, memory.annotations, memory.mask), found.alpha, weights, scores, found.align,
            found.center};
  }
  void parts(auto& visit) {
    score.parts(visit);
    visit("window", window);
  }
};
template <class Score, class Window>
Attention(Score, Window) -> Attention<Score, Window>;

}  // namespace heed
