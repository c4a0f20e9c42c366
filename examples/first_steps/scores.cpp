// First steps, 11: which score, which window?
//
// Four ways to ask for one of four annotations. Each score learns each of them by itself, and shows how much
// weight comes to lie on the right place. Then the windows, with equal scores: what is seen is the window.
#include <cmath>
#include <cstdio>

#include "autograd/zip/elementwise.h"
#include "examples/first_steps/seed.h"
#include "examples/first_steps/worlds/asking.h"
#include "nn/attention/attention.h"
#include "nn/attention/choices.h"
#include "nn/losses/losses.h"
#include "optim/gradient_descent.h"

using namespace heed;
using namespace heed::asking;

namespace {
using Numbers = std::vector<double>;

struct Model {
  Attention<AnyScore, GlobalWindow> attention;
  Tensor scale = Tensor::scalar(1, DType::f64);  // of the scores: how sharp, not which
  void parts(auto& visit) {
    visit("attention", attention);
    visit("scale", scale);
  }
};

// The weight on the right places after 1500 steps, as a geometric mean.
double learn(const ScoreChoice& score, bool bias, Ask ask, Rng rng) {
  const ScoreSizes sizes{.query = kSize, .annotation = kSize, .hidden = 32, .max_length = kPlaces, .bias = bias};
  Model model{{score.make(sizes, rng), {}}};
  convert(model, DType::f64);
  const SharedMask mask = attend_to_blocks(kPlaces, Tensor::arange(kBatch).to_ids());
  Parameters parameters(model);
  Adam adam(parameters, 0.03);
  double loss = 0;
  for (int step = 0; step < 1500; ++step) {
    const Batch batch = draw(ask, rng);
    Tape tape;
    const AttentionMemory memory = model.attention.remember(batch.annotations, mask);
    const Tensor wrong = cross_entropy(model.scale * model.attention(batch.queries, memory).scores, batch.right);
    adam.step(tape.gradients(wrong, parameters));
    loss += step >= 1450 ? wrong.item() / 50 : 0;
  }
  return std::exp(-loss);
}

// Ten places with equal scores; the position is 3, and local-p predicts 3.4. D = 4.
template <class Window>
Numbers weights_of(const Window& window) {
  const SharedMask mask = attend_to_blocks(10, {0});
  const Focus focus = window.focus(Tensor::full({1, 1}, 1, DType::f64), mask, Tensor::full({1}, 3, DType::i64));
  const Weights weights = window(Tensor::zeros({1, focus.mask->width}, DType::f64), focus);
  return by_position(weights.alpha, *focus.mask, *mask).to_vector();
}
}  // namespace

int main(int argc, char** argv) {
  std::printf("%-15s", "");
  for (const auto& [name, ask] : kQuestions) std::printf("%8s", name);
  int known = 0;
  const auto row = [&](const char* title, const ScoreChoice& score, bool bias) {
    std::printf("\n%-15s", title);
    for (const auto& [name, ask] : kQuestions) {
      const double weight = learn(score, bias, ask, Rng(seed_from(argc, argv)));
      std::printf("%8.2f", weight);
      known += weight > 0.9;
    }
  };
  for (const ScoreChoice& score : attention_scores) row(score.name, score, false);
  row("additive + bias", attention_scores[0], true);
  LocalMonotonicWindow monotonic;
  LocalPredictiveWindow predictive;
  monotonic.radius = predictive.radius = 4;
  predictive.weight = Tensor::full({1, 1}, 1, DType::f64);
  predictive.v = Tensor::full({1}, std::log(0.34 / 0.66) / std::tanh(1.0), DType::f64);
  const Numbers all = weights_of(GlobalWindow()), near = weights_of(monotonic), at = weights_of(predictive);
  std::printf("\n\nplace  global local-m local-p\n");
  for (size_t j = 0; j < all.size(); ++j) std::printf("%5zu %7.3f %7.3f %7.3f\n", j, all[j], near[j], at[j]);
  return known == 10 ? 0 : 1;
}
