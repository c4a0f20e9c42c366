// What the pages of docs/lab say, where it shows in seconds: on a small corpus of the built-in grammar.
#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/examples/program.h"

using namespace heed;
using nlohmann::json;
using tests::TemporaryDirectory;
using Words = std::vector<std::string>;

namespace {

json last_json(const std::string& said) {
  json found;
  size_t at = 0;
  while (at < said.size()) {
    const size_t end = std::min(said.find('\n', at), said.size());
    if (json line = json::parse(said.substr(at, end - at), nullptr, false); line.is_object()) found = std::move(line);
    at = end + 1;
  }
  return found;
}

json must(const TemporaryDirectory& shop, Words words) {
  words.insert(words.begin(), HEED_TRANSLATE);
  const tests::Outcome outcome = tests::Running(shop, words).wait();
  INFO(outcome.said);
  REQUIRE(outcome.code == 0);
  return last_json(outcome.said);
}

// Trained on 3,000 sentences of up to 12 words, and measured on those of 10 to 12.
json measured(const TemporaryDirectory& shop, const std::string& name, const Words& flags) {
  Words train{"train", "--data",      "data", "--target",     "fr", "--preset",
              "demo",  "--threads",   "1",    "--hidden",     "64", "--encoder-hidden",
              "48",    "--embedding", "32",   "--readout",    "32", "--alignment",
              "32",    "--epochs",    "8",    "--batch-size", "30", "--lr",
              "0.01",  "--out",       name,   "--json"};
  train.insert(train.end(), flags.begin(), flags.end());
  must(shop, train);
  Words eval{"eval", "--run", name, "--split", "test", "--beam", "1", "--json"};
  if (name != "fixed") eval.insert(eval.end(), {"--gold", "data/test.gold"});
  return must(shop, eval);
}

}  // namespace

TEST_CASE("attention translates long sentences that one vector forgets, and a window aligns them better",
          "[lab][slow]") {
  const TemporaryDirectory shop;
  must(shop, {"data", "builtin", "--out", "data", "--train", "3000", "--max-words", "12", "--test", "200",
              "--test-min-words", "10", "--lengths", "even"});
  const json global = measured(shop, "global", {}), fixed = measured(shop, "fixed", {"--model", "fixed"}),
             local = measured(shop, "local", {"--window", "local-m", "--window-width", "2"});
  CHECK(global["bleu"].get<double>() > fixed["bleu"].get<double>() + 30);
  CHECK(global["perplexity"].get<double>() < fixed["perplexity"].get<double>() / 2);
  CHECK(local["alignment"]["aer"].get<double>() < global["alignment"]["aer"].get<double>() - 0.03);
}
