// How well a translator knows right words after right ones and after its own.
#include "examples/translate/evaluation/by_position.h"

#include <nlohmann/json.hpp>

#include "examples/translate/model/search/search.h"
#include "nn/losses/cross_entropy.h"
#include "tests/catch.hpp"

namespace heed::translate {
namespace {

using Catch::Approx;
using support::Ids;

Translator small_translator(Order order) {
  ModelSettings s;
  s.order = order;
  s.feed = order == Order::luong;
  s.embedding = 4;
  s.hidden = 6;
  s.encoder_hidden = 3;
  s.alignment = 4;
  s.readout = 5;
  s.source_words = s.target_words = 9;
  Rng rng(8);
  Translator model(s, rng);
  convert(model, DType::f64);
  for (const NamedTensor& part : named_tensors(model)) copy_into(*part.tensor, *part.tensor * 3);
  return model;
}

// Of one pair, step by step: what is known of the words at positions `from`, and the four after.
Known known_of(const Translator& model, const Ids& source, Ids target, bool own, size_t from) {
  Search search(model, pack_batch(support::make_batch({source}, {}, {0})));
  target.push_back(2);
  int64_t before = 1;
  Known known;
  for (size_t t = 0; t < target.size(); ++t) {
    const std::vector<double> scores = search.step({before}).to_vector();
    const auto likeliest = [&](size_t first) {
      return std::max_element(scores.begin() + static_cast<int64_t>(first), scores.end()) - scores.begin();
    };
    if (t + 1 >= from && t + 1 < from + 5) {
      double total = 0;
      for (const double score : scores) total += std::exp(score);
      known.log_probability += scores[static_cast<size_t>(target[t])] - std::log(total);
      known.likeliest += likeliest(0) == target[t];
    }
    before = own ? likeliest(3) : target[t];  // not </s>, which is word 2
  }
  return known;
}

}  // namespace

TEST_CASE("by position, every right word is counted once, after right words and after own ones", "[own_words]") {
  for (const Order order : {Order::bahdanau, Order::luong}) {
    const Translator model = small_translator(order);
    std::vector<Ids> sources, targets;
    Rng rng(5);
    std::vector<int64_t> words(3);
    for (int i = 0; i < 50; ++i) {
      const auto text = [&](int64_t length) {
        Ids ids;
        while (length-- > 0) ids.push_back(4 + rng.below(5));
        return ids;
      };
      sources.push_back(text(1 + rng.below(9)));
      targets.push_back(text(1 + rng.below(11)));
      for (size_t t = 0; t <= targets.back().size(); ++t) ++words[t / 5];
    }
    ThreadPool one(1), three(3);
    const auto bins = known_by_position(model, sources, targets, support::Reading::expectation, one);
    REQUIRE(bins.size() == 3);
    const auto read_by = [&](support::Reading reading) {
      return position_json(known_by_position(model, sources, targets, reading, three));
    };
    CHECK(position_json(bins) == read_by(support::Reading::expectation));
    CHECK((position_json(bins) == read_by(support::Reading::argmax)) == (model.settings.model == ModelKind::fixed));
    for (size_t k = 0; k < bins.size(); ++k) {
      CHECK(bins[k].from == static_cast<int64_t>(5 * k + 1));
      CHECK(bins[k].words == words[k]);
      for (const bool own : {false, true}) {
        Known sum;
        for (size_t i = 0; i < sources.size(); ++i) {
          const Known known = known_of(model, sources[i], targets[i], own, 5 * k + 1);
          sum.log_probability += known.log_probability;
          sum.likeliest += known.likeliest;
        }
        const Known& found = own ? bins[k].own : bins[k].told;
        CHECK(found.log_probability == Approx(sum.log_probability).epsilon(1e-12));
        CHECK(found.likeliest == sum.likeliest);
      }
    }
    CHECK(bins[0].told.log_probability != bins[0].own.log_probability);
    const nlohmann::json last = position_json(bins)[2];
    CHECK((last["from"] == 11 && last["to"] == 15 && last["middle"] == 13));
    CHECK(last["told_accuracy"].get<double>() ==
          Approx(100.0 * static_cast<double>(bins[2].told.likeliest) / static_cast<double>(words[2])));
    CHECK(last["own_perplexity"].get<double>() ==
          Approx(std::exp(-bins[2].own.log_probability / static_cast<double>(words[2]))));
    const std::string table = position_table(bins);
    CHECK(std::count(table.begin(), table.end(), '\n') == 5);
  }
}

}  // namespace heed::translate
