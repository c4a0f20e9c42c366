// Training translators with their own words: the gradient of the risk against the list of all that can be written.
#include "examples/translate/model/own_translations.h"

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/translate/model/search/search.h"
#include "nn/losses/cross_entropy.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

namespace heed::translate {
namespace {

using Catch::Approx;
using support::Ids;

// Words: <pad>, <s>, </s>, <unk> and one more; all of them may be written.
constexpr int64_t kWords = 5, kEnd = 2;

std::vector<ModelSettings> kinds_of_models() {
  ModelSettings s;
  s.embedding = 4;
  s.hidden = 6;
  s.encoder_hidden = 3;
  s.alignment = 4;
  s.readout = 5;
  s.source_words = 8;
  s.target_words = kWords;
  std::vector<ModelSettings> all;
  for (const auto& variant : variants) all.push_back(s), all.back().variant = variant.make;
  for (const bool feed : {false, true}) all.push_back(s), all.back().order = Order::luong, all.back().feed = feed;
  for (const auto kind : {AttentionKind::latent, AttentionKind::soft_linear})
    all.push_back(s), all.back().attention = kind;
  all.push_back(s), all.back().model = ModelKind::fixed;
  return all;
}

std::string text_of(const ModelSettings& s) {
  return std::string(name_of(orders, s.order)) + " " + name_of(variants, s.variant) + " " +
         name_of(attention_kinds, s.attention) + " " + name_of(model_kinds, s.model);
}

struct Small {
  Translator model;
  Parameters parameters;
  Batch batch;

  explicit Small(const ModelSettings& settings, const std::vector<Ids>& sources = {{4, 5, 6}},
                 const std::vector<Ids>& targets = {{4, 3}}) {
    Rng rng(3);
    model = Translator(settings, rng);
    convert(model, DType::f64);
    for (const NamedTensor& part : named_tensors(model)) copy_into(*part.tensor, *part.tensor * 3);  // far from even
    parameters = Parameters(model);
    std::vector<size_t> index(sources.size());
    for (size_t i = 0; i < index.size(); ++i) index[i] = i;
    batch = pack_batch(support::make_batch(sources, targets, index));
  }
  std::vector<double> gradient(const std::function<Tensor()>& loss) const {
    Tape tape;
    return tape.gradients(loss(), parameters).flat().to_vector();
  }
};

// Everything that can be written in at most two words, with </s> after none or one.
std::vector<support::ValuedText> all_texts() {
  std::vector<support::ValuedText> texts;
  std::vector<int64_t> words{0, 1, 3, 4};
  for (const int64_t a : words)
    for (const int64_t b : words) texts.push_back({0, {{a, b}, false}, 0});
  for (const int64_t a : words) texts.push_back({0, {{a}, true}, 0});
  texts.push_back({0, {{}, true}, 0});
  for (size_t i = 0; i < texts.size(); ++i) texts[i].advantage = Rng(7).split(i).uniform();  // what it is worth
  return texts;
}

// p of a text, word by word as it is written.
double written_probability(const Small& small, const support::DrawnText& text) {
  Search search(small.model, small.batch);
  Ids words = text.words;
  if (text.ended) words.push_back(kEnd);
  int64_t before = 1;
  double log_p = 0;
  for (const int64_t word : words) {
    log_p += log_probability(search.step({before}), Tensor::from(Ids{word})).item();
    before = word;
  }
  return std::exp(log_p);
}

// -sum_y p(y) r(y), with p by its definition.
Tensor exact_risk(const Small& small, const std::vector<support::ValuedText>& texts) {
  std::vector<Ids> words;
  for (const auto& valued : texts) words.push_back(valued.text.words);
  const Batch all = with_targets(small.batch, std::vector<int64_t>(texts.size(), 0), words);
  const Tensor log_p = small.model.score(all).first;
  Tensor risk = Tensor::scalar(0, DType::f64);
  for (size_t y = 0; y < texts.size(); ++y) {
    Tensor of_text = Tensor::scalar(0, DType::f64);
    int64_t row = 0;
    const size_t drawn = texts[y].text.words.size() + texts[y].text.ended;
    for (size_t t = 0; t < drawn; row += all.target_out.active[t++])
      of_text = of_text + log_p[row + static_cast<int64_t>(y)];
    risk = risk - exp(of_text) * texts[y].advantage;
  }
  return risk;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

}  // namespace

TEST_CASE("the mean of the risk's gradient over all texts is the gradient of the expected reward", "[own_words]") {
  for (const ModelSettings& settings : kinds_of_models()) {
    INFO(text_of(settings));
    const Small small(settings);
    const std::vector<support::ValuedText> texts = all_texts();
    const std::vector<double> exact = small.gradient([&] { return exact_risk(small, texts); });
    CHECK(*std::max_element(exact.begin(), exact.end()) > 1e-4);
    for (const double baseline : {0.0, 0.4, -2.0}) {
      std::vector<double> mean(exact.size());
      double total = 0;
      for (support::ValuedText one : texts) {
        const double p = written_probability(small, one.text);
        total += p;
        one.advantage -= baseline;
        const auto estimate = small.gradient([&] { return risk_of(small.model, small.batch, {one}, 1); });
        for (size_t i = 0; i < mean.size(); ++i) mean[i] += p * estimate[i];
      }
      CHECK(total == Approx(1).epsilon(1e-12));  // so nothing that can be written is missing
      CHECK(largest_difference(mean, exact) < 1e-10);
    }
  }
}

TEST_CASE("several draws are averaged, about several sources", "[own_words]") {
  for (const ModelSettings& settings : kinds_of_models()) {
    INFO(text_of(settings));
    const Small small(settings, {{4, 5, 6}, {7, 4}, {5}}, {{4}, {3, 4}, {4, 4, 4}});
    std::vector<support::ValuedText> texts{{2, {{4, 3, 0}, false}, 0.3}, {0, {{3, 3}, true}, -0.2},
                                           {0, {{4}, true}, 0.5},        {1, {{4}, false}, 0.7},
                                           {2, {{}, true}, 0.1},         {1, {{}, true}, -0.4}};
    const auto together = small.gradient([&] { return risk_of(small.model, small.batch, texts, 2); });
    std::vector<double> mean(together.size());
    for (const auto& one : texts) {
      const auto alone = small.gradient([&] { return risk_of(small.model, small.batch, {one}, 1); });
      for (size_t i = 0; i < mean.size(); ++i) mean[i] += alone[i] / 2;
    }
    CHECK(largest_difference(mean, together) < 1e-12);
  }
}

TEST_CASE("the expected reward rises along the estimated gradient", "[own_words]") {
  Small small(kinds_of_models()[1]);
  const support::RewardOf reward = [](int64_t, const Ids& words) {  // how many are word 4, at most two
    return std::min<double>(2, static_cast<double>(std::count(words.begin(), words.end(), 4)));
  };
  const auto mean_reward = [&] {
    Search search(small.model, with_targets(small.batch, support::rows_to_draw(1, 2000)));
    Rng rng(9);
    double mean = 0;
    for (const auto& valued : support::draw_valued(search, {16}, 2000, reward, rng))
      mean += reward(0, valued.text.words) / 2000;
    return mean;
  };
  const double before = mean_reward();
  for (uint64_t step = 0; step < 40; ++step) {
    Rng rng(step);
    Tape tape;
    const auto gradients =
        tape.gradients(expected_risk(small.model, small.batch, reward, 20, rng), small.parameters).flat().to_vector();
    Tensor numbers = small.parameters.flat();
    for (size_t i = 0; i < gradients.size(); ++i) numbers.mutable_data<double>()[i] -= 0.05 * gradients[i];
  }
  INFO(before);
  CHECK(mean_reward() > before + 0.3);
}

TEST_CASE("the value of what is trained is the cross entropy, its gradient a weighted sum", "[own_words]") {
  const Small small(kinds_of_models()[0]);
  const auto texts = all_texts();
  const auto risk = [&] { return risk_of(small.model, small.batch, texts, 3); };
  const auto right = [&] { return small.model.loss(small.batch); };
  const auto of_risk = small.gradient(risk), of_right = small.gradient(right);
  for (const double weight : {0.0, 0.3}) {
    CHECK(support::risk_loss(risk(), right(), weight).item() == Approx(right().item()).epsilon(1e-12));
    auto found = small.gradient([&] { return support::risk_loss(risk(), right(), weight); });
    for (size_t i = 0; i < found.size(); ++i) found[i] -= of_risk[i] + weight * of_right[i];
    CHECK(largest_difference(found, std::vector<double>(found.size())) < 1e-12);
  }
}

TEST_CASE("with own words each word is predicted from those that were read", "[own_words]") {
  for (const ModelSettings& settings : kinds_of_models()) {
    INFO(text_of(settings));
    const Small small(settings, {{4, 5, 6}, {7, 4}, {5}}, {{4}, {3, 4}, {4, 4, 4, 3}});
    Rng none(1), all(2);
    const auto loss_with = [&](const Batch& read) { return small.model.loss(small.batch, {.read = &read}).item(); };
    CHECK(loss_with(with_own_words(small.model, small.batch, 0, none)) == small.model.loss(small.batch).item());
    const Batch read = with_own_words(small.model, small.batch, 1, all);
    const Packed& words = read.target_in;
    CHECK(words.rows.to_ids() != small.batch.target_in.rows.to_ids());
    Search search(small.model, small.batch);
    double loss = 0;
    int64_t at = 0;
    for (size_t t = 0; t < words.active.size(); at += words.active[t++]) {
      std::vector<int64_t> rows(static_cast<size_t>(words.active[t]));
      for (size_t b = 0; b < rows.size(); ++b) rows[b] = static_cast<int64_t>(b);
      if (t > 0) search.select(rows);
      const Tensor scores = search.step(narrow(words.rows, 0, at, words.active[t]).to_ids());
      loss -= sum(log_probability(scores, narrow(small.batch.target_out.rows, 0, at, words.active[t]))).item();
    }
    CHECK(loss_with(read) == Approx(loss).epsilon(1e-12));
  }
}

}  // namespace heed::translate
