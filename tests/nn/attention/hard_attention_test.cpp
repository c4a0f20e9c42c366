// Hard attention: draws that follow the alignment, and a surrogate whose gradient is right on average.
#include "nn/attention/hard_attention.h"

#include <cmath>

#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "nn/attention/attention.h"
#include "nn/attention/multi_head.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

namespace heed {
using namespace test;

TEST_CASE("draws follow the alignment, and the best position is taken without a source of chance", "[hard]") {
  Rng rng(3);
  const Tensor alpha = Tensor::from<double>({0.1, 0.6, 0.3, 0, 0, 0}, {2, 3});
  const HardReading reading{&rng, {}};
  std::vector<double> counts(6, 0);
  const int draws = 4000;
  for (int i = 0; i < draws; ++i) {
    const std::vector<double> drawn = reading(alpha).to_vector();
    CHECK(drawn[0] + drawn[1] + drawn[2] == 1);
    for (size_t k = 0; k < 6; ++k) counts[k] += drawn[k];
  }
  CHECK(counts[0] / draws == Catch::Approx(0.1).margin(0.03));
  CHECK(counts[1] / draws == Catch::Approx(0.6).margin(0.03));
  CHECK(counts[3] + counts[4] + counts[5] == 0);
  CHECK(HardReading{}(alpha).to_vector() == std::vector<double>{0, 1, 0, 0, 0, 0});
}

TEST_CASE("rows that read the expectation pass gradients, rows that draw do not", "[hard]") {
  Rng rng(4);
  const Tensor scores = random({2, 4}, rng), keys = random({8, 3}, rng);
  const HardReading reading{&rng, Tensor::from<int64_t>({1, 0}, {2, 1})};
  Tape tape;
  const Tensor alpha = softmax(scores);
  const Tensor context = weighted_rows(reading(alpha), keys, attend_to_blocks(4, {0, 1}));
  const Tensor gradient = tape.gradients(sum(context * 3), std::vector<Tensor>{scores})[0];
  CHECK(sum(abs(gradient[0])).item() > 0);
  CHECK(sum(abs(gradient[1])).item() == 0);
}

TEST_CASE("the surrogate's gradient, averaged over all draws, is that of the expected reward", "[hard]") {
  Rng rng(5);
  const Tensor scores = random({1, 1, 4}, rng);
  const std::vector<double> rewards{0.3, -1, 2, 0.5};
  Tensor expected;
  {
    Tape tape;
    const Tensor mean = sum(softmax(scores) * Tensor::from(rewards, {1, 1, 4}));
    expected = tape.gradients(mean, std::vector<Tensor>{scores})[0];
  }
  const std::vector<double> alpha = softmax(scores).to_vector();
  std::vector<double> average(4, 0);
  for (size_t s = 0; s < 4; ++s) {
    std::vector<int64_t> choice(4, 0);
    choice[s] = 1;
    Tape tape;
    const HardAttentionTerms terms{
        Tensor::zeros({1, 1}, DType::f64), log_choice(scores, Tensor::from(choice, {1, 1, 4})),
        attention_entropy(scores),         Tensor::from<double>({rewards[s]}),
        Tensor::scalar(0.7, DType::f64),   {}};
    const Tensor gradient = tape.gradients(hard_attention_loss(terms, 1, 0), std::vector<Tensor>{scores})[0];
    for (size_t i = 0; i < 4; ++i) average[i] -= alpha[s] * gradient.to_vector()[i];  // the loss is minus the reward
  }
  for (size_t i = 0; i < 4; ++i) CHECK(average[i] == Catch::Approx(expected.to_vector()[i]).margin(1e-14));
}

TEST_CASE("positions with a score of -inf add no entropy and no gradient", "[hard]") {
  const Tensor scores = Tensor::from<double>({1, -INFINITY, 1}, {1, 3});
  Tape tape;
  const Tensor entropy = attention_entropy(scores);
  const Tensor log_pi = log_choice(scores, Tensor::from<int64_t>({0, 0, 1}, {1, 3}));
  CHECK(entropy.item() == Catch::Approx(std::log(2.0)));
  CHECK(log_pi.item() == Catch::Approx(-std::log(2.0)));
  const Tensor gradient = tape.gradients(sum(entropy + log_pi), std::vector<Tensor>{scores})[0];
  CHECK(gradient.to_vector()[0] == Catch::Approx(-0.5));
  CHECK(gradient.to_vector()[1] == 0);
}

TEST_CASE("a choice that is the expectation itself adds no REINFORCE gradient", "[hard]") {
  Rng rng(7);
  const Tensor scores = random({2, 3}, rng);
  Tape tape;
  const Tensor log_pi = log_choice(scores, softmax(scores));
  const Tensor gradient = tape.gradients(sum(log_pi), std::vector<Tensor>{scores})[0];
  CHECK(sum(abs(gradient)).item() <= 1e-15);
}

TEST_CASE("the baseline follows the rewards", "[hard]") {
  MovingBaseline baseline;
  CHECK(baseline.update(10) == Catch::Approx(1));
  CHECK(baseline.update(0) == Catch::Approx(0.9));
}

TEST_CASE("choices that do not fit are refused", "[hard]") {
  CHECK_THROWS_AS(log_choice(Tensor::zeros({2, 3}), Tensor::zeros({2, 2})), Error);
}

}  // namespace heed
