// The estimators of hard attention, against the list of all paths of places (caption_paths.h).
#include "examples/caption/model/hard_captions.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "autograd/check/gradcheck.h"
#include "autograd/ops/extrema.h"
#include "tests/catch.hpp"
#include "tests/examples/caption/caption_paths.h"

using namespace heed;
using namespace heed::caption;
using namespace heed::test;

namespace {

// Mean and variance (summed over the parameters) of an estimator, by the list of all paths.
struct Moments {
  Vector mean, spread;  // for each number
  double variance = 0;
};
Moments moments(const Tiny& tiny, const HardOptions& options, double baseline) {
  Moments result;
  Vector square;
  for (const Path& path : all_paths()) {
    const double p = std::exp(follow(tiny, path)[0].item());
    const Vector g = estimate_of(tiny, options, path, baseline);
    result.mean.resize(g.size());
    square.resize(g.size());
    for (size_t i = 0; i < g.size(); ++i) {
      result.mean[i] += p * g[i];
      square[i] += p * g[i] * g[i];
    }
  }
  for (size_t i = 0; i < square.size(); ++i) {
    result.spread.push_back(std::max(0.0, square[i] - result.mean[i] * result.mean[i]));
    result.variance += result.spread.back();
  }
  return result;
}

double expected_reward(const Tiny& tiny) { return bound(tiny).item(); }

// By the real sampling: a batch of the same caption many times over.
void check_samples(int batches) {
  const Tiny tiny;
  const double b = expected_reward(tiny);
  const HardOptions options = options_of("baseline");
  const Moments exact = moments(tiny, options, b);
  constexpr int rows = 1000;
  const support::Ids words = tiny.batch.out.rows.to_ids();
  const std::vector<support::Ids> many(rows, support::Ids(words.begin(), words.end() - 1));
  std::vector<size_t> index(rows);
  std::iota(index.begin(), index.end(), size_t{0});
  const CaptionBatch batch =
      pack_captions(support::make_batch(std::vector<support::Ids>(rows), many, index), Path(rows, 0));
  Vector mean(exact.mean.size());
  for (int k = 0; k < batches; ++k) {
    Rng rng = Rng(99).split(static_cast<uint64_t>(k));
    const HardDraw draw = draw_hard(options, batch, false, rng);
    Tape tape;
    const HardLoss loss = hard_loss(tiny.model.captioner, batch, tiny.pictures, options, draw, {b, b});
    const Vector sum = tiny.compared(tape.gradients(-loss.loss, tiny.model.parameters));
    for (size_t i = 0; i < mean.size(); ++i) mean[i] += sum[i] / rows / batches;
  }
  double worst = 0;
  for (size_t i = 0; i < mean.size(); ++i) {
    const double error = std::sqrt(exact.spread[i] / rows / batches) + 1e-12;
    worst = std::max(worst, std::abs(mean[i] - exact.mean[i]) / error);
  }
  fmt::print("{} samples: the farthest of {} numbers lies {:.2f} standard errors away\n", rows * batches, mean.size(),
             worst);
  CHECK(worst < 4);
}

}  // namespace

TEST_CASE("the gradient of the bound, all paths listed, equals its finite differences", "[caption]") {
  Tiny tiny;
  const GradcheckReport report =
      gradcheck_model("bound", [&] { return bound(tiny); }, tiny.model.parameters, {.directions = 2});
  INFO(report.text());
  // The learned baseline has no part in the bound, so its parameters have gradient 0 on both sides.
  CHECK(report.passed());
}

TEST_CASE("the mean of every unbiased estimator over all paths is the gradient of the bound", "[caption]") {
  const Tiny tiny;
  const Vector exact = bound_gradient(tiny);
  const double b = expected_reward(tiny);
  for (const char* estimator : {"reinforce", "baseline", "learned", "self-critical", "exact"})
    for (const Reward reward : {Reward::sum, Reward::future})
      for (const double baseline : {0.0, b, -3.0}) {
        const Moments found = moments(tiny, options_of(estimator, reward), baseline);
        INFO(estimator << ", reward " << name_of(rewards, reward) << ", b = " << baseline);
        CHECK(distance(found.mean, exact) < 1e-10);
      }
}

TEST_CASE("a baseline leaves the mean alone and lessens the variance", "[caption]") {
  const Tiny tiny;
  const double b = expected_reward(tiny), per_word = b / static_cast<double>(steps);
  const double raw = moments(tiny, options_of("reinforce"), 0).variance;
  const double based = moments(tiny, options_of("baseline"), b).variance;
  const double future = moments(tiny, options_of("baseline", Reward::future), per_word).variance;
  const double exact = moments(tiny, options_of("exact"), per_word).variance;
  fmt::print(
      "variance of the gradient, of 64 listed paths: without baseline {:.4f}, with {:.4f} ({:.1f} times "
      "less), of future words {:.4f}, exact for one step {:.4f}\n",
      raw, based, raw / based, future, exact);
  CHECK(based < 0.5 * raw);
  CHECK(future < based);
  CHECK(exact < future);
}

TEST_CASE("the reward of its own word alone has its bias, and a known mean", "[caption]") {
  const Tiny tiny;
  const Vector exact = bound_gradient(tiny);
  HardOptions score = options_of("baseline", Reward::future), marginal = options_of("exact");
  score.discount = marginal.discount = 0;
  const Moments scored = moments(tiny, score, -1), known = moments(tiny, marginal, -1);
  // Both leave out what a place does to later words, and nothing else.
  CHECK(distance(scored.mean, known.mean) < 1e-10);
  CHECK(known.variance < scored.variance);
  const double bias = distance(scored.mean, exact);
  fmt::print("bias of the own word's reward: {:.4f} of a gradient of length {:.4f}\n", bias, length(exact));
  CHECK(bias > 1e-6);
  CHECK(bias < 0.2 * length(exact));
}

TEST_CASE("a discount between 0 and 1 weighs each word by its distance", "[caption]") {
  const Tiny tiny;
  const Path path{2, 0, 1};
  HardOptions options = options_of("baseline", Reward::future);
  const auto at = [&](double discount) {
    options.discount = discount;
    return estimate_of(tiny, options, path, 0);
  };
  // Three words: the estimate is a + b discount + c discount^2.
  const Vector none = at(0), half = at(0.5), whole = at(1), negative = at(-1);
  for (size_t i = 0; i < none.size(); ++i) {
    const double b = (whole[i] - negative[i]) / 2, c = (whole[i] + negative[i]) / 2 - none[i];
    CHECK(half[i] == Catch::Approx(none[i] + b / 2 + c / 4).margin(1e-10));
  }
}

TEST_CASE("the self-critical baseline is what the words are worth by expectation", "[caption]") {
  const Tiny tiny;
  const Path path{1, 3, 0};
  const HardDraw draw = draw_path(path);
  const HardLoss loss =
      hard_loss(tiny.model.captioner, tiny.batch, tiny.pictures, options_of("self-critical"), draw, {});
  const Tensor critic = tiny.model.captioner.score(tiny.batch, tiny.pictures, Reading::expectation).first;
  const double drawn = follow(tiny, path)[1].item();
  CHECK(loss.rewards.caption == Catch::Approx(drawn - sum(critic).item()).epsilon(1e-10));
  CHECK(loss.loss.item() == Catch::Approx(-drawn).epsilon(1e-12));
}

TEST_CASE("the self-critical baseline shares the masks of dropout", "[caption]") {
  // Where all of attention lies on one place, drawing it is reading by expectation.
  Tiny tiny(1e6);
  Captioner& model = tiny.model.captioner;
  model.settings.dropout_embedding = model.settings.dropout_state = model.settings.dropout_readout = 0.5;
  HardDraw draw;
  draw.reading = [](const Tensor& alpha, const Tensor&) { return HardReading{}(alpha); };
  Rng random(4);
  const HardLoss loss = hard_loss(model, tiny.batch, tiny.pictures, options_of("self-critical"), draw, {},
                                  {.label_smoothing = 0, .dropout = &random});
  CHECK(loss.captions == 1);
  CHECK(std::abs(loss.rewards.caption) < 1e-9);
  CHECK(std::abs(loss.loss.item() + follow(tiny, {0, 0, 0})[1].item()) > 1e-3);  // there was dropout
}

TEST_CASE("samples of places come near the mean as they ought to", "[caption]") { check_samples(50); }

TEST_CASE("a million samples lie within four standard errors", "[.long]") { check_samples(1000); }

TEST_CASE("the expectation in place of the sample has the bias that is documented", "[caption]") {
  double before = 1e9;
  for (const double sharpness : {0.5, 4.0, 64.0}) {
    const Tiny tiny(sharpness);
    const double b = expected_reward(tiny);
    const HardOptions options = options_of("baseline");
    const Vector exact = bound_gradient(tiny), soft = estimate_of(tiny, options, {0, 0, 0}, b, true);
    const Vector drawn = moments(tiny, options, b).mean;
    Vector rule(exact.size());
    for (size_t i = 0; i < rule.size(); ++i) rule[i] = 0.5 * soft[i] + 0.5 * drawn[i];
    // The caption with the expectation is trained as with soft attention.
    Tape tape;
    Captioner as_soft = tiny.model.captioner;
    as_soft.settings.penalty = 0;
    const Tensor loss = as_soft.loss(tiny.batch, tiny.pictures);
    CHECK(distance(soft, tiny.compared(tape.gradients(-loss, tiny.model.parameters))) < 1e-10);
    const double bias = distance(rule, exact);
    fmt::print("bias of the one-half expectation: {:.4f} of a gradient of length {:.4f} (v times {})\n", bias,
               length(exact), sharpness);
    CHECK(std::abs(bias - 0.5 * distance(soft, exact)) < 1e-10);
    if (sharpness > 4) CHECK(bias < 0.1 * before);
    before = bias;
  }
}

TEST_CASE("each picture is given the expectation half of the time, or the whole minibatch", "[caption]") {
  Rng rng(3);
  const CaptionBatch batch = pack_captions(test::captions_of(std::vector<int64_t>(400, 2), 9, rng), [] {
    Path picture(400);
    for (size_t i = 0; i < picture.size(); ++i) picture[i] = static_cast<int64_t>(i / 2);
    return picture;
  }());
  HardOptions options;
  const HardDraw by_picture = draw_hard(options, batch, false, rng);
  const auto count = std::count(by_picture.expected.begin(), by_picture.expected.end(), true);
  CHECK(count > 140);
  CHECK(count < 260);
  for (size_t a = 0; a < 400; ++a)
    for (size_t b = a + 1; b < 400; ++b)
      if (batch.place[a] == batch.place[b]) REQUIRE(by_picture.expected[a] == by_picture.expected[b]);
  options.expectation = Expectation::batch;
  for (const bool whole : {false, true})
    CHECK(draw_hard(options, batch, whole, rng).expected == std::vector<bool>(400, whole));
  options.expectation = Expectation::none;
  CHECK(draw_hard(options, batch, true, rng).expected.empty());
}

TEST_CASE("the reward is the sum or the mean of the words' log-probabilities", "[caption]") {
  const Tiny tiny;
  const Path path{1, 3, 0};
  const double log_p = follow(tiny, path)[1].item();
  for (const auto& [reward, of_caption] : {std::pair(Reward::sum, log_p), std::pair(Reward::mean, log_p / steps)}) {
    const HardDraw draw = draw_path(path);
    const HardLoss loss =
        hard_loss(tiny.model.captioner, tiny.batch, tiny.pictures, options_of("baseline", reward), draw, {});
    CHECK(loss.rewards.caption == Catch::Approx(of_caption).epsilon(1e-12));
    CHECK(loss.rewards.word == Catch::Approx(log_p).epsilon(1e-12));
    CHECK(loss.loss.item() == Catch::Approx(-log_p).epsilon(1e-12));
    CHECK(loss.captions == 1);
    CHECK(loss.words == steps);
  }
}

TEST_CASE("straight-through Gumbel reads one place and has a gradient through it", "[caption]") {
  const Tiny tiny;
  double largest = -1e9, smallest = 1e9;
  std::vector<double> possible;
  for (const Path& path : all_paths()) possible.push_back(-follow(tiny, path)[1].item());
  for (uint64_t k = 0; k < 50; ++k) {
    Rng rng(k);
    const HardDraw draw = draw_hard(options_of("gumbel"), tiny.batch, false, rng);
    Tape tape;
    const HardLoss loss = hard_loss(tiny.model.captioner, tiny.batch, tiny.pictures, options_of("gumbel"), draw, {});
    const auto near = [&](double x) { return std::abs(x - loss.loss.item()) < 1e-9; };
    CHECK(std::any_of(possible.begin(), possible.end(), near));  // the loss of some path
    largest = std::max(largest, loss.loss.item());
    smallest = std::min(smallest, loss.loss.item());
    const Tensor dv = tape.gradients(loss.loss, {tiny.model.captioner.attention.score.v})[0];
    CHECK(sum(abs(dv)).item() > 0);
  }
  CHECK(largest > smallest);
}
