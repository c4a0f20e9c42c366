// The program translate from outside: kinds of attention.
#include <thread>

#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

namespace {

double perplexity_of(const TemporaryDirectory& shop, const std::string& out) {
  std::ifstream lines(shop / (out + "/metrics.jsonl"));
  std::string last;
  for (std::string line; std::getline(lines, line);) last = line;
  return nlohmann::json::parse(last)["valid_ppl"];
}

}  // namespace

TEST_CASE("a run may begin with another kind of attention, as what it was", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  // A rate of (nearly) nothing shows what a model begins as.
  const auto on = [&](const std::string& start, Words kind) {
    Words words = {translate,  "train", "--start", start,   "--out",     "x", "--overwrite",
                   "--epochs", "1",     "--lr",    "1e-30", "--threads", "1", "--attention"};
    words.insert(words.end(), kind.begin(), kind.end());
    return words;
  };
  for (const Words& order : {Words{}, {"--order", "luong", "--feed"}}) {
    Words first = {"--epochs", "1", "--overwrite"};
    first.insert(first.end(), order.begin(), order.end());
    REQUIRE(run(shop, train("soft", first)).code == 0);
    for (const Words& kind : {Words{"latent", "--posterior-feeding"},
                              {"latent", "--latent-dropout", "0.3", "--posterior-feeding"},
                              {"soft-linear"},
                              {"hard"}}) {
      INFO(kind[0]);
      const Outcome begun = run(shop, on("soft", kind));
      INFO(begun.said);
      REQUIRE(begun.code == 0);
      CHECK(perplexity_of(shop, "x") == Catch::Approx(perplexity_of(shop, "soft")).epsilon(1e-5));
      if (kind[0] == "latent")
        CHECK_THAT(begun.said, ContainsSubstring("latent.place.weight (zeros)") &&
                                   ContainsSubstring("posterior.to_cell.weight (zeros)"));
      CHECK(run(shop, {translate, "train", "--out", "x", "--resume", "--epochs", "2"}).code == 0);
    }
  }
  std::filesystem::rename(shop / "x", shop / "hard");
  CHECK(run(shop, on("hard", {"soft"})).code == 0);  // a moving mean of rewards is no loss
  REQUIRE(run(shop, train("latent", {"--epochs", "1", "--attention", "latent"})).code == 0);
  const Outcome lost = run(shop, on("latent", {"soft"}));
  CHECK(lost.code == 2);
  CHECK_THAT(lost.said, ContainsSubstring("would lose what the run in latent has learned of latent.place.weight"));
  CHECK(run(shop, on("latent", {"latent", "--posterior-feeding"})).code == 0);
}

TEST_CASE("every kind of attention trains, goes on to the same bits, and translates", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  for (const Words& kind :
       {Words{"--attention", "latent", "--reading", "place"},
        {"--attention", "latent", "--posterior-feeding"},
        {"--attention", "soft-linear", "--latent-dropout", "0.2"},
        {"--attention", "hard", "--estimator", "learned"},
        {"--attention", "hard", "--estimator", "self-critical", "--reading", "argmax", "--soft-epochs", "1"}}) {
    INFO(kind[1] << " " << kind.back());
    const auto with = [&](Words more) {
      more.insert(more.end(), kind.begin(), kind.end());
      return more;
    };
    Words short_run = train("run", with({"--overwrite", "--schedule", "constant"}));
    for (size_t i = 0; i < short_run.size(); ++i)
      if (short_run[i] == "--epochs") short_run[i + 1] = "1";
    REQUIRE(run(shop, train("whole", with({"--overwrite", "--schedule", "constant"}))).code == 0);
    REQUIRE(run(shop, short_run).code == 0);
    REQUIRE(run(shop, {translate, "train", "--out", "run", "--resume", "--epochs", "2"}).code == 0);
    CHECK((result_of(shop, "run") == result_of(shop, "whole")));
    const Outcome eval = run(shop, {translate, "eval", "--run", "run", "--beam", "3"});
    CHECK(eval.code == 0);
  }
  const auto refusal = [&](const Words& flags) { return run(shop, train("x", flags)).said; };
  CHECK_THAT(refusal({"--attention", "latent", "--model", "fixed"}), ContainsSubstring("--model fixed does not"));
  CHECK_THAT(refusal({"--reading", "argmax"}), ContainsSubstring("--attention hard or latent, not soft"));
  CHECK_THAT(refusal({"--attention", "hard", "--reading", "place"}),
             ContainsSubstring("--attention latent, not hard"));
  CHECK_THAT(refusal({"--posterior-feeding"}), ContainsSubstring("--attention latent, not soft"));
  CHECK_THAT(refusal({"--latent-dropout", "0.2"}), ContainsSubstring("latent or soft-linear, not soft"));
  CHECK_THAT(refusal({"--attention", "hard", "--reading", "sample"}), ContainsSubstring("for captions"));
}
