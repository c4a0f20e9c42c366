// The program translate from outside: kinds of attention.
#include <thread>

#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

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
  CHECK_THAT(refusal({"--latent-dropout", "0.2"}), ContainsSubstring("latent and soft-linear, not soft"));
  CHECK_THAT(refusal({"--attention", "hard", "--reading", "sample"}), ContainsSubstring("for captions"));
}
