// The whole captioner with soft and latent attention and without: its gradient, its packing, its threads.
#include "examples/caption/model/captioner.h"

#include "autograd/check/gradcheck.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/model/search.h"
#include "optim/gradient_descent.h"
#include "optim/shards.h"
#include "tests/catch.hpp"
#include "tests/examples/caption/caption_model.h"

using namespace heed;
using namespace heed::caption;
using test::CaptionModel;

namespace {

const std::vector<int64_t> picture_of{0, 1, 0, 2};  // two captions describe one picture

void check_gradient(const ModelSettings& settings, const LossOptions& with, uint64_t seed) {
  CaptionModel model(settings, seed);
  Rng rng(seed);
  const CaptionBatch batch = pack_captions(test::captions_of({3, 5, 1, 2}, settings.words, rng), picture_of);
  const auto count = static_cast<int64_t>(batch.pictures.size());
  const Tensor pictures = settings.encoder == Encoder::small
                              ? rng.uniform({count, 3, settings.picture, settings.picture}, -1, 1, DType::f64)
                              : abs(test::random_annotations(settings, count, rng));
  const auto loss = [&] {
    Rng same(7);
    LossOptions options = with;
    if (with.dropout) options.dropout = &same;
    return model.captioner.loss(batch, pictures, options);
  };
  // A short step where there are kinks (ReLU), which a long one would step over.
  const bool kinks = settings.encoder == Encoder::small || settings.initial_layers > 1;
  const GradcheckReport report =
      gradcheck_model("captioner", loss, model.parameters, {.step = kinks ? 1.0 / (1 << 15) : 1.0 / 1024});
  INFO(report.text());
  CHECK(report.passed());
}

}  // namespace

TEST_CASE("the gradient of the soft captioner equals its finite differences, with every option", "[caption]") {
  for (const auto attention :
       {AttentionKind::soft, AttentionKind::soft_linear, AttentionKind::latent, AttentionKind::none})
    for (const auto& readout : readouts)
      for (const auto& gate : gates)
        for (const int64_t layers : {1, 2}) {
          ModelSettings settings = test::tiny_captioner();
          settings.attention = attention;
          settings.readout = readout.make;
          settings.gate = gate.make;
          settings.initial_layers = settings.key_layers = layers;
          if (settings.writes_from_places()) settings.pool = layers;
          settings.posterior_feeding = attention == AttentionKind::latent && gate.make != Gate::none;
          INFO(name_of(attention_kinds, attention) << " " << readout.name << " " << gate.name << " " << layers);
          check_gradient(settings, {.label_smoothing = 0.1}, 3);
        }
  for (const auto& form : annotation_forms) {
    ModelSettings settings = test::tiny_captioner();
    settings.annotations = form.make;
    INFO(form.name);
    check_gradient(settings, {}, 6);
  }
  Rng any;
  ModelSettings settings = test::tiny_captioner();
  settings.penalty = 0.3;
  settings.dropout_annotation = settings.dropout_embedding = 0.3;
  settings.dropout_state = settings.dropout_readout = settings.latent_dropout = 0.4;
  for (const auto attention : {AttentionKind::soft, AttentionKind::soft_linear, AttentionKind::latent}) {
    settings.attention = attention;
    check_gradient(settings, {.label_smoothing = 0, .dropout = &any}, 4);
  }
}

TEST_CASE("the gradient reaches an encoder that is trained along", "[caption]") {
  ModelSettings settings = test::tiny_captioner();
  settings.encoder = Encoder::small;
  settings.picture = 16;
  settings.depth = 4;
  check_gradient(settings, {}, 5);
}

TEST_CASE("a caption has the same loss and gradient alone and in a batch with others", "[caption]") {
  for (const auto attention :
       {AttentionKind::soft, AttentionKind::soft_linear, AttentionKind::latent, AttentionKind::none}) {
    ModelSettings settings = test::tiny_captioner();
    settings.attention = attention;
    CaptionModel model(settings, 6);
    Rng rng(7);
    const support::PairBatch batch = test::captions_of({3, 5, 1, 2}, settings.words, rng);
    const Tensor all_pictures = test::random_annotations(settings, 3, rng);
    // Apart each caption has a copy of its picture.
    const Tensor copies = index_select(all_pictures, 0, Tensor::from(picture_of));
    const auto gradient = [&](int shard, int shards) {
      const CaptionBatch part =
          pack_captions(batch, shards == 1 ? picture_of : std::vector<int64_t>{0, 1, 2, 3}, shard, shards);
      CHECK(part.pictures.size() == (shards == 1 ? 3 : 1));
      Tape tape;
      const Tensor pictures = index_select(shards == 1 ? all_pictures : copies, 0, Tensor::from(part.pictures));
      const Tensor loss = model.captioner.loss(part, pictures);
      return std::pair(loss.item(), tape.gradients(loss, model.parameters).flat().to_vector());
    };
    const auto [together, all] = gradient(0, 1);
    double apart = 0;
    std::vector<double> sum(all.size());
    for (int shard = 0; shard < 4; ++shard) {
      const auto [loss, part] = gradient(shard, 4);
      apart += loss;
      for (size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
    }
    CHECK(std::abs(together - apart) <= 1e-12 * std::abs(together));
    for (size_t i = 0; i < sum.size(); ++i) REQUIRE(std::abs(sum[i] - all[i]) <= 1e-11);
  }
}

TEST_CASE("word by word a captioner says what it was scored for", "[caption]") {
  for (const auto& [attention, reading] : {std::pair{AttentionKind::soft, Reading::expectation},
                                           {AttentionKind::soft, Reading::argmax},
                                           {AttentionKind::soft_linear, Reading::expectation},
                                           {AttentionKind::soft_linear, Reading::argmax},
                                           {AttentionKind::latent, Reading::expectation},
                                           {AttentionKind::latent, Reading::argmax},
                                           {AttentionKind::latent, Reading::place}}) {
    ModelSettings settings = test::tiny_captioner();
    settings.attention = attention;
    CaptionModel model(settings, 8);
    Rng rng(9);
    const CaptionBatch batch = pack_captions(test::captions_of({4}, settings.words, rng), {0});
    const Tensor pictures = test::random_annotations(settings, 1, rng);
    const auto [log_p, alpha] = model.captioner.score(batch, pictures, reading);
    const Encoded encoded = model.captioner.prepare(pictures, {0});
    CaptionState state{encoded.start};
    for (int64_t t = 0; t < log_p.numel(); ++t) {
      const Tensor said = Tensor::from(std::vector<int64_t>{batch.in.rows.to_ids()[static_cast<size_t>(t)]});
      const CaptionStep step = model.captioner.step(encoded, state, said, reading);
      const Tensor all = step.logits - logsumexp(step.logits);
      CHECK(all.at({0, batch.out.rows.to_ids()[static_cast<size_t>(t)]}) ==
            Catch::Approx(log_p.at({t})).epsilon(1e-12));
      const bool posterior = attention == AttentionKind::latent && reading == Reading::expectation;
      for (int64_t i = 0; !posterior && i < settings.locations(); ++i)
        CHECK(step.attended.alpha.at({0, i}) == Catch::Approx(alpha.at({t, i})).epsilon(1e-12));
      if (reading == Reading::argmax) {
        const std::vector<double> chosen = step.attended.weights.to_vector(),
                                  weights = step.attended.alpha.to_vector();
        const auto place = static_cast<size_t>(std::find(chosen.begin(), chosen.end(), 1.0) - chosen.begin());
        CHECK(weights.at(place) == *std::max_element(weights.begin(), weights.end()));
      }
      state = step.next;
    }
  }
}

TEST_CASE("a row of a caption's search goes on as if it were alone, wherever it stands", "[caption]") {
  for (const auto& [attention, feeding] : {std::pair{AttentionKind::soft, false},
                                           {AttentionKind::none, false},
                                           {AttentionKind::latent, false},
                                           {AttentionKind::latent, true}}) {
    ModelSettings settings = test::tiny_captioner();
    settings.attention = attention;
    settings.posterior_feeding = feeding;
    const CaptionModel model(settings, 8);
    Rng rng(9);
    const Tensor pictures = test::random_annotations(settings, 3, rng);
    Search many(model.captioner, pictures, {0, 1, 2}), last(model.captioner, narrow(pictures, 0, 2, 1), {0});
    many.step({1, 1, 1});
    last.step({1});
    many.select({2, 0, 2});
    const Tensor together = many.step({5, 6, 5}), alone = last.step({5});
    for (const int64_t row : {0, 2}) CHECK(test::largest_difference(together[row], alone[0]) <= 1e-12);
    CHECK(test::largest_difference(together[1], alone[0]) > 1e-6);
    if (attention != AttentionKind::none)
      CHECK(test::largest_difference(densify(many.alpha())[0], densify(last.alpha())[0]) <= 1e-12);
  }
}

TEST_CASE("one and two threads train captions to the same bits", "[caption]") {
  const auto train = [](int threads) {
    const ModelSettings settings = test::tiny_captioner();
    Rng rng(5);
    Captioner captioner(settings, rng);
    Parameters parameters(captioner);
    ThreadPool pool(threads);
    Shards shards(pool, parameters, 2);
    Adam adam(parameters, 0.01);
    const support::PairBatch batch = test::captions_of({3, 5, 1, 2}, settings.words, rng);
    const Tensor all_pictures = rng.uniform({3, settings.locations(), settings.depth}, 0, 1);
    for (uint64_t step = 0; step < 5; ++step)
      adam.step(shards
                    .gradients([&](int shard) {
                      Rng mine = Rng(step).split(static_cast<uint64_t>(shard));
                      const CaptionBatch part = pack_captions(batch, picture_of, shard, 2);
                      return captioner.loss(part, index_select(all_pictures, 0, Tensor::from(part.pictures)),
                                            {.label_smoothing = 0, .dropout = &mine});
                    })
                    .gradients);
    return parameters.flat().to_vector();
  };
  CHECK(train(1) == train(2));
}

TEST_CASE("a captioner says which setting or picture is wrong", "[caption]") {
  Rng rng(1);
  ModelSettings settings = test::tiny_captioner();
  settings.encoder = Encoder::small;
  settings.annotations = AnnotationForm::root;
  CHECK_THROWS_WITH(Captioner(settings, rng), Catch::Matchers::ContainsSubstring("may be negative"));
  settings = test::tiny_captioner();
  settings.words = 4;
  CHECK_THROWS_WITH(Captioner(settings, rng), Catch::Matchers::ContainsSubstring("--min-count"));
  const CaptionModel model(test::tiny_captioner(), 1);
  CHECK_THROWS_WITH(model.captioner.attend(model.captioner.encode(Tensor::zeros({1, 4, 3}, DType::f64), {0}),
                                           Tensor::zeros({1, 6}, DType::f64), Reading::place, nullptr),
                    Catch::Matchers::ContainsSubstring("soft attention are not written from places"));
  CHECK_THROWS_WITH(model.captioner.encode(Tensor::zeros({1, 9, 3}, DType::f64), {0}),
                    Catch::Matchers::ContainsSubstring("[n, 4, 3]"));
}
