// How translators are searched: rows of a search go their own ways, and several translators write together.
#include "examples/translate/model/search/ensemble.h"

#include <cmath>
#include <numeric>

#include "tests/catch.hpp"
#include "tests/nn/checks.h"

namespace heed::translate {
namespace {

using support::Ids;

struct Searched {
  uint64_t seed = 3;
  ModelKind model = ModelKind::attention;
  AttentionKind attention = AttentionKind::soft;
  Order order = Order::bahdanau;
  std::string window = "global";
  bool posterior_feeding = false;
};

Translator searched_model(const Searched& small) {
  ModelSettings s;
  s.model = small.model;
  s.attention = small.attention;
  s.order = small.order;
  s.feed = small.order == Order::luong;
  s.cell = small.order == Order::luong ? "lstm" : "gru";
  s.window = small.window;
  s.window_width = 1;
  s.posterior_feeding = small.posterior_feeding;
  s.embedding = 3 + static_cast<int64_t>(small.seed);
  s.hidden = 6;
  s.encoder_hidden = 3;
  s.alignment = 4;
  s.readout = 5;
  s.source_words = s.target_words = 9;
  Rng rng(small.seed);
  Translator model(s, rng);
  convert(model, DType::f64);
  for (const NamedTensor& part : named_tensors(model)) copy_into(*part.tensor, *part.tensor * 4);
  return model;
}

// Word by word, the mean of what the models give the right one, by their teacher-forced scores.
double mean_log_probability(const std::vector<const Translator*>& models, const Ids& source, const Ids& target) {
  const Batch batch = pack_batch(support::make_batch({source}, {target}, {0}));
  std::vector<double> sum(target.size() + 1);
  for (const Translator* model : models) {
    const std::vector<double> log_p = model->score(batch).first.to_vector();
    REQUIRE(log_p.size() == sum.size());
    for (size_t t = 0; t < sum.size(); ++t) sum[t] += std::exp(log_p[t]);
  }
  double log_p = 0;
  for (const double p : sum) log_p += std::log(p / static_cast<double>(models.size()));
  return log_p;
}

}  // namespace

TEST_CASE("models together write by the mean of their probabilities", "[translate][together]") {
  const Translator a = searched_model({.seed = 1}), b = searched_model({.seed = 2, .order = Order::luong}),
                   c = searched_model({.seed = 3, .attention = AttentionKind::latent}),
                   d = searched_model({.seed = 4, .attention = AttentionKind::latent, .posterior_feeding = true});
  const Ids source{4, 7, 5, 8};
  for (const auto& models : {std::vector{&a, &b}, std::vector{&a, &b, &c, &d}, std::vector{&c}, std::vector{&d}})
    for (const int64_t width : {1, 4}) {
      const Batch batch = pack_batch(support::make_batch({source}, {}, {0}));
      const auto search = make_search(Models(models), batch, {});
      support::BeamOptions options;
      options.width = width;
      options.max_length = 200;
      for (const support::Hypothesis& found : support::beam_search(*search, options)) {
        if (found.words.size() == 200) continue;  // cut: no </s>
        CHECK(found.log_probability == Catch::Approx(mean_log_probability(models, source, found.words)).margin(1e-9));
        REQUIRE(found.alpha.size() == found.words.size() + 1);
        for (const auto& row : found.alpha) CHECK(std::accumulate(row.begin(), row.end(), 0.0) == Catch::Approx(1));
      }
    }
}

namespace {

const std::vector<Ids> searched_sources{{4, 7, 5, 8, 6}, {8, 4, 7}, {5, 5}};  // the longest first, as a batch stands

std::unique_ptr<support::StepModel> search_of(const Translator& model, const std::vector<Ids>& all, Looks looks) {
  std::vector<size_t> which(all.size());
  std::iota(which.begin(), which.end(), size_t{0});
  return make_search(Models(model), pack_batch(support::make_batch(all, {}, which)), {}, looks);
}

}  // namespace

TEST_CASE("a row of a search goes on as if it were alone, wherever it stands", "[translate]") {
  for (const Searched& small :
       {Searched{}, Searched{.model = ModelKind::fixed}, Searched{.attention = AttentionKind::latent},
        Searched{.order = Order::luong}, Searched{.window = "local-m"}, Searched{.window = "local-p"},
        Searched{.attention = AttentionKind::latent, .posterior_feeding = true},
        Searched{.attention = AttentionKind::latent, .order = Order::luong, .posterior_feeding = true}}) {
    const Translator model = searched_model(small);
    for (const Looks looks : {Looks::weights, Looks::places}) {
      const auto many = search_of(model, searched_sources, looks),
                 first = search_of(model, {searched_sources[0]}, looks),
                 last = search_of(model, {searched_sources[2]}, looks);
      many->step({1, 1, 1});
      first->step({1});
      last->step({1});
      many->select({2, 0, 2});
      Tensor together = many->step({5, 6, 5});
      const Tensor of_last = last->step({5}), of_first = first->step({6});
      CHECK(test::largest_difference(together[0], of_last[0]) <= 1e-12);
      CHECK(test::largest_difference(together[1], of_first[0]) <= 1e-12);
      CHECK(test::largest_difference(together[2], of_last[0]) <= 1e-12);
      if (small.model == ModelKind::fixed) continue;
      many->select({1});
      many->step({7});
      first->step({7});
      const Tensor looked = densify(many->alpha())[0], alone = densify(first->alpha())[0];
      CHECK(test::largest_difference(narrow(looked, 0, 0, alone.size(0)), alone) <= 1e-12);
    }
  }
}

TEST_CASE("a search whose rows are dropped before its first step is one of the others", "[translate]") {
  const Translator model = searched_model({.order = Order::luong});
  const auto many = search_of(model, searched_sources, Looks::weights),
             one = search_of(model, {searched_sources[1]}, Looks::weights);
  many->select({1});
  CHECK(test::largest_difference(many->step({1}), one->step({1})) <= 1e-12);
}

}  // namespace heed::translate
