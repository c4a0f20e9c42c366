// Training hard attention: estimates of a gradient that passes through a drawn place (Xu et al. 4.1).
//
// The places s = s_1 .. s_T that a caption looked at are drawn, s_t from alpha_t. What can be maximised is
// the bound L_s = E_s[log p(y | s, a)] <= log p(y | a), Xu et al. (10). Its gradient is an expectation over paths
// of places,
//
//     dL_s = E_s[ d log p(y|s,a) + R d log p(s|a) ],   R = log p(y|s,a)   Xu et al. (11)
//
// which one draw estimates (Xu et al. (12)). The estimators below differ in what stands in the place of R, and in
// how much of the expectation is computed instead of drawn. All take from the paper, below Xu et al. (12),
//
//     d log p(y|s,a) + lambda_r (R - b) d log p(s|a) + lambda_e dH[alpha]
//
// and "with probability 0.5 for a given image" the expectation in place of the sample. A caption that gets
// the expectation is trained like soft attention: the gradient goes through alpha, as in the released code.
// Its reward counts nothing and sum_i alpha_i d log alpha_i = 0, so half of the gradient is that of another
// objective, log p(y | E[s]), which is the bias of this rule: 1/2 (d log p(y|alpha) - dL_s). On the tiny
// model of the tests, where all paths can be listed, it is 1 % of the gradient's length while alpha is
// spread, and vanishes as alpha comes to lie on one place (tests/examples/caption/caption_estimators_test.cpp
// prints it).
#pragma once

#include "examples/support/hard/rewards.h"
#include "examples/support/hard/rollout.h"
#include "nn/layers/linear.h"

namespace heed::support {

struct EstimatorInput;
struct HardLoss : Earned {
  Tensor loss;  // -log p(y | s, a), summed; its gradient is minus the estimate, summed likewise
};

namespace estimate {

// REINFORCE (Williams 1992): R as it is. No bias, and a variance that drowns learning.
HardLoss reinforce(const EstimatorInput& in);

// R - b, b the moving mean of past rewards (below Xu et al. (12)). No bias, since E[d log p(s)] = 0.
HardLoss baseline(const EstimatorInput& in);

// R - b(h_{t-1}), b the moving mean plus a small network of the state, learnt by squared error: no bias.
HardLoss learned(const EstimatorInput& in);

// R - R' - b, R' the reward of the same words read by expectation, as at test time (Rennie et al. 2017,
// arXiv:1612.00563), b the moving mean of R - R'. How hard a caption is to say cancels out, and so does the
// noise of dropout, whose masks R' shares. No bias; costs a second pass forward.
HardLoss self_critical(const EstimatorInput& in);

// For each word the expectation of log p(y_t | s_t, s_<t) over its own place s_t is computed exactly,
//     sum_i alpha_ti log p(y_t | s_t = i, s_<t),
// and differentiated. The places s_<t that led there are drawn, and only their effect on later words is
// estimated by the score function, with the later words' expectations as R and the moving mean as b. Exact
// for captions of one word, without bias for all; costs L times the work of a step, so it is for small grids.
HardLoss exact(const EstimatorInput& in);

// Of that expectation the K likeliest places (options.top) exactly, and of all others one that is drawn, j with
// probability q_j = alpha_j / sum of the others, for all of them (Liu et al. 2019, arXiv:1810.04777):
//     sum_i in top alpha_ti log p(y_t | s_t = i, s_<t) + alpha_tj / q_j log p(y_t | s_t = j, s_<t),   q_j a constant.
// Without bias; costs K + 1 times the work of a step.
HardLoss top_k(const EstimatorInput& in);

// Straight-through Gumbel-softmax (Jang et al. 2017, arXiv:1611.01144; Maddison et al. 2017,
// arXiv:1611.00712): the place is the argmax of log alpha + g, g = -log(-log u) with u uniform in (0, 1); its
// gradient is that of
//     softmax((log alpha + g) / temperature).
// Biased, of small variance.
HardLoss gumbel(const EstimatorInput& in);

// Of several draws of each text (options.samples): R less the mean R of its other draws (Kool et al. 2019). No bias,
// and a baseline for each text that nobody has to learn.
HardLoss leave_one_out(const EstimatorInput& in);

// VIMCO (Mnih and Rezende 2016, arXiv:1602.06725): another objective, nearer to log p(y | a) the more draws there are,
//     L^K = E[ log 1/K sum_k p(y | s^k, a) ]  >=  L_s,
// whose gradient is sum_k w_k d log p(y|s^k) + sum_k (L - L_-k) d log p(s^k), w the shares of the sum, and L_-k what L
// is with the geometric mean of the other draws' p(y | s) in the place of the k-th. The reward is by caption.
HardLoss vimco(const EstimatorInput& in);

}  // namespace estimate

// One of them, and what must be known before it can be used.
struct Estimator {
  HardLoss (*estimate)(const EstimatorInput& in);
  bool takes_expectation = true;  // a caption may get the expectation in place of draws
  bool has_network = false;       // needs settings.learned_baseline
  bool at_every_place = false;    // makes each step once for each place
  bool compares_draws = false;    // needs two draws of each text at least

  bool operator==(const Estimator&) const = default;
};

// What --estimator may be.
inline constexpr Choice<Estimator> estimators[] = {
    {"reinforce", "R as it is: no bias, and a variance that drowns learning", {estimate::reinforce}},
    {"baseline", "R less a moving mean of past rewards: no bias", {estimate::baseline}},
    {"learned",
     "less a small network's guess from the state: no bias",
     {.estimate = estimate::learned, .has_network = true}},
    {"self-critical",
     "less the reward of reading by expectation: no bias, a second pass forward",
     {estimate::self_critical}},
    {"exact",
     "each word's own expectation computed: no bias, a step for every place",
     {.estimate = estimate::exact, .takes_expectation = false, .at_every_place = true}},
    {"top-k",
     "of that the likeliest places (--top), and one drawn for the others: no bias",
     {.estimate = estimate::top_k, .takes_expectation = false}},
    {"gumbel",
     "straight-through Gumbel-softmax: biased, of small variance",
     {.estimate = estimate::gumbel, .takes_expectation = false}},
    {"leave-one-out",
     "less the mean of the text's other draws (--samples): no bias",
     {.estimate = estimate::leave_one_out, .takes_expectation = false, .compares_draws = true}},
    {"vimco",
     "of a bound that more draws (--samples) make tighter, each less the others' mean",
     {.estimate = estimate::vimco, .takes_expectation = false, .compares_draws = true}},
};

struct HardOptions {
  Estimator estimator{estimate::baseline};
  // Who may get the expectation, and the probability that places are drawn all the same, in the paper one
  // half.
  Expectation expectation = Expectation::picture;
  double drawn = 0.5;
  Reward reward = Reward::sum;  // R
  double discount = 1;          // RewardRule::discount, of Reward::future and of estimate::exact
  double lambda_r = 1;
  double lambda_e = 0;
  double temperature = 1;  // of gumbel
  int64_t top = 4;         // of top_k: places that are not drawn
  int64_t samples = 0;     // draws of each text; 0: as many as the estimator needs

  // What samples comes to. A batch holds each text so often, its copies one after the other.
  int64_t draws() const { return samples > 0 ? samples : estimator.compares_draws ? 4 : 1; }
  // Throws WrongUsage if the estimator needs more draws than one.
  void check() const;

  void fields(auto& visit) {
    visit("estimator", estimator, estimators, "of the gradient through the drawn places, whose reward is R",
          {.with = "--attention hard"});
    visit("expectation", expectation, expectations, "who may get the expected annotation",
          {.with = "--attention hard"});
    visit("drawn", drawn, "probability that a picture's places are drawn, where it may get the expectation instead",
          {.most = 1, .with = "--attention hard"});
    visit("reward", reward, rewards, "R, of the log-probabilities of a caption's words",
          {.with = "--attention hard"});
    visit("discount", discount,
          "of reward future: how much each word counts of the one before it; 0: only a place's own word",
          {.most = 1, .with = "--attention hard"});
    visit("lambda_r", lambda_r, "weight of the score function; the released code: 0.1", {.with = "--attention hard"});
    visit("lambda_e", lambda_e, "weight of the entropy; the released code: 0.002", {.with = "--attention hard"});
    visit("temperature", temperature, "of gumbel's softmax",
          {.least = 1e-3, .most = 1000, .with = "--estimator gumbel"});
    visit("top", top, "of top-k: so many places are computed, and one is drawn",
          {.least = 1, .most = 1'000'000, .with = "--estimator top-k"});
    visit("samples", samples,
          "draws of each text, of whose estimates the mean is taken; 0: 4 where draws are compared, else 1",
          {.most = 1000, .with = "--attention hard"});
  }
};

// Draws places from `random`, and who gets the expectation: text b is about thing place[b] of so many; `whole_batch`
// decides for Expectation::batch.
HardDraw draw_hard(const HardOptions& options, size_t things, const std::vector<int64_t>& place, bool whole_batch,
                   Rng& random);

// The network of estimate::learned, which guesses rewards from the state that looks.
struct BaselineNetwork {
  Linear inner, outer;  // tanh between them

  BaselineNetwork() = default;
  BaselineNetwork(int64_t state, Rng& rng) : inner(state, 64, rng), outer(64, 1, rng) {}
  explicit operator bool() const { return bool(inner.weight); }
  Tensor operator()(const Tensor& state) const;  // a constant [N, H] -> [N, 1]
};

// What an estimator is given.
struct EstimatorInput {
  Rollout& roll;        // that has not been run
  const Packed& words;  // the targets
  const HardOptions& options;
  const HardDraw& draw;
  const Baselines& baselines;
  const BaselineNetwork& network;
  double label_smoothing = 0;
  Rng* dropout = nullptr;
};

// The estimate of options.estimator. Throws without the network that it needs.
HardLoss hard_loss(const EstimatorInput& in);

}  // namespace heed::support
