// Training hard attention: estimates of a gradient that passes through a drawn place (Xu et al., section
// 4.1).
//
// The places s = s_1 .. s_T that a caption looked at are drawn, s_t from alpha_t. What can be maximised is
// the bound  L_s = E_s[log p(y | s, a)] <= log p(y | a)  (eq. 10). Its gradient is an expectation over paths
// of places,
//
//     dL_s = E_s[ d log p(y|s,a) + R d log p(s|a) ],   R = log p(y|s,a),
//
// which one draw estimates. The estimators differ in what stands in the place of R, and in how much of the
// expectation is computed instead of drawn:
//
//   reinforce   R as it is: no bias, and a variance that drowns learning
//   baseline    R - b, b the moving mean of past rewards (below eq. 11): no bias, since E[d log p(s)] = 0
//   learned     R - b(h_{t-1}), b the moving mean plus a small network of the state, which learns by squared
//               error: no bias
//   self-critical
//               R - R' - b, R' the reward of the same words read by expectation, as at test time (Rennie
//               et al. 2017, arXiv:1612.00563), b the moving mean of R - R': how hard a caption is to say
//               cancels out, and so does the noise of dropout, whose masks R' shares. No bias; costs a
//               second pass forward
//   exact       for each word the expectation of log p(y_t | s_t, s_<t) over its own place s_t is computed
//               exactly, sum_i alpha_ti log p(y_t | s_t = i, s_<t), and differentiated; the places s_<t that
//               led there are drawn, and only their effect on later words is estimated by the score function,
//               with the later words' expectations as reward and the moving baseline. Exact for captions of
//               one word, without bias for all; costs L times the work of a step, so it is for small grids
//   gumbel      straight-through Gumbel-softmax (Jang et al. 2017; Maddison et al. 2017): the place is the
//               argmax of log alpha + Gumbel noise, its gradient that of softmax((log alpha + noise) /
//               temperature). Biased, of small variance
//
// The paper adds: lambda_r (R - b) instead of R, + lambda_e dH[alpha], and "with probability 0.5 for a given
// image" the expectation in place of the sample. A caption that gets the expectation is trained like soft
// attention: the gradient goes through alpha, as in the released code. Its reward counts nothing and
// sum_i alpha_i d log alpha_i = 0, so half of the gradient is that of another objective, log p(y | E[s]),
// which is the bias of this rule: 1/2 (d log p(y|alpha) - dL_s). On the tiny model of the tests, where all
// paths can be listed, it is 1 % of the gradient's length while alpha is spread, and vanishes as alpha comes
// to lie on one place (tests/examples/caption/caption_estimators_test.cpp prints it).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "examples/caption/model/captioner.h"

namespace heed::caption {

inline constexpr Choice<std::nullptr_t> estimators[] = {
    {"reinforce", "R as it is: no bias, and a variance that drowns learning", nullptr},
    {"baseline", "R less a moving mean of past rewards: no bias", nullptr},
    {"learned", "less a small network's guess from the state: no bias", nullptr},
    {"self-critical", "less the reward of reading by expectation: no bias, a second pass forward", nullptr},
    {"exact", "each word's own expectation computed: no bias, a step for every place", nullptr},
    {"gumbel", "straight-through Gumbel-softmax: biased, of small variance", nullptr},
};

struct HardOptions {
  std::string estimator = "baseline";  // of estimators
  // Who may get the expectation, and the probability that places are drawn all the same, in the paper one
  // half.
  Expectation expectation = Expectation::picture;
  double drawn = 0.5;
  Reward reward = Reward::sum;  // R
  // Of Reward::future, and of exact: a word counts so much for each word that lies between it and the place.
  // Below 1 there is bias, since places are not told all that they did, and far less noise; with 0 a place
  // answers for its own word alone.
  double discount = 1;
  double lambda_r = 1;
  double lambda_e = 0;
  double temperature = 1;  // of gumbel

  void fields(auto& visit) {
    visit("estimator", estimator, estimators, "of the gradient through the drawn places, whose reward is R");
    visit("expectation", expectation, expectations, "who may get the expected annotation");
    visit("drawn", drawn,
          "probability that a picture's places are drawn, where it may get the expectation instead",
          {.most = 1});
    visit("reward", reward, rewards, "R, of the log-probabilities of a caption's words");
    visit("discount", discount,
          "of reward future: how much each word counts of the one before it; 0: only a place's own word",
          {.most = 1});
    visit("lambda_r", lambda_r, "weight of the score function; the released code: 0.1");
    visit("lambda_e", lambda_e, "weight of the entropy; the released code: 0.002");
    visit("temperature", temperature, "of gumbel's softmax", {.least = 1e-3, .most = 1000});
  }
};

// What is random in one estimate.
struct HardDraw {
  std::vector<bool> expected;  // [B]: captions that get the expectation; empty: none
  // The places [n] of a step, given alpha [n, L].
  std::function<std::vector<int64_t>(const Tensor& alpha)> choose;
  Rng* noise = nullptr;  // of gumbel
};
// Draws places from `random`, and who gets the expectation; `whole_batch` decides for Expectation::batch.
HardDraw draw_hard(const HardOptions& options, const CaptionBatch& batch, bool whole_batch, Rng& random);

// The moving means of past rewards of drawn captions: of a caption's log p (for Reward::mean their mean over
// its words), and of one word's, where each word has a reward of its own (Reward::future, estimator
// "exact"). For estimator "self-critical" of what remains of them after R'.
struct Baselines {
  double caption = 0, word = 0;
};

struct HardLoss {
  Tensor loss;        // -log p(y | s, a), summed; its gradient is minus the estimate, summed likewise
  Baselines rewards;  // summed over the captions that drew their places, and over their words
  int64_t captions = 0, words = 0;
};
HardLoss hard_loss(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
                   const HardOptions& options, const HardDraw& draw, const Baselines& baselines,
                   const LossOptions& with = {});

}  // namespace heed::caption
