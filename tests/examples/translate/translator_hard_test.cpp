// Hard attention of translators: what a rollout gives to the estimators (whose own tests are the captioner's), and
// latent attention, where the sum over places is exact.
#include "examples/translate/model/hard_translations.h"

#include "autograd/ops/extrema.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/support/hard/listed_paths.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

namespace heed::translate {
namespace {

using Catch::Approx;
using heed::test::largest_difference;

ModelSettings small(Order order, Variant variant = Variant::groundhog) {
  ModelSettings s;
  s.attention = AttentionKind::hard;
  s.order = order;
  s.variant = variant;
  s.feed = order == Order::luong;
  s.embedding = 4;
  s.hidden = 6;
  s.encoder_hidden = 3;
  s.alignment = 4;
  s.readout = 5;
  s.source_words = s.target_words = 9;
  s.learned_baseline = true;
  return s;
}

std::vector<ModelSettings> kinds() {
  std::vector<ModelSettings> all{small(Order::luong)};
  for (const auto& variant : variants) all.push_back(small(Order::bahdanau, variant.make));
  all.push_back(small(Order::luong));
  all.back().window = "local-p";
  all.back().window_width = 1;
  return all;
}

Batch batch_of(const std::vector<support::Ids>& sources, const std::vector<support::Ids>& targets) {
  std::vector<size_t> index(sources.size());
  for (size_t i = 0; i < index.size(); ++i) index[i] = i;
  return pack_batch(support::make_batch(sources, targets, index));
}

Translator model_of(const ModelSettings& settings) {
  Rng rng(3);
  Translator model(settings, rng);
  convert(model, DType::f64);
  return model;
}

support::Rollout::Weigh always(int64_t place) {
  return [place](const Tensor& scores) {
    const Tensor at = Tensor::full({scores.size(0)}, static_cast<double>(place), DType::i64);
    return to(one_hot(at, scores.size(1)), scores.dtype());
  };
}

}  // namespace

TEST_CASE("a rollout that reads by expectation scores as the model does", "[hard]") {
  for (const ModelSettings& settings : kinds()) {
    if (settings.window != "global") continue;  // a Gaussian's weights do not add up to 1
    const Translator model = model_of(settings);
    const Batch batch = batch_of({{4, 5, 6}, {7}}, {{5, 6}, {4, 7, 8}});
    const LossOptions plain;
    TranslationRollout roll(model, batch, plain);
    roll.run([](const Tensor& scores) { return softmax(scores); });
    CHECK(largest_difference(roll.log_p(), model.score(batch).first) <= 1e-13);
    CHECK(largest_difference(roll.log_p_by_expectation(nullptr), model.score(batch).first) <= 1e-13);
    CHECK(largest_difference(roll.weights, model.score(batch).second) <= 1e-13);
  }
}

TEST_CASE("what is computed at every place is what each place gives by itself", "[hard]") {
  for (const ModelSettings& settings : kinds()) {
    INFO(name_of(orders, settings.order) << " " << name_of(variants, settings.variant) << " " << settings.window);
    const Translator model = model_of(settings);
    const Batch batch = batch_of({{4, 5}}, {{6}});
    const LossOptions plain;
    TranslationRollout roll(model, batch, plain);
    const auto every_place = [](const Tensor& scores) {
      return Tensor::zeros(scores.shape(), DType::i64) + Tensor::arange(scores.size(1));
    };
    const Tensor each = roll.run_at_places(always(0), every_place);  // the word after is read from place 0
    const Tensor alpha = softmax(roll.scores), expected = sum(alpha * each, {1});
    double first = 0, second = 0;
    for (int64_t place = 0; place < roll.scores.size(1); ++place) {
      if (alpha.at({0, place}) > 0) {
        roll.run(always(place));
        first += alpha.at({0, place}) * roll.log_p().at({0});
      }
      int step = 0;
      roll.run([&](const Tensor& scores) { return always(step++ == 0 ? 0 : place)(scores); });
      if (alpha.at({1, place}) > 0) second += alpha.at({1, place}) * roll.log_p().at({1});
    }
    CHECK(expected.at({0}) == Approx(first).epsilon(1e-12));
    CHECK(expected.at({1}) == Approx(second).epsilon(1e-12));
  }
}

TEST_CASE("the exact estimator of sentences of one word has the gradient of the listed places", "[hard]") {
  for (const ModelSettings& settings : kinds()) {
    Translator model = model_of(settings);
    Parameters parameters(model);
    Batch batch = batch_of({{4, 5}}, {{}});  // </s> alone
    support::HardOptions options;
    options.estimator = choose(support::estimators, "estimator", "exact").make;
    options.expectation = support::Expectation::none;
    Rng rng(1);
    const support::HardDraw draw = support::draw_hard(options, 1, {0}, false, rng);
    const auto gradient = [&](const std::function<Tensor()>& loss) {
      Tape tape;
      return tape.gradients(loss(), parameters).flat().to_vector();
    };
    const std::vector<double> estimated = gradient([&] { return hard_loss(model, batch, options, draw, {}).loss; });
    const std::vector<double> listed = gradient([&] {
      const LossOptions plain;
      Tensor total = Tensor::scalar(0, DType::f64);
      TranslationRollout soft(model, batch, plain);
      soft.run([](const Tensor& scores) { return softmax(scores); });
      for (int64_t place = 0; place < soft.scores.size(1); ++place) {
        TranslationRollout one(model, batch, plain);
        one.run(always(place));
        total = total - softmax(soft.scores)[0][place] * one.log_p()[0];
      }
      return total;
    });
    double largest = 0;
    for (size_t i = 0; i < listed.size(); ++i) {
      if (estimated[i] == 0 || listed[i] == 0) continue;  // the network of the learned baseline has its own loss
      largest = std::max(largest, std::abs(estimated[i] - listed[i]));
    }
    CHECK(largest <= 1e-12);
  }
}

// The shorter sentence has fewer places than are computed, and the longer one all but one.
TEST_CASE("top-k of sentences of different lengths counts each place once", "[hard]") {
  Translator model = model_of(small(Order::bahdanau));
  const Parameters all(model), parameters = all.without("baseline*");
  const Batch batch = batch_of({{4, 5, 6, 7}, {8}}, {{5, 6}, {7}});
  const auto gradient = [&](const char* name, int64_t calls_a_step) {
    support::HardOptions options;
    options.estimator = choose(support::estimators, "estimator", name).make;
    options.top = 4;  // of five places and of two, </s> among them
    support::HardDraw draw;
    draw.reading = [&, call = int64_t{0}](const Tensor& weights, const Tensor&) mutable {
      const bool of_path = ++call % calls_a_step == 0;
      const Tensor place = of_path ? Tensor::full({weights.size(0)}, 1, DType::i64) : argmax(weights, 1);
      return to(one_hot(place, weights.size(1)), weights.dtype());
    };
    Tape tape;
    return tape.gradients(hard_loss(model, batch, options, draw, {}).loss, parameters).flat();
  };
  CHECK(largest_difference(gradient("top-k", 2), gradient("exact", 1)) <= 1e-12);
}

TEST_CASE("the mean of estimators that compare draws, over all pairs of paths, is the gradient of their bounds",
          "[hard]") {
  constexpr int64_t places = 3, steps = 2, paths = 9;  // two words and </s>, one and </s>
  Translator model = model_of(small(Order::bahdanau));
  const Parameters all(model), parameters = all.without("baseline*");
  const auto pair = support::make_batch({{4, 5}}, {{6}}, {0});
  const LossOptions plain;
  const auto gradient = [&](const std::function<Tensor()>& loss) {
    Tape tape;
    return tape.gradients(loss(), parameters).flat().to_vector();
  };
  std::vector<double> log_pi;
  // Of the means over draws of one: eq. (10); of two: log (p(y | s) + p(y | s')) / 2.
  const auto listed = [&](bool of_two) {
    return gradient([&] {
      const Batch each = pack_batch(pair, 0, 1, paths);
      TranslationRollout roll(model, each, plain);
      const support::ListedPaths list = support::list_paths(roll, places, steps);
      log_pi = list.log_pi.to_vector();
      if (!of_two) return -list.bound();
      const auto table = [](const Tensor& x, auto combine) { return combine(unsqueeze(x, 0), unsqueeze(x, 1)); };
      const Tensor both = table(exp(list.log_pi), [](const Tensor& a, const Tensor& b) { return a * b; });
      return -sum(both * log(table(exp(list.log_p), [](const Tensor& a, const Tensor& b) { return (a + b) * 0.5; })));
    });
  };
  for (const char* name : {"leave-one-out", "vimco"}) {
    INFO(name);
    const std::vector<double> exact = listed(std::string(name) == "vimco");
    support::HardOptions options;
    options.estimator = choose(support::estimators, "estimator", name).make;
    options.samples = 1;
    CHECK_THROWS_WITH(options.check(), Catch::Matchers::ContainsSubstring("--samples 4"));
    options.samples = 2;
    const Batch batch = pack_batch(pair, 0, 1, 2);
    std::vector<double> mean(exact.size());
    for (int64_t n = 0; n < paths * paths; ++n) {
      support::HardDraw draw;
      draw.reading = [n, weight = int64_t{1}](const Tensor& alpha, const Tensor&) mutable {
        const std::vector<int64_t> at{n % paths / weight % places, n / paths / weight % places};
        weight *= places;
        return to(one_hot(Tensor::from(at), places), alpha.dtype());
      };
      const std::vector<double> g = gradient([&] { return hard_loss(model, batch, options, draw, {}).loss; });
      const double p = std::exp(log_pi[static_cast<size_t>(n % paths)] + log_pi[static_cast<size_t>(n / paths)]);
      for (size_t i = 0; i < g.size(); ++i) mean[i] += p * g[i];
    }
    double largest = 0;
    for (size_t i = 0; i < mean.size(); ++i) largest = std::max(largest, std::abs(mean[i] - exact[i]));
    CHECK(largest <= 1e-12);
  }
}

TEST_CASE("latent attention is the sum over its places", "[hard][latent]") {
  for (const Order order : {Order::bahdanau, Order::luong}) {
    ModelSettings settings = small(order);
    settings.attention = AttentionKind::latent;
    const Translator model = model_of(settings);
    const Batch batch = batch_of({{4, 5, 6}}, {{5, 6}});
    const auto [log_p, posterior] = model.score(batch);
    const Encoded encoded = model.encode(batch);
    const DecodedBatch decoded = model.run(encoded, batch, model.inputs({.alphas = true}));
    const Tensor places = model.latent.place(encoded.memory.annotations);
    const std::vector<int64_t> words = batch.target_out.rows.to_ids();
    for (int64_t t = 0; t < log_p.numel(); ++t) {
      std::vector<double> joint;
      double total = 0;
      for (int64_t j = 0; j < 4; ++j) {
        const Tensor logits = model.output(unsqueeze(decoded.units[t] + places[j], 0));
        joint.push_back(decoded.alphas.at({t, j}) * softmax(logits).at({0, words[static_cast<size_t>(t)]}));
        total += joint.back();
      }
      CHECK(log_p.at({t}) == Approx(std::log(total)).epsilon(1e-12));
      for (int64_t j = 0; j < 4; ++j)
        CHECK(posterior.at({t, j}) == Approx(joint[static_cast<size_t>(j)] / total).epsilon(1e-10));
    }
  }
}

void check_words_from_one_place(AttentionKind kind, support::Reading reading) {
  for (ModelSettings settings : kinds()) {
    settings.attention = kind;
    const Translator model = model_of(settings);
    const Batch batch = batch_of({{4, 5, 6}}, {{5, 6}});
    const Tensor log_p = model.score(batch, reading).first;
    Encoded encoded = model.encode(batch);
    encoded.reading = reading;
    const DecodedBatch decoded = model.run(encoded, batch, model.inputs({.alphas = true}));
    const Tensor places = model.latent.place(encoded.memory.annotations);
    Prepared prepared = model.prepare(batch, reading);
    DecoderState state{prepared.encoded.start, {}, 0};
    for (int64_t t = 0; t < log_p.numel(); ++t) {
      const std::vector<double> read = decoded.alphas[t].to_vector();
      const auto place = std::max_element(read.begin(), read.end()) - read.begin();
      CHECK(read[static_cast<size_t>(place)] == 1);
      const int64_t word = batch.target_out.rows.to_ids()[static_cast<size_t>(t)];
      const Tensor logits = model.output(unsqueeze(decoded.units[t] + places[place], 0));
      CHECK(log_p.at({t}) == Approx(log_softmax(logits).at({0, word})).epsilon(1e-12));
      const DecoderStep step = model.step(prepared, state, narrow(batch.target_in.rows, 0, t, 1));
      CHECK(log_softmax(step.logits).at({0, word}) == Approx(log_p.at({t})).epsilon(1e-12));
      const std::vector<double> alpha = step.alpha.to_vector();  // what is shown stays attention's
      CHECK(alpha[static_cast<size_t>(place)] == *std::max_element(alpha.begin(), alpha.end()));
      CHECK(alpha[static_cast<size_t>(place)] < 1);
      state = step.next;
    }
  }
}

TEST_CASE("a word of latent attention and of its control that is read by one place is written from it",
          "[hard][latent]") {
  for (const AttentionKind kind : {AttentionKind::latent, AttentionKind::soft_linear})
    for (const auto reading : {support::Reading::argmax, support::Reading::place})
      check_words_from_one_place(kind, reading);
  CHECK_THROWS_WITH(model_of(small(Order::luong)).score(batch_of({{4}}, {{5}}), support::Reading::place),
                    Catch::Matchers::ContainsSubstring("hard attention are not written from places"));
}

TEST_CASE("read by the word's place, the state of latent attention sees all places", "[hard][latent]") {
  for (ModelSettings settings : kinds()) {
    settings.attention = AttentionKind::latent;
    const Translator model = model_of(settings);
    const Batch batch = batch_of({{4, 5, 6}}, {{5, 6}});
    const auto units = [&](support::Reading reading) {
      Encoded encoded = model.encode(batch);
      encoded.reading = reading;
      return model.run(encoded, batch, model.inputs({})).units;
    };
    CHECK(largest_difference(units(support::Reading::place), units(support::Reading::expectation)) == 0);
    CHECK(largest_difference(units(support::Reading::argmax), units(support::Reading::expectation)) > 1e-4);
  }
}

}  // namespace heed::translate
