#include "examples/support/hard/estimators.h"

#include <optional>

#include "autograd/ops/extrema.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "examples/support/program/command_line.h"
#include "nn/attention/hard_attention.h"
#include "nn/attention/reading.h"
#include "nn/losses/losses.h"

namespace heed::support {
namespace {

// How much smaller steps the learned baseline makes than the model: its errors are squared nats.
constexpr double kBaselineWeight = 0.01;

// The terms that an estimator chooses, [N, 1] for every word.
struct Credit {
  Tensor reward, baseline;  // R and b, constants
  Tensor share;             // of d log p(y | s), where it is not 1
  Tensor guess;  // of the network for R, where there is one: it learns beside any estimator, to be compared
  Earned earned;
};

// `worth` [N] is what every word is worth, and `past` the moving means of that.
Credit credit(const EstimatorInput& in, const Tensor& worth, const Baselines& past, bool own_word = true) {
  const RewardRule rule{in.options.reward, in.options.discount, own_word};
  const Packed& words = in.words;
  const Shape column{worth.numel(), 1};
  const std::vector<double> values = worth.to_vector();
  Credit result;
  result.reward = Tensor::from(rewards_of(rule, words, values), column, worth.dtype());
  result.baseline = Tensor::from(baselines_of(rule, words, past), column, worth.dtype());
  result.earned = earned_by(rule, words, values, in.draw.expected);
  if (in.network) result.guess = result.baseline + in.network(in.roll.before);
  return result;
}

// A surrogate: the value of one and the gradient of the other.
Tensor with_value(const Tensor& value, const Tensor& surrogate) { return surrogate + detach(value - surrogate); }

// The loss whose gradient is minus the estimate, summed over words, and whose value is minus the sum of log p
// [N].
HardLoss loss_of(const EstimatorInput& in, const Tensor& log_p, const Credit& credit, double lambda_r) {
  const Rollout& roll = in.roll;
  const Shape column{log_p.numel(), 1};
  Tensor error;
  if (credit.guess) error = mse(credit.guess, credit.reward, Reduction::sum) * kBaselineWeight;
  const Tensor of_words = reshape(log_p, column);
  const HardAttentionTerms terms{.logp = credit.share ? of_words * credit.share : of_words,
                                 .log_pi = reshape(log_choice(roll.scores, roll.weights), column),
                                 .entropy = reshape(attention_entropy(roll.scores), column),
                                 .reward = credit.reward,
                                 .baseline = credit.baseline,
                                 .step_mask = {}};
  Tensor surrogate = hard_attention_loss(terms, lambda_r, in.options.lambda_e) * static_cast<double>(log_p.numel());
  if (error) surrogate = surrogate + error;
  HardLoss result{credit.earned, with_value(-sum(log_p), surrogate)};
  if (in.label_smoothing == 0 || !roll.logits) return result;
  // The reward is the true probability; the words are taught the smoothed one.
  const Tensor& targets = in.words.rows;
  const CrossEntropyOptions plain{.reduction = Reduction::sum};
  const CrossEntropyOptions smooth{.label_smoothing = in.label_smoothing, .reduction = Reduction::sum};
  result.loss =
      result.loss + cross_entropy(roll.logits, targets, smooth) - cross_entropy(roll.logits, targets, plain);
  return result;
}

// The copies of a text stand one after the other at every step, so each K rows of [N, 1] are those of one: [N / K, K].
Tensor by_text(const EstimatorInput& in, const Tensor& rows) { return reshape(rows, {-1, in.options.draws()}); }

// For each copy, the mean of the others.
Tensor mean_of_others(const Tensor& copies) {
  return (sum(copies, {1}, true) - copies) * (1 / static_cast<double>(copies.size(1) - 1));
}

struct ChosenPlaces {
  Tensor places;  // i64 [n, K + 1]
  Tensor count;   // [n, K + 1]: how many places of its like each stands for
};

// The K likeliest of alpha [n, L], a constant, and one that is drawn of the rest: with probability q_j, for 1 / q_j. A text
// that has no more than K places in a wider batch leaves nothing to take or to draw: what is named all the same counts 0.
ChosenPlaces choose_places(const Tensor& alpha, int64_t k, const HardDraw& draw) {
  Tensor rest = alpha;
  std::vector<Tensor> places, counts;
  const auto one = [](auto p) { return where(p > 0, 1.0, 0.0); };
  for (int64_t i = 0; i < std::min(k, alpha.size(1) - 1); ++i) {
    places.push_back(argmax(rest, 1, true));
    counts.push_back(zip("count_of_likely", one, gather(rest, 1, places.back())));
    rest = rest * (1 - to(one_hot(reshape(places.back(), {-1}), alpha.size(1)), alpha.dtype()));
  }
  const Tensor left = sum(rest, {1}, true);
  const auto scaled = [](auto x, auto sum_of, auto otherwise) { return where(sum_of > 0, x / sum_of, otherwise); };
  const Tensor q = zip("share_of_rest", scaled, rest, left, alpha);
  const auto inverse = [](auto p, auto sum_of) { return where(sum_of > 0, 1.0 / p, 0.0); };
  places.push_back(argmax(draw.reading(q, {}), 1, true));
  counts.push_back(zip("count_of_drawn", inverse, gather(q, 1, places.back()), left));
  return {concat(places, 1), concat(counts, 1)};
}

// log p of all words, read from drawn places.
Tensor drawn(const EstimatorInput& in) {
  in.roll.run(draw_places(in.draw));
  return in.roll.log_p();
}

}  // namespace

HardLoss estimate::reinforce(const EstimatorInput& in) {
  const Tensor log_p = drawn(in);
  return loss_of(in, log_p, credit(in, log_p, {}), in.options.lambda_r);
}

HardLoss estimate::baseline(const EstimatorInput& in) {
  const Tensor log_p = drawn(in);
  return loss_of(in, log_p, credit(in, log_p, in.baselines), in.options.lambda_r);
}

HardLoss estimate::learned(const EstimatorInput& in) {
  const Tensor log_p = drawn(in);
  Credit found = credit(in, log_p, in.baselines);
  found.baseline = found.guess;
  return loss_of(in, log_p, found, in.options.lambda_r);
}

HardLoss estimate::self_critical(const EstimatorInput& in) {
  in.roll.run(draw_places(in.draw));
  std::optional<Rng> masks;  // as they stand before the readout, to be drawn a second time
  if (in.dropout) masks = *in.dropout;
  const Tensor log_p = in.roll.log_p();
  const Tensor advantage = detach(log_p) - in.roll.log_p_by_expectation(masks ? &*masks : nullptr);
  return loss_of(in, log_p, credit(in, advantage, in.baselines), in.options.lambda_r);
}

HardLoss estimate::exact(const EstimatorInput& in) {
  const auto every_place = [](const Tensor& scores) {
    return Tensor::zeros(scores.shape(), DType::i64) + Tensor::arange(scores.size(1));
  };
  const Tensor each = in.roll.run_at_places(draw_places(in.draw), every_place);
  const Tensor log_p = sum(softmax(in.roll.scores) * each, {1});
  // A place's own word is differentiated already.
  const Credit found = credit(in, log_p, in.baselines, /*own_word=*/false);
  return loss_of(in, log_p, found, in.options.lambda_r);
}

HardLoss estimate::top_k(const EstimatorInput& in) {
  std::vector<Tensor> all_places, all_counts;
  const auto likeliest = [&](const Tensor& scores) {
    ChosenPlaces chosen = choose_places(detach(softmax(scores)), in.options.top, in.draw);
    all_counts.push_back(chosen.count);
    return all_places.emplace_back(chosen.places);
  };
  const Tensor each = in.roll.run_at_places(draw_places(in.draw), likeliest);
  const Tensor alpha = gather(softmax(in.roll.scores), 1, join_steps(all_places));
  const Tensor weights = alpha * join_steps(all_counts);
  // Of the likeliest alone: what the drawn place changed would not be free of bias.
  const int64_t k = each.size(1) - 1;
  const auto mean = [](auto sum_of, auto weight) { return where(weight > 0, sum_of / weight, 0.0); };
  const Tensor top = narrow(detach(weights), 1, 0, k);
  const Tensor b =
      zip("mean_of_likeliest", mean, sum(top * narrow(detach(each), 1, 0, k), {1}, true), sum(top, {1}, true));
  const Tensor log_p = reshape(b, {-1}) + sum(weights * (each - b), {1});
  return loss_of(in, log_p, credit(in, log_p, in.baselines, /*own_word=*/false), in.options.lambda_r);
}

HardLoss estimate::gumbel(const EstimatorInput& in) {
  in.roll.run([&](const Tensor& scores) {
    const Tensor uniform = in.draw.noise->uniform(scores.shape(), 1e-6, 1 - 1e-6, scores.dtype());  // finite logs
    const auto add_noise = [](auto log_alpha, auto u) { return log_alpha - log(-log(u)); };
    const Tensor noisy = zip("gumbel", add_noise, log_softmax(scores), uniform);
    const Tensor soft = softmax(noisy * (1 / in.options.temperature));
    const Tensor place = to(one_hot(argmax(detach(noisy), 1), scores.size(1)), scores.dtype());
    return with_value(place, soft);
  });
  const Tensor log_p = in.roll.log_p();
  // The gradient goes through the choice itself, not through its probability.
  return loss_of(in, log_p, credit(in, log_p, in.baselines), /*lambda_r=*/0);
}

HardLoss estimate::leave_one_out(const EstimatorInput& in) {
  const Tensor log_p = drawn(in);
  Credit found = credit(in, log_p, {});
  found.baseline = reshape(mean_of_others(by_text(in, found.reward)), found.reward.shape());
  return loss_of(in, log_p, found, in.options.lambda_r);
}

HardLoss estimate::vimco(const EstimatorInput& in) {
  const Tensor log_p = drawn(in);
  const auto k = static_cast<double>(in.options.draws());
  Credit found = credit(in, log_p, {});
  const Tensor captions = Tensor::from(rewards_of({Reward::sum, 1, true}, in.words, log_p.to_vector()),
                                       found.reward.shape(), log_p.dtype());
  const Tensor each = by_text(in, captions);  // log p(y | s^k), [N / K, K]
  const Tensor whole = logsumexp(each, {1}, true);
  // In [N / K, K, K], so that nothing is taken off a sum and cancels.
  const int64_t copies = in.options.draws();
  const Tensor eye = one_hot(Tensor::arange(copies), copies);
  const Tensor without = where(eye, unsqueeze(mean_of_others(each), 2), unsqueeze(each, 1));
  found.reward = reshape(whole - logsumexp(without, {2}), captions.shape()) * k;  // what follows divides by K
  found.baseline = Tensor::zeros(captions.shape(), captions.dtype());
  found.share = reshape(softmax(each), captions.shape()) * k;
  return loss_of(in, log_p, found, in.options.lambda_r);
}

void HardOptions::check() const {
  if (estimator.compares_draws && draws() < 2)
    throw WrongUsage("--estimator {} compares draws of one text, and --samples is 1; give --samples 4",
                     name_of(estimators, estimator));
}

HardDraw draw_hard(const HardOptions& options, size_t things, const std::vector<int64_t>& place, bool whole_batch,
                   Rng& random) {
  HardDraw draw;
  if (options.expectation != Expectation::none && options.estimator.takes_expectation) {
    const bool one_by_one = options.expectation == Expectation::picture;
    std::vector<bool> expected;
    for (size_t i = 0; i < things; ++i)
      expected.push_back(one_by_one ? random.bernoulli(1 - options.drawn) : whole_batch);
    for (const int64_t which : place) draw.expected.push_back(expected[static_cast<size_t>(which)]);
  }
  draw.reading = [&random](const Tensor& alpha, const Tensor& expected) {
    return HardReading{&random, expected}(alpha);
  };
  draw.noise = &random;
  return draw;
}

Tensor BaselineNetwork::operator()(const Tensor& state) const { return outer(tanh(inner(detach(state)))); }

HardLoss hard_loss(const EstimatorInput& in) {
  if (in.options.estimator.has_network && !in.network)
    throw Error("hard attention: the learned baseline needs a model with settings.learned_baseline");
  in.options.check();
  HardLoss result = in.options.estimator.estimate(in);
  const int64_t samples = in.options.draws();
  if (samples > 1) result.loss = result.loss * (1 / static_cast<double>(samples));
  return result;
}

}  // namespace heed::support
