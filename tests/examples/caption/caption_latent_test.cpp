// Captions whose words are written from one place: the loss by enumeration, cells of places, the search.
#include <algorithm>
#include <cmath>

#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/model/decode.h"
#include "nn/attention/show_attend_tell.h"
#include "tests/catch.hpp"
#include "tests/examples/caption/caption_model.h"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::caption;
using Catch::Approx;
using test::CaptionModel;
using test::largest_difference;

namespace {

using Numbers = std::vector<double>;
const std::vector<int64_t> pictures_told{0, 1, 0, 2};  // two captions describe one picture

ModelSettings latent_captioner(int64_t side = 3, int64_t pool = 1, AttentionKind kind = AttentionKind::latent) {
  ModelSettings settings = test::tiny_captioner();
  settings.attention = kind;
  settings.side = side;
  settings.pool = pool;
  return settings;
}

struct Work {
  CaptionModel model;
  CaptionBatch batch;
  Tensor pictures;

  explicit Work(const ModelSettings& settings, uint64_t seed = 3) : model(settings, seed) {
    Rng rng(seed);
    batch = pack_captions(test::captions_of({3, 5, 1, 2}, settings.words, rng), pictures_told);
    pictures = test::random_annotations(settings, static_cast<int64_t>(batch.pictures.size()), rng);
  }
  const ModelSettings& settings() const { return model.captioner.settings; }
};

// What the definition says, place by place: log p(v) of every word [N, V], and the posterior of the places [N, L].
struct Enumerated {
  std::vector<Numbers> log_p, posterior;
  Tensor alphas;
};

// The cell of a place, as one would count it: its row and column over the pool.
int64_t cell_of(const ModelSettings& s, int64_t place) {
  return place / s.side / s.pool * s.side + place % s.side / s.pool;  // (numbers with gaps)
}

// U times the mean of the places that are in one cell with place i.
Tensor added_by(const Captioner& model, const Tensor& picture, int64_t i) {
  const ModelSettings& s = model.settings;
  Tensor mean = Tensor::zeros({s.depth}, DType::f64);
  double members = 0;
  for (int64_t j = 0; j < s.locations(); ++j)
    if (cell_of(s, j) == cell_of(s, i)) {
      mean = mean + picture[j];
      ++members;
    }
  return matmul(model.latent.place.weight, mean * (1 / members));
}

Enumerated enumerate(const Work& work, Reading reading) {
  const Captioner& model = work.model.captioner;
  const ModelSettings& s = work.settings();
  const Encoded encoded = model.encode(work.pictures, work.batch.place);
  const Tensor vectors = model.words(work.batch.in.rows);
  std::vector<Tensor> alphas, weights;
  std::vector<int64_t> caption;  // of each word
  const Captioner::Run steps = model.run(encoded, work.batch.in, vectors, [&](const State& before, int64_t) {
    const Attended attended = model.attend(encoded, before.h, reading, nullptr);
    alphas.push_back(attended.alpha);
    weights.push_back(attended.weights);
    for (int64_t b = 0; b < before.h.size(0); ++b) caption.push_back(b);
    return attended;
  });
  const Tensor x = model.deep_output(steps.states, vectors, steps.contexts, {}), all = join_steps(weights);
  const std::vector<int64_t> said = work.batch.out.rows.to_ids();
  Enumerated found{{}, {}, join_steps(alphas)};
  for (int64_t t = 0; t < x.size(0); ++t) {
    const auto at = static_cast<size_t>(t);
    const Tensor picture = work.pictures[work.batch.place[static_cast<size_t>(caption[at])]];
    Numbers p(static_cast<size_t>(s.words), 0), joint;
    for (int64_t i = 0; i < s.locations(); ++i) {
      const Tensor logits = model.output(unsqueeze(x[t] + added_by(model, picture, i), 0));
      const Numbers given = softmax(logits, -1).to_vector();
      for (size_t v = 0; v < p.size(); ++v) p[v] += all.at({t, i}) * given[v];
      joint.push_back(all.at({t, i}) * given[static_cast<size_t>(said[at])]);
    }
    found.log_p.emplace_back();
    for (const double each : p) found.log_p.back().push_back(std::log(each));
    for (double& each : joint) each /= p[static_cast<size_t>(said[at])];
    found.posterior.push_back(joint);
  }
  return found;
}

double loss_of(const Work& work, const Enumerated& found, double smoothing) {
  const std::vector<int64_t> said = work.batch.out.rows.to_ids();
  double loss = work.settings().penalty * doubly_stochastic(work.batch.in.with(found.alphas)).item();
  for (size_t t = 0; t < said.size(); ++t) {
    loss -= (1 - smoothing) * found.log_p[t][static_cast<size_t>(said[t])];
    for (const double log_p : found.log_p[t]) loss -= smoothing * log_p / static_cast<double>(work.settings().words);
  }
  return loss;
}

// Annotations that are handed over as they are.
struct Given : Pictures {
  Tensor annotations;
  Tensor at(const std::vector<int64_t>& numbers) const override {
    return index_select(annotations, 0, Tensor::from(numbers));
  }
};

}  // namespace

TEST_CASE("the latent captioner's loss and posterior are those of the list of places", "[caption][latent]") {
  for (const int64_t pool : {1, 2, 3, 5})  // 9, 4 (of 4, 2, 2 and 1), 1 and 1 cells
    for (const auto& readout : readouts)
      for (const Reading reading : {Reading::expectation, Reading::argmax, Reading::place}) {
        ModelSettings settings = latent_captioner(3, pool);
        settings.readout = readout.make;
        settings.penalty = 0.3;
        settings.posterior_feeding = pool < 3;
        INFO("pool " << pool << ", " << readout.name << ", " << name_of(readings, reading));
        const Work work(settings);
        const Enumerated expected = enumerate(work, reading);
        const auto [log_p, looked] = work.model.captioner.score(work.batch, work.pictures, reading);
        const std::vector<int64_t> said = work.batch.out.rows.to_ids();
        for (size_t t = 0; t < said.size(); ++t) {
          CHECK(log_p.at({static_cast<int64_t>(t)}) ==
                Approx(expected.log_p[t][static_cast<size_t>(said[t])]).epsilon(1e-10));
          if (reading == Reading::expectation)
            test::check_close(looked[static_cast<int64_t>(t)].to_vector(), expected.posterior[t], 1e-12);
        }
        if (reading != Reading::expectation) {
          CHECK(largest_difference(looked, expected.alphas) == 0);
          continue;
        }
        for (const double smoothing : {0.0, 0.1})
          CHECK(work.model.captioner.loss(work.batch, work.pictures, {.label_smoothing = smoothing}).item() ==
                Approx(loss_of(work, expected, smoothing)).epsilon(1e-10));
      }
}

TEST_CASE("the control adds the expectation of what the cells add", "[caption][latent]") {
  for (const int64_t pool : {1, 2}) {
    const Work work(latent_captioner(3, pool, AttentionKind::soft_linear));
    const Captioner& model = work.model.captioner;
    const auto [log_p, alphas] = model.score(work.batch, work.pictures, Reading::expectation);
    ModelSettings plain = work.settings();
    plain.attention = AttentionKind::soft;
    Captioner soft = model;
    soft.settings = plain;
    if (pool == 1) {  // one matrix with L_z, but for the gate
      soft.gate.gate.weight = Tensor::zeros(soft.gate.gate.weight.shape(), DType::f64);
      soft.gate.gate.bias = Tensor::full(soft.gate.gate.bias.shape(), 100, DType::f64);
      Captioner control = model;
      control.gate = soft.gate;
      soft.deep_z.weight = soft.deep_z.weight + model.latent.place.weight;
      CHECK(largest_difference(control.score(work.batch, work.pictures, Reading::expectation).first,
                               soft.score(work.batch, work.pictures, Reading::expectation).first) < 1e-12);
    }
    CHECK(largest_difference(sum(alphas, {1}), Tensor::full({log_p.numel()}, 1, DType::f64)) < 1e-14);
  }
}

TEST_CASE("where places add nothing, latent attention and its control are soft attention", "[caption][latent]") {
  Numbers losses;
  for (const AttentionKind kind : {AttentionKind::soft, AttentionKind::soft_linear, AttentionKind::latent}) {
    Work work(latent_captioner(3, 1, kind));
    Tensor& u = work.model.captioner.latent.place.weight;
    if (u) u = Tensor::zeros(u.shape(), DType::f64);
    losses.push_back(work.model.captioner.loss(work.batch, work.pictures, {.label_smoothing = 0.1}).item());
  }
  CHECK(losses[1] == Approx(losses[0]).epsilon(1e-13));
  CHECK(losses[2] == Approx(losses[0]).epsilon(1e-13));
}

TEST_CASE("pooling changes nothing where the places of a cell are alike", "[caption][latent]") {
  for (const AttentionKind kind : {AttentionKind::latent, AttentionKind::soft_linear}) {
    const Work fine(latent_captioner(5, 1, kind)), pooled(latent_captioner(5, 2, kind));
    std::vector<int64_t> first;  // of each place the first one of its cell
    for (int64_t i = 0; i < 25; ++i) first.push_back(i / 5 / 2 * 2 * 5 + i % 5 / 2 * 2);
    const Tensor pictures = index_select(fine.pictures, 1, Tensor::from(first));
    const auto [log_p, looked] = fine.model.captioner.score(fine.batch, pictures, Reading::expectation);
    const auto [log_p_of_cells, spread] = pooled.model.captioner.score(fine.batch, pictures, Reading::expectation);
    CHECK(largest_difference(log_p, log_p_of_cells) < 1e-13);
    CHECK(largest_difference(looked, spread) < 1e-13);
    CHECK(fine.model.captioner.loss(fine.batch, pictures).item() ==
          Approx(pooled.model.captioner.loss(fine.batch, pictures).item()).epsilon(1e-13));
    CHECK(largest_difference(
              log_p, fine.model.captioner.score(fine.batch, fine.pictures, Reading::expectation).first) > 1e-3);
  }
}

TEST_CASE("a search's captions have the likelihood that the loss is of, and come from its posterior",
          "[caption][latent]") {
  for (const int64_t pool : {1, 2})
    for (const int64_t beam : {1, 3})
      for (const Reading reading : {Reading::expectation, Reading::argmax, Reading::place}) {
        ModelSettings settings = latent_captioner(3, pool);
        settings.posterior_feeding = beam == 3 || reading == Reading::place;
        Work work(settings, settings.posterior_feeding ? 4 : 5);
        Captioner& model = work.model.captioner;
        for (Tensor* weight : {&model.output.weight, &model.latent.place.weight, &model.deep_h.weight})
          *weight = *weight * 4;  // or all captions are alike
        for (const int64_t never : {support::Vocabulary::pad, support::Vocabulary::start})
          model.output.bias.mutable_data<double>()[never] = -30;
        Given given;
        given.annotations = work.pictures;
        const auto vocabulary = support::Vocabulary::build({{"a", "b", "c", "d", "e"}}, {1, 0});
        REQUIRE(vocabulary.size() == work.settings().words);
        ThreadPool pool_of_one(1);
        const std::vector<int64_t> numbers{2, 0, 1};
        const std::vector<Caption> captions = describe(
            model, vocabulary, given, numbers, {.beam = beam, .reading = reading, .max_length = 6}, pool_of_one);
        CHECK(std::any_of(captions.begin(), captions.end(), [](const Caption& c) { return c.words.size() > 1; }));
        for (size_t i = 0; i < numbers.size(); ++i) {
          INFO(captions[i].text);
          const support::PairBatch one = support::make_batch({{}}, {vocabulary.encode(captions[i].words)}, {0});
          const auto [log_p, looked] = model.score(pack_captions(one, {0}), given.at({numbers[i]}), reading);
          const size_t steps = captions[i].alpha.size();
          double total = 0;
          for (size_t t = 0; t < steps; ++t) {
            total += log_p.at({static_cast<int64_t>(t)});
            const Numbers row(captions[i].alpha[t].begin(), captions[i].alpha[t].end());
            test::check_close(row, looked[static_cast<int64_t>(t)].to_vector(), 1e-6);
          }
          CHECK(captions[i].log_probability == Approx(total).epsilon(1e-10));
        }
      }
}
