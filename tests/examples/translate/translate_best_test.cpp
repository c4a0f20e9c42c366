// Which epoch of translate train is the best, and what comes of one that learns nothing.
#include "examples/support/training/training_state.h"
#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// One word to a sentence: BLEU-4 is 0 whatever is learnt.
void write_words(const TemporaryDirectory& shop) {
  std::string source, target;
  for (int i = 0; i < 40; ++i) {
    source += "cat\ndog\nsun\nmoon\n";
    target += "katze\nhund\nsonne\nmond\n";
  }
  for (const std::string split : {"train", "valid"}) {
    shop.write("words/" + split + ".en", source);
    shop.write("words/" + split + ".de", target);
  }
}

Words train_words(const std::string& out, const Words& more) {
  Words words = {translate, "train", "--data", "words", "--out", out, "--preset", "demo", "--hidden", "32"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_CASE("equal scores are told apart by their perplexities", "[translate]") {
  support::TrainingProgress at;
  at.epoch = 1;
  CHECK_FALSE(at.is_best(0, infinity));
  CHECK_FALSE(at.is_best(0, std::nan("")));
  CHECK(at.best_epoch == 0);
  CHECK(at.is_best(0, 1e290));
  at.epoch = 2;
  CHECK(at.is_best(0, 7));
  at.epoch = 3;
  CHECK_FALSE(at.is_best(0, 7));
  CHECK_FALSE(at.is_best(-1, 3));
  CHECK(at.is_best(0.1, 9));
  at.epoch = 4;
  CHECK_FALSE(at.is_best(0, 1));
  CHECK(at.best_epoch == 3);
  CHECK(at.best_perplexity == 9);
}

TEST_CASE("where every BLEU is 0 the best epoch is the one of the lowest perplexity", "[translate]") {
  const TemporaryDirectory shop;
  write_words(shop);
  const Outcome trained = run(shop, train_words("run", {"--epochs", "20", "--patience", "2"}));
  CHECK(trained.code == 0);
  CHECK_THAT(trained.said, ContainsSubstring("BLEU 0.00 (free-running, greedy), no 4-gram matches") &&
                               ContainsSubstring("best epoch 20 of 20"));
  const Outcome said = run(shop, {translate, "text", "--run", "run"}, "cat\ndog\nsun\nmoon\n");
  CHECK(said.said == "katze\nhund\nsonne\nmond\n");
  CHECK_THAT(run(shop, {translate, "eval", "--run", "run"}).said, ContainsSubstring("no 4-gram matches"));
}

// At a rate of next to nothing perplexity falls slowly, but it falls, so neither patience nor the plateau,
// which would halve the rate, may take the BLEU of 0 for a standstill.
TEST_CASE("a plateau of BLEU 0 is none while perplexity falls", "[translate]") {
  const TemporaryDirectory shop;
  write_words(shop);
  const Words slowly = {"--epochs", "6",    "--patience", "1",         "--schedule",
                        "plateau",  "--lr", "1e-4",       "--average", "0"};
  REQUIRE(run(shop, train_words("run", slowly)).code == 0);
  std::ifstream lines(shop / "run/metrics.jsonl");
  int epochs = 0;
  for (std::string line; std::getline(lines, line); ++epochs) {
    const nlohmann::json metrics = nlohmann::json::parse(line);
    CHECK(metrics.at("valid_bleu") == 0);
    CHECK(metrics.at("learning_rate") == 1e-4);
  }
  CHECK(epochs == 6);
}

TEST_CASE("a run that diverges fails and says what to do", "[translate]") {
  const TemporaryDirectory shop;
  write_words(shop);
  const Outcome far = run(shop, train_words("far", {"--epochs", "2", "--lr", "1e6"}));
  CHECK(far.code == 1);
  CHECK_THAT(far.said, ContainsSubstring("the training has diverged") && ContainsSubstring("lower --lr"));
  CHECK_FALSE(std::filesystem::exists(shop / "far/best.safetensors"));
  CHECK_THAT(far.said, !ContainsSubstring("go on with"));
  // Not so far: a model worse than none, which is kept, as whoever asked for it may want to look at it.
  const Words flags = {"--epochs", "1", "--lr", "0.3", "--average", "0", "--schedule", "constant", "--clip", "0"};
  const Outcome worse = run(shop, train_words("worse", flags));
  CHECK(worse.code == 1);
  CHECK_THAT(worse.said, ContainsSubstring("nothing was learnt: the best validation perplexity"));
  CHECK(std::filesystem::exists(shop / "worse/best.safetensors"));
}
