// The program translate from outside: scheduled sampling, and runs that begin with another's model.
#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

namespace {

nlohmann::json settings_of(const TemporaryDirectory& shop, const std::string& out) {
  return nlohmann::json::parse(bytes_of(shop / (out + "/run.json")))["settings"];
}

Words fine(const std::string& out, Words more = {}) {
  Words words = {translate, "train", "--start", "first", "--out", out, "--threads", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_CASE("scheduled sampling is the same for any number of threads and after a resume",
          "[translate][own_words][slow]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 4000);
  const Words own = {"--sampling", "0.5"};
  REQUIRE(run(shop, train("whole", own)).code == 0);
  REQUIRE(run(shop, train("threads", {"--sampling", "0.5", "--threads", "3"})).code == 0);
  REQUIRE(run(shop, train("right")).code == 0);
  REQUIRE(run(shop, train("constant", {"--sampling", "0.5", "--sampling-schedule", "constant"})).code == 0);
  CHECK((result_of(shop, "whole") == result_of(shop, "threads")));
  CHECK((result_of(shop, "whole") != result_of(shop, "right")));
  CHECK((result_of(shop, "whole") != result_of(shop, "constant")));
  train_in_parts(shop, train("parts", own), "parts");
  CHECK((result_of(shop, "whole") == result_of(shop, "parts")));
}

TEST_CASE("a run begins with another's model, text and settings", "[translate][own_words][slow]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 2000);
  REQUIRE(run(shop, train("first", {"--lr", "0.002"})).code == 0);
  const Outcome seen = run(shop, {translate, "eval", "--run", "first", "--beam", "1", "--by-position", "--json"});
  INFO(seen.said);
  CHECK(nlohmann::json::parse(seen.said)["by_position"][1]["from"] == 6);
  CHECK_THAT(run(shop, {translate, "eval", "--run", "first", "--beam", "1", "--by-position"}).said,
             ContainsSubstring("its own, %"));
  for (const Words& more : {Words{}, Words{"--finetune", "mrt", "--mrt-samples", "3"}}) {
    INFO(more.size());
    REQUIRE(run(shop, fine("whole", more)).code == 0);
    const nlohmann::json settings = settings_of(shop, "whole");
    CHECK(settings["model"] == settings_of(shop, "first")["model"]);
    CHECK(settings["training"]["learning_rate"].get<double>() == Catch::Approx(0.0002));
    CHECK(settings["training"]["epochs"] == 3);
    CHECK(settings["preset"] == "demo");
    Words threads = fine("threads", more);
    threads.back() = "3";
    if (!more.empty()) threads = fine("threads", {"--finetune", "mrt", "--mrt-samples", "3", "--threads", "3"});
    REQUIRE(run(shop, threads).code == 0);
    CHECK((result_of(shop, "whole") == result_of(shop, "threads")));
    train_in_parts(shop, fine("parts", more), "parts");
    CHECK((result_of(shop, "whole") == result_of(shop, "parts")));
    CHECK(bytes_of(shop / "first/source.vocab") == bytes_of(shop / "whole/source.vocab"));
    for (const char* out : {"whole", "threads", "parts"}) std::filesystem::remove_all(shop / out);
  }
  // With a rate of (nearly) nothing it stays what it was.
  REQUIRE(run(shop, fine("same", {"--lr", "1e-30", "--epochs", "1"})).code == 0);
  const auto before = load_tensors(shop / "first/best.safetensors").tensors;
  for (const auto& [name, tensor] : load_tensors(shop / "same/best.safetensors").tensors)
    CHECK(tensor.to_vector() == before.at(name).to_vector());
  CHECK(run(shop, fine("other", {"--optimizer", "sgd", "--epochs", "1"})).code == 0);
  CHECK(settings_of(shop, "other")["training"]["learning_rate"].get<double>() == Catch::Approx(0.1));
  std::filesystem::remove_all(shop / "first");  // what has begun needs it no more
  CHECK(run(shop, {translate, "train", "--out", "other", "--resume", "--epochs", "2"}).code == 0);
}

TEST_CASE("frozen parameters stay as they were, whatever data a run goes on with", "[translate][own_words]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 60);
  write_corpus(shop, "more", 40);
  REQUIRE(run(shop, train("first", {"--epochs", "1"})).code == 0);
  const Words on = {translate,   "train",    "--from", "first", "--out", "frozen",   "--data",
                    "more",      "--epochs", "1",      "--lr",  "0.01",  "--freeze", "encoder.*,*embedding*",
                    "--threads", "1"};
  const Outcome trained = run(shop, on);
  INFO(trained.said);
  REQUIRE(trained.code == 0);
  CHECK(settings_of(shop, "frozen")["model"] == settings_of(shop, "first")["model"]);
  const auto before = load_tensors(shop / "first/best.safetensors").tensors;
  int frozen = 0, learnt = 0;
  for (const auto& [name, tensor] : load_tensors(shop / "frozen/best.safetensors").tensors) {
    const bool same = tensor.to_vector() == before.at(name).to_vector();
    const bool named = name.find("encoder.") == 0 || name.find("embedding") != std::string::npos;
    CAPTURE(name);
    CHECK(same == named);
    (same ? frozen : learnt) += 1;
  }
  CHECK(frozen > 2);
  CHECK(learnt > 5);
  CHECK(run(shop, {translate, "train", "--out", "frozen", "--resume", "--epochs", "2"}).code == 0);
  Words nothing = train("x", {"--freeze", "decodr.*"});
  const Outcome none = run(shop, nothing);
  CHECK(none.code == 1);
  CHECK_THAT(none.said, ContainsSubstring("no name matches") && ContainsSubstring("decodr.*"));
  CHECK_FALSE(std::filesystem::exists(shop / "x"));
}

TEST_CASE("what cannot be begun with is told, and nothing is lost", "[translate][own_words]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  const auto told = [&](const Words& words, int code, const std::string& what) {
    const Outcome outcome = run(shop, words);
    INFO(outcome.said);
    CHECK(outcome.code == code);
    CHECK_THAT(outcome.said, ContainsSubstring(what));
  };
  told(train("x", {"--finetune", "mrt"}), 2, "--start RUN");
  told(fine("x"), 1, "first");
  REQUIRE(run(shop, train("first")).code == 0);
  told(fine("x", {"--hidden", "20"}), 2, "hidden is 12, not 20");
  told(fine("x", {"--preset", "small"}), 2, "preset is \"demo\", not \"small\"");
  told(fine("x", {"--target", "fr"}), 2, "target is \"de\", not \"fr\"");
  told(fine("x", {"--mrt-samples", "0"}), 2, "--mrt-samples");
  told(fine("x", {"--sampling", "1.5"}), 2, "--sampling");
  told(train("x", {"--sampling", "0.5", "--attention", "hard"}), 2, "--sampling is not for --attention hard");
  told(fine("first"), 1, "first");  // it is there already
  CHECK_FALSE(std::filesystem::exists(shop / "x"));
  REQUIRE(run(shop, train("hard", {"--attention", "hard", "--epochs", "1"})).code == 0);
  REQUIRE(run(shop, train("learned", {"--attention", "hard", "--estimator", "learned", "--epochs", "1"})).code == 0);
  const auto from = [&](const char* start, const char* estimator) {
    return Words{translate,     "train",   "--start",  start, "--out",      "x",
                 "--estimator", estimator, "--epochs", "1",   "--overwrite"};
  };
  told(from("hard", "learned"), 0, "new beside the model of hard: baseline_inner.weight, baseline_inner.bias");
  told(from("learned", "baseline"), 0, "");
  told({translate, "train", "--out", "x", "--resume", "--epochs", "2"}, 0, "");
  std::filesystem::remove_all(shop / "x");
  std::string bytes = bytes_of(shop / "first/best.safetensors");
  bytes[bytes.size() - 3] = static_cast<char>(bytes[bytes.size() - 3] ^ 1);
  shop.write("first/best.safetensors", bytes);
  told(fine("x"), 1, "best.safetensors");
  CHECK_FALSE(std::filesystem::exists(shop / "x"));
}
