// A captioner so small that all paths of places can be listed: 4 places, 3 words, 64 paths. So what an
// estimator of hard attention estimates is known exactly: the gradient of the bound of eq. (10) (Xu et al.
// 2015, section 4.1).
#pragma once

#include <cmath>
#include <span>

#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/model/hard_captions.h"
#include "nn/losses/cross_entropy.h"
#include "tests/examples/caption/caption_model.h"

namespace heed::test {

using namespace heed::caption;
using Vector = std::vector<double>;
using Path = std::vector<int64_t>;

constexpr int64_t steps = 3, places = 4;

inline std::vector<Path> all_paths() {
  std::vector<Path> paths;
  for (int64_t n = 0; n < places * places * places; ++n)
    paths.push_back({n % places, n / places % places, n / places / places});
  return paths;
}

struct Tiny {
  CaptionModel model;
  CaptionBatch batch;
  Tensor pictures;

  // The larger the sharpness, the nearer alpha is to one place.
  explicit Tiny(double sharpness = 4) : model(settings(), 11) {
    Rng rng(12);
    batch = pack_captions(captions_of({steps - 1}, model.captioner.settings.words, rng), {0});
    pictures = random_annotations(model.captioner.settings, 1, rng);
    for (double* v = model.captioner.attention.score.v.mutable_data<double>(); double& x : std::span(v, 4))
      x *= sharpness;
  }
  static ModelSettings settings() {
    ModelSettings s = tiny_captioner();
    s.attention = AttentionKind::hard;
    s.learned_baseline = true;
    return s;
  }
  // The numbers of the parameters in which a gradient is compared: all but those of the learned baseline.
  Vector compared(const Gradients& gradients) const {
    Vector values;
    for (size_t i = 0; i < model.parameters.size(); ++i) {
      if (model.parameters.name(i).starts_with("baseline")) continue;
      const Vector part = gradients[i].to_vector();
      values.insert(values.end(), part.begin(), part.end());
    }
    return values;
  }
};

// log p(s | a) and log p(y | s, a) of one path, from the model's parts and nothing of the estimators.
inline std::array<Tensor, 2> follow(const Tiny& tiny, const Path& path) {
  const Captioner& model = tiny.model.captioner;
  const Encoded encoded = model.encode(tiny.pictures, {0});
  const Tensor vectors = model.words(tiny.batch.in.rows);
  Tensor log_pi = Tensor::scalar(0, DType::f64);
  size_t step = 0;
  const Captioner::Run run = model.run(encoded, tiny.batch.in, vectors, [&](const State& before, int64_t) {
    const Tensor scores = model.attention.score(before.h, encoded.memory.keys, encoded.memory.mask);
    const Tensor place = Tensor::from(Path{path[step++]});
    log_pi = log_pi + sum(index_select(log_softmax(scores), 1, place));
    return Attended{.context = index_select(encoded.memory.annotations, 0, place)};
  });
  const Tensor logits = model.readout(run.states, vectors, run.contexts, {});
  return {log_pi, sum(log_probability(logits, tiny.batch.out.rows))};
}

inline double distance(const Vector& a, const Vector& b) {
  double square = 0;
  for (size_t i = 0; i < a.size(); ++i) square += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(square);
}
inline double length(const Vector& a) { return distance(a, Vector(a.size())); }

// Eq. (10): sum over all paths of p(s) log p(y | s).
inline Tensor bound(const Tiny& tiny) {
  Tensor total = Tensor::scalar(0, DType::f64);
  for (const Path& path : all_paths()) {
    const auto [log_pi, log_p] = follow(tiny, path);
    total = total + exp(log_pi) * log_p;
  }
  return total;
}

inline Vector bound_gradient(const Tiny& tiny) {
  Tape tape;
  return tiny.compared(tape.gradients(bound(tiny), tiny.model.parameters));
}

inline HardOptions options_of(const std::string& estimator, Reward reward = Reward::sum) {
  HardOptions options;
  options.estimator = choose(estimators, "estimator", estimator).make;
  options.expectation = Expectation::none;
  options.reward = reward;
  return options;
}

// Draws the places of one path.
inline HardDraw draw_path(const Path& path) {
  HardDraw draw;
  draw.reading = [path, step = size_t{0}](const Tensor& alpha, const Tensor& expected) mutable {
    const Tensor place = to(one_hot(Tensor::from(Path{path[step++]}), places), alpha.dtype());
    return expected ? alpha : place;
  };
  return draw;
}

// The estimate (the ascent direction) that the draws give.
inline Vector estimate_by(const Tiny& tiny, const HardOptions& options, const HardDraw& draw, double b) {
  Tape tape;
  const HardLoss loss = hard_loss(tiny.model.captioner, tiny.batch, tiny.pictures, options, draw, {b, b});
  return tiny.compared(tape.gradients(-loss.loss, tiny.model.parameters));
}

// That of a path.
inline Vector estimate_of(const Tiny& tiny, const HardOptions& options, const Path& path, double b,
                          bool expected = false) {
  HardDraw draw = draw_path(path);
  if (expected) draw.expected = {true};
  return estimate_by(tiny, options, draw, b);
}

}  // namespace heed::test
