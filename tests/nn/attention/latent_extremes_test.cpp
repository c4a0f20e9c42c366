// Mixtures over places where numbers are far apart, zero or not finite.
#include <limits>

#include "tests/nn/attention/latent_words.h"

using namespace heed;
using namespace heed::test;

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// Scores of words and places, each of which has one peak, on another word: all `height` above the rest.
struct Peaks {
  Words w;
  explicit Peaks(double height, double second = 0) {
    const int64_t words = 5;  // of the vocabulary: W is the identity, so units are scores
    std::vector<double> eye(25, 0), units(10, 0), places(15, 0);
    for (size_t k = 0; k < 5; ++k) eye[k * 6] = 1;
    units[0 * 5 + 0] = height, units[1 * 5 + 1] = height;
    places[0 * 5 + 2] = height, places[1 * 5 + 3] = height, places[2 * 5 + 0] = height;
    places[0 * 5 + 4] = second;
    w.output.weight = Tensor::from(eye, {words, words});
    w.units = Tensor::from(units, {2, words});
    w.places = Tensor::from(places, {3, words});
    w.alpha = Tensor::from<double>({0.5, 0.3, 0.2, 0.1, 0.6, 0.3}, {2, 3});
    w.targets = Tensor::from<int64_t>({0, 3});
    w.mask = attend_to_blocks(3, {0, 0});
  }
};

}  // namespace

TEST_CASE("peaks on different words are summed directly: no normalizer underflows", "[attention]") {
  for (const double height : {30.0, 70.0, 85.0, 95.0, 200.0, 800.0})
    for (const double second : {0.0, 0.6, 1.0})  // of that height, a second peak
      for (const double smoothing : {0.0, 0.1}) {
        const Words w = Peaks(height, second * height).w;
        const CrossEntropyOptions options{.label_smoothing = smoothing, .reduction = Reduction::none};
        INFO("peaks of " << height << " and " << second * height << ", smoothing " << smoothing);
        const std::vector<double> expected = everything(plain, w, options);
        CHECK(apart(everything(fast, w.in(DType::f32), options), expected) < 3e-6);
        CHECK(apart(everything(fast, w, options), expected) < 1e-12);
        const Words f = w.in(DType::f32);  // scores are the units
        const Tensor log_p = latent_log_probabilities(f.units, f.places, f.alpha, f.mask);
        const Tensor exact = latent_log_probabilities_plain(w.units, w.places, w.alpha, w.mask);
        CHECK(apart(log_p.to_vector(), exact.to_vector()) < 1e-6 + 1e-7 * height);
      }
}

TEST_CASE("the posterior of the next step and its gradient hold where peaks are far apart", "[attention]") {
  for (const double height : {30.0, 85.0, 200.0, 800.0}) {
    const Words w = Peaks(height, 0.6 * height).w;
    INFO("peaks of " << height);
    const std::vector<double> expected = posterior_and_gradients(latent_posterior_plain, w);
    CHECK(apart(posterior_and_gradients(latent_posterior, w), expected) < 1e-12);
    CHECK(apart(posterior_and_gradients(latent_posterior, w.in(DType::f32)), expected) < 3e-6 * height);
  }
}

TEST_CASE("a place infinitely likelier than those with weight has a slope, and none where nothing is asked of it",
          "[attention]") {
  Words w = Peaks(800).w;
  w.alpha = Tensor::from<double>({1, 0, 0, 1, 0, 0}, {2, 3});
  for (const double upstream : {0.0, 1.0}) {
    Tape tape;
    const Tensor r = latent_posterior(w.units, w.places, w.alpha, w.mask, w.targets);
    CHECK(r.to_vector() == std::vector<double>{1, 0, 0, 1, 0, 0});
    const Tensor dr = Tensor::from<double>({0, 0, 0, 0, upstream, 0}, {2, 3});  // of a place e^800 times as likely
    const std::vector<double> slope = tape.gradients({r}, {dr}, {w.alpha})[0].to_vector();
    CHECK(slope == std::vector<double>{0, 0, 0, 0, upstream * std::numeric_limits<double>::max(), 0});
  }
}

TEST_CASE("a weight of 0 has the slope of its place, at most the largest number", "[attention]") {
  Words w = Peaks(200).w;
  w.alpha = Tensor::from<double>({1, 0, 0, 1, 0, 0}, {2, 3});
  w = w.in(DType::f32);
  Tape tape;
  const Tensor y = fast(w, {.reduction = Reduction::sum});
  const std::vector<double> slope = tape.gradients(y, {w.alpha})[0].to_vector();
  CHECK(slope[2] == Catch::Approx(-1).epsilon(1e-5));     // 1 - 1 / p with p = 1/2
  CHECK(slope[4] == -std::numeric_limits<float>::max());  // e^200 times as likely
}

TEST_CASE("places of weight 0 count nothing, however likely they would be", "[attention]") {
  for (const double smoothing : {0.0, 0.1}) {
    Words w = Peaks(200).w;
    w.alpha = Tensor::from<double>({1, 0, 0, 0, 1, 0}, {2, 3});
    const auto gradients = [&](auto loss, const Words& of) {
      Tape tape;
      const Tensor y = loss(of, {.label_smoothing = smoothing, .reduction = Reduction::sum});
      std::vector<double> all = y.to_vector();
      for (const Tensor& g : tape.gradients(y, {of.units, of.places, of.output.weight}))
        for (double number : g.to_vector()) all.push_back(number);
      return all;
    };
    CHECK(apart(gradients(fast, w.in(DType::f32)), gradients(plain, w)) < 3e-6);
  }
}

TEST_CASE("what is not finite shows in the loss of its words, and only there", "[attention]") {
  for (const double bad : {std::nan(""), kInfinite}) {
    Words w = some_words(9, 1);
    w.units.mutable_data<double>()[4] = bad;  // of word 1
    const std::vector<double> losses = fast(w, {.reduction = Reduction::none}).to_vector();
    for (size_t t = 0; t < 6; ++t) CHECK(std::isfinite(losses[t]) == (t != 1));
  }
  // A word that cannot be: its loss is infinite, that of the others is not.
  Words w = Peaks(1).w;
  w.output.bias = Tensor::from<double>({-kInfinite, 0, 0, 0, 0});
  CHECK(fast(w, {.reduction = Reduction::none}).to_vector()[0] == kInfinite);
  w.targets = Tensor::from<int64_t>({1, 3});
  CHECK(std::isfinite(fast(w, {}).item()));
}

TEST_CASE("a word that cannot be written leaves the others their gradient", "[attention]") {
  for (const DType dtype : {DType::f64, DType::f32}) {
    const SharedMask mask = attend_to_blocks(2, {0, 0});
    const Tensor alpha = Tensor::from<double>({0.25, 0.75, 1.0, 0.0}, {2, 2}, dtype);
    const Tensor places = Tensor::from<double>({0.3, 0.4, 0.5, 0.6, 0.1, 0.2}, {2, 3}, dtype);
    const auto scores = [&](double last) {
      return Tensor::from<double>({0.1, 0.2, last, 1.0, 0.2, last}, {2, 3}, dtype);
    };
    const auto of = [&](const Tensor& x) {
      Tape tape;
      const Tensor y = latent_log_probabilities(x, places, alpha, mask);
      const Gradients g =
          tape.gradients(sum(narrow(y, 1, 0, 2) * Tensor::from<double>({1.0, 2.0}, {2}, dtype)), {x, places, alpha});
      return std::vector<std::vector<double>>{y.to_vector(), g[0].to_vector(), g[1].to_vector(), g[2].to_vector()};
    };
    const auto never = of(scores(-kInfinite)), hardly = of(scores(-300));
    CHECK(never[0][2] == -kInfinite);
    for (size_t part = 0; part < 4; ++part)
      for (size_t i = 0; i < never[part].size(); ++i) {
        INFO(part << " " << i);
        if (part == 0 && i % 3 == 2) continue;
        CHECK(never[part][i] == Catch::Approx(hardly[part][i]).margin(1e-6));
      }
  }
}
