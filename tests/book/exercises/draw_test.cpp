// Exercises and the picture of chapter 12.
#include <fmt/format.h>

#include <map>

#include "examples/first_steps/worlds/three_places.h"
#include "tests/book/answers/draw.h"
#include "tests/book/exercise.h"
#include "tests/book/picture.h"

namespace heed::book {
namespace {

// The mean square of (R_z - b) d log p(z), all places listed; the square of its mean is the same for every b.
double scatter(const std::vector<double>& alpha, const std::vector<double>& rewards, double b) {
  double total = 0;
  for (size_t s = 0; s < alpha.size(); ++s)
    for (size_t i = 0; i < alpha.size(); ++i) {
      const double g = (rewards[s] - b) * ((i == s ? 1 : 0) - alpha[i]);
      total += alpha[s] * g * g;
    }
  return total;
}

// What is learnt: scores of two places, what a word's log-probability at a place is made of, and a baseline.
struct Model {
  Tensor scores = Tensor::from(std::vector<double>{0.3, -0.5}), w = Tensor::scalar(0.7, DType::f64),
         baseline = Tensor::scalar(-0.4, DType::f64);
  Tensor logp(size_t place) const { return -square(w - (place == 0 ? 0.5 : 2.0)); }
  std::vector<Tensor> all() const { return {scores, w, baseline}; }
};

void add(std::vector<double>& to, double share, const Gradients& gradients) {
  std::vector<double> numbers;
  for (const Tensor& gradient : gradients)
    for (const double number : gradient.to_vector()) numbers.push_back(share * number);
  to.resize(numbers.size(), 0.0);
  for (size_t i = 0; i < to.size(); ++i) to[i] += numbers[i];
}

// One panel: estimates as dots, larger where there are several, their mean as a ring, the gradient as an
// arrow. By score 0 to the right, by score 2 upwards; what is by score 1 is minus the sum of both.
std::string panel(double middle, const char* name, const heed::draw::Baseline& baseline) {
  constexpr double kScale = 65, kBottom = 60;
  const auto x = [&](double g) { return middle + kScale * (g - 0.3); };
  const auto y = [&](double g) { return kBottom - kScale * g; };
  std::string text = fmt::format("<text x=\"{}\" y=\"20\" text-anchor=\"middle\">{}</text>\n", middle, name);
  Rng rng(3);
  double mean[2] = {0, 0};
  constexpr int kCount = 400;
  std::map<std::pair<std::string, std::string>, int> dots;  // many estimates are the same
  for (int n = 0; n < kCount; ++n) {
    const auto g = heed::draw::estimate(Tensor::from(heed::draw::kScores), heed::draw::kRewards, baseline, rng);
    mean[0] += g[0] / kCount, mean[1] += g[2] / kCount;
    ++dots[{fmt::format("{:.1f}", x(g[0])), fmt::format("{:.1f}", y(g[2]))}];
  }
  for (const auto& [at, count] : dots)
    text += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{:.1f}\" fill=\"#0072B2\" fill-opacity=\"0.5\"/>\n",
                        at.first, at.second, 1.5 * std::sqrt(count));
  const auto exact = heed::draw::listed(heed::draw::kRewards);
  text += fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#000000\" stroke-width=\"2\" "
      "marker-end=\"url(#tip)\"/>\n",
      x(0), y(0), x(exact[0]), y(exact[2]));
  return text + fmt::format(
                    "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"7\" fill=\"none\" stroke=\"#D55E00\" "
                    "stroke-width=\"2\"/>\n",
                    x(mean[0]), y(mean[1]));
}

}  // namespace

TEST_CASE("exercise 12.1: the best baseline", "[book]") {
  const auto check = [](auto answer) {
    bool best = true;
    const std::vector<std::vector<double>> alphas = {{0.5, 0.25, 0.25}, {0.9, 0.05, 0.05}, {0.1, 0.3, 0.6}};
    const std::vector<double> rewards = {-1, -2, -4};
    for (const std::vector<double>& alpha : alphas) {
      const double b = answer.best_baseline(alpha, rewards), least = scatter(alpha, rewards, b);
      best &= least < scatter(alpha, rewards, b + 1e-3) && least < scatter(alpha, rewards, b - 1e-3);
    }
    return best;
  };
  exercise(HEED_ANSWER(draw, best_baseline), check);
}

TEST_CASE("exercise 12.2: what the gradient must not go through", "[book]") {
  const auto check = [](auto answer) {
    const Model model;
    const std::vector<double> alpha = softmax(model.scores).to_vector();
    std::vector<double> exact, estimated;
    for (size_t place = 0; place < 2; ++place) {
      {
        Tape tape;  // of the mean over places, this place's part
        add(exact, 1,
            tape.gradients(select(softmax(model.scores), 0, int64_t(place)) * model.logp(place), model.all()));
      }
      Tape tape;
      const Tensor log_pi = select(log_softmax(model.scores), 0, int64_t(place));
      add(estimated, alpha[place],
          tape.gradients(answer.surrogate(model.logp(place), log_pi, 1 * model.baseline), model.all()));
    }
    bool same = exact.size() == estimated.size();
    for (size_t i = 0; same && i < exact.size(); ++i) same = near(exact[i], estimated[i]);
    return same;
  };
  exercise(HEED_ANSWER(draw, surrogate), check);
}

TEST_CASE("the picture of drawn gradients is what heed draws", "[book]") {
  std::string text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"660\" height=\"250\" font-family=\"sans-serif\" "
      "font-size=\"13\">\n<rect width=\"660\" height=\"250\" fill=\"#ffffff\"/>\n<defs><marker id=\"tip\" "
      "markerWidth=\"5\" markerHeight=\"5\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\" orient=\"auto\"><path "
      "d=\"M0,0 L8,4 L0,8 "
      "z\"/></marker></defs>\n";
  text += panel(110, "b = 0", heed::draw::always(0));
  text += panel(330, "mean of the other draws", heed::draw::mean_of_draws(false));
  text += panel(550, "the best b", heed::draw::always(-2.4));
  compare_picture("draw.svg", text + "</svg>\n");
}

}  // namespace heed::book
