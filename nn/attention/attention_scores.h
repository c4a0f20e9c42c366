// Scores: how well a query fits each annotation. Large means attend here.
//
//     additive      e_t = v^T tanh(W_q q + W_k k_t + b)     Bahdanau et al. A.1.2; Xu et al. (4)
//     dot           e_t = q^T k_t                           Luong et al. (8)
//     scaled dot    e_t = q^T k_t / sqrt(Q)                 Vaswani et al. (1)
//     general       e_t = q^T W k_t                         Luong et al. (8)
//     concat        e_t = v^T tanh(W [q; k_t])              Luong et al. (8)
//     location      e   = W q, the first T entries          Luong et al. (9)
//
// A score has two parts. prepare(keys) computes what does not depend on the query, once for a sentence: keys
// [B, T, K]. Then score(query, prepared) gives the scores of a query at every step. Any struct with these two
// and parts() is a score.
#pragma once

#include <string>
#include <variant>

#include "autograd/base/rng.h"
#include "autograd/base/tensor.h"

namespace heed {

struct AdditiveScore {
  Tensor query_weight;  // [A, Q]: W_a of Bahdanau et al.
  Tensor key_weight;    // [A, K]: U_a
  Tensor bias;          // [A] or undefined
  Tensor v;             // [A]
  Tensor v_bias;        // [1] or undefined: added to every score (Xu et al.); no softmax can tell

  AdditiveScore() = default;
  AdditiveScore(int64_t query, int64_t key, int64_t hidden, Rng& rng, bool with_bias = true);

  Tensor prepare(const Tensor& keys) const;  // [B, T, K] -> [B, T, A]
  Tensor operator()(const Tensor& query, const Tensor& prepared) const;
  void parts(auto& visit) {
    visit("query_weight", query_weight);
    visit("key_weight", key_weight);
    visit("bias", bias);
    visit("v", v);
    visit("v_bias", v_bias);
  }
};

struct DotScore {
  Tensor prepare(const Tensor& keys) const { return keys; }
  Tensor operator()(const Tensor& query, const Tensor& prepared) const;  // Q = K
  void parts(auto&) {}
};

struct ScaledDotScore {
  Tensor prepare(const Tensor& keys) const;  // the scale is put into the keys
  Tensor operator()(const Tensor& query, const Tensor& prepared) const { return DotScore{}(query, prepared); }
  void parts(auto&) {}
};

struct GeneralScore {
  Tensor weight;  // [Q, K]

  GeneralScore() = default;
  GeneralScore(int64_t query, int64_t key, Rng& rng);

  Tensor prepare(const Tensor& keys) const;  // W k_t: [B, T, K] -> [B, T, Q]
  Tensor operator()(const Tensor& query, const Tensor& prepared) const { return DotScore{}(query, prepared); }
  void parts(auto& visit) { visit("weight", weight); }
};

// The same function as the additive score without bias, its two matrices written side by side.
struct ConcatScore {
  Tensor weight;  // [A, Q + K]
  Tensor v;       // [A]

  ConcatScore() = default;
  ConcatScore(int64_t query, int64_t key, int64_t hidden, Rng& rng);

  Tensor prepare(const Tensor& keys) const;  // [B, T, K] -> [B, T, A]
  Tensor operator()(const Tensor& query, const Tensor& prepared) const;
  void parts(auto& visit) {
    visit("weight", weight);
    visit("v", v);
  }
};

// Looks at the query alone; throws for more than max_length positions.
struct LocationScore {
  Tensor weight;  // [max_length, Q]

  LocationScore() = default;
  LocationScore(int64_t query, int64_t max_length, Rng& rng);

  Tensor prepare(const Tensor& keys) const { return keys; }  // for their number
  Tensor operator()(const Tensor& query, const Tensor& prepared) const;
  void parts(auto& visit) { visit("weight", weight); }
};

// One of them, chosen while the program runs.
struct AnyScore {
  std::variant<AdditiveScore, DotScore, ScaledDotScore, GeneralScore, ConcatScore, LocationScore> score;

  Tensor prepare(const Tensor& keys) const;
  Tensor operator()(const Tensor& query, const Tensor& prepared) const;
  void parts(auto& visit) {
    std::visit([&](auto& chosen) { chosen.parts(visit); }, score);
  }
};

struct ScoreSizes {
  int64_t query, key, hidden, max_length;  // Q, K, A, and how long a sentence can be for `location`
};
// name: additive, dot, scaled_dot, general, concat or location; throws for others, and if a dot has Q != K.
AnyScore make_score(const std::string& name, const ScoreSizes& sizes, Rng& rng);

}  // namespace heed
