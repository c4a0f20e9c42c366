// The whole RNNsearch: its gradient, its padding, its threads.
#include "examples/translate/model/translator.h"

#include "autograd/check/gradcheck.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/support/text/beam_search.h"
#include "optim/gradient_descent.h"
#include "optim/shards.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::translate;
using heed::test::largest_difference;

namespace {

ModelSettings tiny() {
  ModelSettings s;
  s.embedding = 5;
  s.hidden = 7;
  s.encoder_hidden = 4;
  s.alignment = 6;
  s.readout = 5;
  s.source_words = 11;
  s.target_words = 13;
  return s;
}

support::PairBatch pairs(Rng& rng, const std::vector<std::pair<int, int>>& lengths) {
  std::vector<support::Ids> sources, targets;
  std::vector<size_t> index;
  for (auto [source, target] : lengths) {
    index.push_back(index.size());
    sources.emplace_back();
    targets.emplace_back();
    for (int i = 0; i < source; ++i) sources.back().push_back(4 + rng.below(7));
    for (int i = 0; i < target; ++i) targets.back().push_back(4 + rng.below(9));
  }
  return support::make_batch(sources, targets, index);
}

// Luong's order: every score and window, layers, input feeding, encoders of both kinds, a turned source, no attention.
std::vector<ModelSettings> luong_settings() {
  ModelSettings forward = tiny();
  forward.order = Order::luong;
  forward.cell = "lstm";
  forward.bidirectional = false;
  forward.hidden = forward.encoder_hidden = 6;
  forward.window_width = 2;
  std::vector<ModelSettings> all;
  for (const ScoreChoice& score : attention_scores)
    for (const WindowChoice& window : attention_windows) {
      all.push_back(forward);
      all.back().score = score.name;
      all.back().window = window.name;
      all.back().feed = all.size() % 2 == 0;
      all.back().layers = 1 + static_cast<int64_t>(all.size() % 3);
      all.back().reverse_source = all.size() % 4 == 0;
    }
  all.push_back(forward);
  all.back().bidirectional = true;
  all.back().encoder_hidden = 3;
  all.back().layers = 2;
  for (const bool feed : {false, true}) {
    all.push_back(forward);
    all.back().model = ModelKind::fixed;
    all.back().feed = feed;
    all.back().cell = feed ? "gru" : "lstm";
  }
  return all;
}

// Words from one place, and their control, in both orders.
std::vector<ModelSettings> latent_settings() {
  std::vector<ModelSettings> all;
  for (const AttentionKind kind : {AttentionKind::latent, AttentionKind::soft_linear}) {
    all.push_back(tiny());
    all.push_back(luong_settings().front());
    all.back().window = "local-p";
    all.push_back(tiny());
    all.back().output_rank = 3;
    all.back().window = "local-m";
    all.back().window_width = 1;
    for (size_t i = all.size() - 3; i < all.size(); ++i) all[i].attention = kind;
  }
  std::vector<ModelSettings> feeding{luong_settings()[0], luong_settings()[1]};  // without and with h~ fed, too
  for (const auto& variant : heed::translate::variants) {
    feeding.push_back(tiny());
    feeding.back().variant = variant.make;
    feeding.back().cell = variant.make == Variant::paper ? "lstm" : "gru";
  }
  for (ModelSettings& each : feeding) {
    each.attention = AttentionKind::latent;
    each.posterior_feeding = true;
    all.push_back(each);
  }
  return all;
}

// Every cell, context, variant and kind of attention.
std::vector<ModelSettings> all_settings() {
  std::vector<ModelSettings> all;
  for (const CellChoice& cell : recurrent_cells)
    for (const auto& model : model_kinds)
      for (const auto& variant : heed::translate::variants) {
        all.push_back(tiny());
        all.back().cell = cell.name;
        all.back().model = model.make;
        all.back().variant = variant.make;
      }
  for (const char* score : {"general", "concat", "location"}) {
    all.push_back(tiny());
    all.back().score = score;
    all.back().window = score == std::string("concat") ? "local-p" : "local-m";
    all.back().window_width = 2;
  }
  for (const auto& variant : heed::translate::variants) {
    all.push_back(tiny());
    all.back().variant = variant.make;
    all.back().readout_unit = ReadoutUnit::tanh;
  }
  all.push_back(tiny());
  all.back().tied = true;
  for (const std::vector<ModelSettings>& more : {luong_settings(), latent_settings()})
    all.insert(all.end(), more.begin(), more.end());
  all.push_back(tiny());
  all.back().output_rank = 3;
  for (const auto& variant : heed::translate::variants) {
    all.push_back(tiny());
    all.back().variant = variant.make;
    all.back().layers = 2;
    all.back().cell = "lstm";
    all.back().bidirectional = variant.make != Variant::main_text;
    all.back().reverse_source = true;
  }
  return all;
}

std::string described(const ModelSettings& s) {
  return s.cell + " " + name_of(model_kinds, s.model) + " " + name_of(variants, s.variant) + " " + s.score + " " +
         s.window + " " + name_of(orders, s.order) + fmt::format(" {} layers", s.layers) + " " +
         name_of(attention_kinds, s.attention) + (s.feed ? " feed" : "") + (s.posterior_feeding ? " posterior" : "") +
         " " + name_of(readout_units, s.readout_unit) + (s.bidirectional ? "" : " forward") +
         (s.reverse_source ? " reversed" : "");
}

struct Model {
  Translator translator;
  Parameters parameters;
  Model(const ModelSettings& settings, uint64_t seed) {
    Rng rng(seed);
    translator = Translator(settings, rng);
    convert(translator, DType::f64);
    parameters = Parameters(translator);
  }
};

}  // namespace

TEST_CASE("the gradient of every translator equals its finite differences") {
  const std::vector<ModelSettings> all = all_settings();
  for (size_t i = 0; i < all.size(); ++i) {
    Model model(all[i], 10 + i);
    Rng rng(i);
    const Batch batch = pack_batch(pairs(rng, {{3, 4}, {6, 2}, {1, 5}}));
    const auto loss = [&] { return model.translator.loss(batch, {.label_smoothing = 0.1}); };
    // A short step: maxout has kinks, which a long one would step over.
    const GradcheckReport report = gradcheck_model("translator", loss, model.parameters, {.step = 1.0 / (1 << 15)});
    INFO(described(all[i]));
    INFO(report.text());
    CHECK(report.passed());
  }
}

TEST_CASE("a sentence has the same loss and gradient alone and in a batch with longer ones") {
  std::vector<ModelSettings> some{tiny(), tiny(), luong_settings()[7], luong_settings().back()};
  some[1].model = ModelKind::fixed;
  for (const ModelSettings& settings : some) {
    INFO(described(settings));
    Model model(settings, 3);
    Rng rng(4);
    const support::PairBatch batch = pairs(rng, {{2, 3}, {9, 8}, {5, 1}, {1, 6}});
    const auto gradient = [&](int shard, int shards) {
      Tape tape;
      const Tensor loss = model.translator.loss(pack_batch(batch, shard, shards));
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
    for (size_t i = 0; i < sum.size(); ++i) REQUIRE(std::abs(sum[i] - all[i]) <= 1e-12);
  }
}

TEST_CASE("one and two threads train to the same bits") {
  const auto train = [](int threads) {
    Rng rng(5);
    Translator translator(tiny(), rng);
    Parameters parameters(translator);
    ThreadPool pool(threads);
    Shards shards(pool, parameters, 2);
    Adam adam(parameters, 0.01);
    adam.threads = &pool;
    Rng words(6);
    for (int step = 0; step < 5; ++step) {
      const support::PairBatch batch = pairs(words, {{3, 4}, {7, 2}, {4, 5}, {2, 2}, {5, 6}});
      adam.step(shards
                    .gradients([&](int k) {
                      Rng mine = Rng(7).split(static_cast<uint64_t>(step)).split(static_cast<uint64_t>(k));
                      return translator.loss(pack_batch(batch, k, 2), {0.1, &mine}) * 0.05;
                    })
                    .gradients);
    }
    return parameters.flat().to_vector();
  };
  CHECK(train(1) == train(2));
}

// Teacher forcing is the definition: it takes the products of each context and of each word. Here the
// sentence has two hypotheses, of which the second says something else.
TEST_CASE("free running says what teacher forcing scores") {
  for (const ModelSettings& settings : all_settings()) {
    INFO(described(settings));
    Model model(settings, 8);
    Rng rng(9);
    const support::PairBatch batch = pairs(rng, {{5, 4}});
    const auto [log_p, alpha] = model.translator.score(pack_batch(batch));
    Prepared prepared = model.translator.prepare(pack_batch(batch));
    const Tensor same = Tensor::zeros({2}, DType::i64);
    prepared.encoded = prepared.encoded.select({0, 0});
    DecoderState state;
    state.state.h = index_select(prepared.encoded.start.h, 0, same);
    if (prepared.encoded.start.c) state.state.c = index_select(prepared.encoded.start.c, 0, same);
    for (int64_t t = 0; t < batch.target_steps; ++t) {
      const auto at = static_cast<size_t>(t);
      const Tensor words = Tensor::from(std::vector<int64_t>{batch.target_in[at], 4 + t});
      const DecoderStep step = model.translator.step(prepared, state, words);
      const double said = step.logits.at({0, batch.target_out[at]}) - logsumexp(step.logits[0]).item();
      CHECK(said == Catch::Approx(log_p.at({t})).epsilon(1e-12));
      // (What score() gives of latent attention is the posterior.)
      if (alpha && settings.attention != AttentionKind::latent)
        CHECK(largest_difference(step.alpha[0], alpha[t]) <= 1e-14);
      state = step.next;
    }
  }
}

TEST_CASE("an encoder that reads from the end gives annotations in the order of the sentence") {
  ModelSettings settings = luong_settings().front();
  settings.layers = 1;
  settings.reverse_source = true;
  Model model(settings, 4);
  const std::vector<support::Ids> sources{{4, 5, 6, 7}, {8, 9}}, targets{{4}, {5}};
  const auto annotations = [&](const support::Ids& source) {
    const Batch batch = pack_batch(support::make_batch({source}, {{4}}, {0}));
    return model.translator.encode(batch).memory.annotations;
  };
  // </s> is read last either way; the word before it is the sentence's first.
  ModelSettings plain = settings;
  plain.reverse_source = false;
  Model other(plain, 4);
  const Batch turned = pack_batch(support::make_batch({{7, 6, 5, 4}}, {{4}}, {0}));
  const Tensor expected = other.translator.encode(turned).memory.annotations, got = annotations({4, 5, 6, 7});
  for (const auto& [place, read] : {std::pair{0, 3}, {1, 2}, {2, 1}, {3, 0}, {4, 4}})
    CHECK(largest_difference(got[place], expected[read]) == 0);
  const Encoded both = model.translator.encode(pack_batch(support::make_batch(sources, targets, {0, 1})));
  const AttentionMask& mask = *both.memory.mask;
  for (int64_t j = 0; j < 3; ++j)
    CHECK(largest_difference(both.memory.annotations[mask.row(1, j)], annotations({8, 9})[j]) <= 1e-15);
}

TEST_CASE("settings that contradict each other are refused by name") {
  const auto refusal = [](const ModelSettings& settings) -> std::string {
    Rng rng(1);
    try {
      Translator made(settings, rng);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  ModelSettings settings = tiny();
  settings.feed = true;
  CHECK_THAT(refusal(settings), Catch::Matchers::ContainsSubstring("input feeding is of order luong"));
  settings = luong_settings().front();
  settings.encoder_hidden += 1;
  CHECK_THAT(refusal(settings), Catch::Matchers::ContainsSubstring("states of one size, but 6 and 7"));
}
