// First steps, 12: how to learn through a draw?
//
// The gradient of three_places.h is listed, and estimated with one baseline after the other: whether the mean
// of the estimates is right, how much they scatter, and what who climbs along them learns.
#include <cstdio>

#include "examples/first_steps/seed.h"
#include "examples/first_steps/worlds/three_places.h"

using namespace heed;
using namespace heed::draw;

namespace {

// The mean of many estimates and, behind it, the variance of one draw: that of an estimate, times its draws.
Numbers measure(const Numbers& rewards, const Baseline& baseline, Rng rng, int count = 20000) {
  Numbers mean(kPlaces, 0.0);
  double variance = 0;
  for (int n = 0; n < count; ++n) {
    const Numbers g = estimate(Tensor::from(kScores), rewards, baseline, rng);
    for (size_t i = 0; i < kPlaces; ++i) mean[i] += g[i] / count, variance += kDraws * g[i] * g[i] / count;
  }
  for (size_t i = 0; i < kPlaces; ++i) variance -= kDraws * mean[i] * mean[i];
  mean.push_back(variance);
  return mean;
}

// Of 100 learners that go up 300 steps, how many choose the best place nine times of ten?
int learn(const Numbers& rewards, const Baseline& baseline, const Rng& rng) {
  int good = 0;
  for (uint64_t learner = 0; learner < 100; ++learner) {
    Rng draws = rng.split(learner);
    Tensor scores = Tensor::from(kScores);
    for (int step = 0; step < 300; ++step)
      scores = scores + 0.05 * Tensor::from(estimate(scores, rewards, baseline, draws));
    good += softmax(scores).to_vector()[0] > 0.9;
  }
  return good;
}

void print(const char* name, const Numbers& numbers) {
  std::printf("%s", name);
  for (const double number : numbers) std::printf(" %7.4f", number);
  std::printf("\n");
}

void print_entropy(const Tensor& scores) {
  Tape tape;
  const Tensor entropy = attention_entropy(scores);
  print("\nentropy             ", {entropy.item()});
  print("its gradient        ", tape.gradients(entropy, {scores})[0].to_vector());
}

}  // namespace

int main(int argc, char** argv) {
  const Rng rng(seed_from(argc, argv));
  Numbers less;  // the same word, in a sentence whose other words cost 20
  for (const double reward : kRewards) less.push_back(reward - 20);
  const Tensor scores = Tensor::from(kScores);
  print("alpha               ", softmax(scores).to_vector());
  print("R = log p(word | i) ", kRewards);
  print("listed gradient     ", listed(kRewards));
  print("the same with R - 20", listed(less));
  print_entropy(scores);

  const auto row = [&](const char* name, const Baseline& baseline, const Baseline& shifted) {
    const Numbers near = measure(kRewards, baseline, rng.split(1)), far = measure(less, shifted, rng.split(1));
    std::printf("%-18s %8.3f %6.3f %6.3f %9.2f %9.2f %8d\n", name, near[0], near[1], near[2], near[3], far[3],
                learn(less, shifted, rng.split(2)));
    return far[3];
  };
  std::printf("\n%-18s %22s %9s %9s %8s\n", "baseline", "mean of the estimates", "variance", "R - 20", "learnt");
  const double none = row("b = 0", always(0), always(0));
  row("moving mean", moving_mean(), moving_mean());
  row("mean of all draws", mean_of_draws(true), mean_of_draws(true));
  row("mean of the others", mean_of_draws(false), mean_of_draws(false));
  row("b = mean of R", always(-2), always(-22));
  const double best = row("b = the best", always(-2.4), always(-22.4));
  return 100 * best < none ? 0 : 1;
}
