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

#include "autograd/ops/matmul.h"
#include "nn/attention/reading.h"
#include "nn/attention/rows/additive_attention.h"
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
  Tensor scores{};   // e [n, S]; undefined where the fused pass does not give them
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
                      const Reading& reading = {}) const;
  // The same, always part by part: the definition that fused passes are held to.
  template <class Reading = SoftReading>
  Attended step_by_step(const Tensor& query, const AttentionMemory& memory, const Tensor& position = {},
                        const Reading& reading = {}) const;

  void parts(auto& visit) {
    score.parts(visit);
    visit("window", window);
  }
};
template <class Score, class Window>
Attention(Score, Window) -> Attention<Score, Window>;

// The attentional vector of Luong et al. (5), their h~: tanh(W_c [c; q]).
struct AttentionalVector {
  Tensor weight;  // [O, C + Q]: W_c

  AttentionalVector() = default;
  AttentionalVector(int64_t context, int64_t query, int64_t out, Rng& rng);

  Tensor operator()(const Tensor& context, const Tensor& query) const;  // [n, C], [n, Q] -> [n, O]
  void parts(auto& visit) { visit("weight", weight); }
};

// --- below: how it is done

namespace detail {

// The part itself if it is of this type, or was chosen to be, else null.
template <class Wanted, class Part>
const Wanted* chosen(const Part& part) {
  if constexpr (std::is_same_v<Wanted, Part>) return &part;
  else if constexpr (requires { part.template get_if<Wanted>(); }) return part.template get_if<Wanted>();
  else return nullptr;
}

}  // namespace detail

template <class Score, class Window>
template <class Reading>
Attended Attention<Score, Window>::operator()(const Tensor& query, const AttentionMemory& memory,
                                              const Tensor& position, const Reading& reading) const {
  if constexpr (std::is_same_v<Reading, SoftReading>)
    if (const auto* additive = detail::chosen<AdditiveScore>(score);
        additive && detail::chosen<GlobalWindow>(window)) {
      const auto [context, alpha] = additive_attention(linear(query, additive->query_weight), additive->v, memory.keys,
                                                       memory.annotations, memory.mask);
      return {context, alpha, alpha, {}, alpha, {}};
    }
  return step_by_step(query, memory, position, reading);
}

template <class Score, class Window>
template <class Reading>
Attended Attention<Score, Window>::step_by_step(const Tensor& query, const AttentionMemory& memory,
                                                const Tensor& position, const Reading& reading) const {
  const Tensor scores = score(query, memory.keys, memory.mask);
  const Weights found = window(query, scores, *memory.mask, position);
  const Tensor weights = reading(found.alpha);
  return {weighted_rows(weights, memory.annotations, memory.mask), found.alpha, weights, scores, found.align,
          found.center};
}

}  // namespace heed
