// Several translators together.
#include "examples/translate/model/search/ensemble.h"

#include <cmath>
#include <numeric>

#include "tests/catch.hpp"

namespace heed::translate {
namespace {

using support::Ids;

Translator small_model(uint64_t seed, AttentionKind attention, Order order) {
  ModelSettings s;
  s.attention = attention;
  s.order = order;
  s.embedding = 3 + static_cast<int64_t>(seed);
  s.hidden = 6;
  s.encoder_hidden = 3;
  s.alignment = 4;
  s.readout = 5;
  s.source_words = s.target_words = 9;
  Rng rng(seed);
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
  const Translator a = small_model(1, AttentionKind::soft, Order::bahdanau),
                   b = small_model(2, AttentionKind::soft, Order::luong),
                   c = small_model(3, AttentionKind::latent, Order::bahdanau);
  const Ids source{4, 7, 5, 8};
  for (const auto& models : {std::vector{&a, &b}, std::vector{&a, &b, &c}, std::vector{&c}})
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

}  // namespace heed::translate
