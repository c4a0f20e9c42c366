// The scores of the papers (what a score is: score.h).
//
//     additive      e_j = v^T tanh(W_q q + W_k h_j + b)     Bahdanau et al. A.1.2; Xu et al. (4)
//     dot           e_j = q^T h_j                           Luong et al. 3.1
//     scaled dot    e_j = q^T h_j / sqrt(Q)                 Vaswani et al. (1)
//     general       e_j = q^T W h_j                         Luong et al. 3.1
//     concat        e_j = v^T tanh(W [q; h_j])              Luong et al. 3.1
//     location      e   = W q, one number a position        Luong et al. (8)
#pragma once

#include "nn/attention/rows/row_scores.h"
#include "nn/attention/score.h"

namespace heed {

struct AdditiveScore {
  Tensor query_weight;  // [A, Q]: W_q, the W_a of Bahdanau et al.
  Tensor key_weight;    // [A, C]: W_k, their U_a
  Tensor bias;          // [A] or undefined
  Tensor v;             // [A]
  Tensor v_bias;        // [1] or undefined: added to every score (Xu et al.); no softmax can tell

  AdditiveScore() = default;
  AdditiveScore(const ScoreSizes& sizes, Rng& rng);

  Tensor prepare(const Tensor& annotations) const;  // [N, C] -> [N, A]
  Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const;
  void parts(auto& visit) {
    visit("query_weight", query_weight);
    visit("key_weight", key_weight);
    visit("bias", bias);
    visit("v", v);
    visit("v_bias", v_bias);
  }
};

struct DotScore {
  DotScore() = default;
  DotScore(const ScoreSizes& sizes, Rng&);  // throws unless Q = C

  Tensor prepare(const Tensor& annotations) const { return annotations; }
  Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const {
    return dot_scores(query, keys, mask);
  }
  void parts(auto&) {}
};

struct ScaledDotScore {
  ScaledDotScore() = default;
  ScaledDotScore(const ScoreSizes& sizes, Rng&);  // throws unless Q = C

  Tensor prepare(const Tensor& annotations) const;  // the scale is put into the keys
  Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const {
    return dot_scores(query, keys, mask);
  }
  void parts(auto&) {}
};

struct GeneralScore {
  Tensor weight;  // [Q, C]

  GeneralScore() = default;
  GeneralScore(const ScoreSizes& sizes, Rng& rng);

  Tensor prepare(const Tensor& annotations) const;  // W h_j: [N, C] -> [N, Q]
  Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const {
    return dot_scores(query, keys, mask);
  }
  void parts(auto& visit) { visit("weight", weight); }
};

// The same function as the additive score without bias, its two matrices written side by side.
struct ConcatScore {
  Tensor weight;  // [A, Q + C]
  Tensor v;       // [A]

  ConcatScore() = default;
  ConcatScore(const ScoreSizes& sizes, Rng& rng);

  Tensor prepare(const Tensor& annotations) const;  // [N, C] -> [N, A]
  Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const;
  void parts(auto& visit) {
    visit("weight", weight);
    visit("v", v);
  }

 private:
  Tensor part_for(const Tensor& x, bool last) const;  // the weight's columns for a query, or, last, for annotations
};

// Looks at the query alone. Positions beyond those that it has a weight for are not looked at (Luong et al.,
// 3.1); a score that is asked for them all the same is the lowest of all.
struct LocationScore {
  Tensor weight;  // [max_length, Q]

  LocationScore() = default;
  LocationScore(const ScoreSizes& sizes, Rng& rng);

  Tensor prepare(const Tensor& annotations) const { return annotations; }
  Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const;
  int64_t reach() const { return weight && weight.rank() == 2 ? weight.size(0) : unlimited_reach; }
  void parts(auto& visit) { visit("weight", weight); }
};

}  // namespace heed
