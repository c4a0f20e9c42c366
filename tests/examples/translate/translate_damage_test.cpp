// A run of which a file was changed, cut, removed or taken from another run: refused, or read as before.
#include "examples/support/program/file_mark.h"
#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

namespace {

const Words resume = {translate, "train", "--out", "run", "--resume", "--epochs", "2"};
const Words text = {translate, "text", "--run", "run"};

// Whether the program refuses the run, naming `file`, and says what to do.
void check_refused(const TemporaryDirectory& shop, const Words& words, const std::string& file) {
  const Outcome outcome = run(shop, words, "a b c\n");
  INFO(file << ": " << outcome.said);
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.said, ContainsSubstring("run/" + file));
  if (file == "last.safetensors") return;  // nothing takes its place
  CHECK_THAT(outcome.said, ContainsSubstring("ut the right") || ContainsSubstring("put it back") ||
                               ContainsSubstring("older checkpoint") || ContainsSubstring("not valid JSON") ||
                               ContainsSubstring("cut short"));
}

}  // namespace

TEST_CASE("a changed or removed file of a run is refused by name", "[translate][damage]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run", {"--epochs", "1", "--bpe", "40"})).code == 0);
  for (const std::string file : {"source.vocab", "target.vocab", "subwords.model", "run.json", "last.safetensors"}) {
    const std::string whole = bytes_of(shop / ("run/" + file));
    Rng rng(7);
    for (int i = 0; i < 4; ++i) {
      std::string damaged = whole;
      const auto at = static_cast<size_t>(rng.below(static_cast<int64_t>(whole.size()) - 2));
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << rng.below(8)));
      shop.write("run/" + file, i ? damaged : whole.substr(0, at));
      check_refused(shop, resume, file);
      if (file != "last.safetensors") check_refused(shop, text, file);
    }
    std::filesystem::remove(shop / ("run/" + file));
    if (file != "last.safetensors") {
      const Outcome gone = run(shop, resume);
      CHECK(gone.code == 1);
      CHECK_THAT(gone.said, ContainsSubstring(file));
    }
    shop.write("run/" + file, whole);
  }
  CHECK(run(shop, text, "a b c\n").code == 0);
  CHECK(run(shop, resume).code == 0);
}

TEST_CASE("metrics that were changed are refused, and may be removed", "[translate][damage]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  const std::string whole = bytes_of(shop / "run/metrics.jsonl");
  std::string damaged = whole;
  damaged[damaged.find("train_ppl") + 12] ^= 1;
  for (const std::string& bytes : {damaged, whole.substr(0, whole.size() - 1), std::string()}) {
    shop.write("run/metrics.jsonl", bytes);
    check_refused(shop, resume, "metrics.jsonl");
  }
  // What came after the checkpoint is written again.
  shop.write("run/metrics.jsonl", whole + whole + "{\"epoch\": 2, \"tra");
  REQUIRE(run(shop, resume).code == 0);
  CHECK(bytes_of(shop / "run/metrics.jsonl").starts_with(whole + "{\"epoch\":2,"));
  std::filesystem::remove(shop / "run/metrics.jsonl");
  const Outcome anew = run(shop, {translate, "train", "--out", "run", "--resume", "--epochs", "3"});
  CHECK(anew.code == 0);
  CHECK_THAT(anew.said, ContainsSubstring("run/metrics.jsonl is gone: the curves of this run begin anew"));
  CHECK(bytes_of(shop / "run/metrics.jsonl").starts_with("{\"epoch\":3,"));
}

TEST_CASE("a best checkpoint that is gone or damaged is told before training goes on", "[translate][damage]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  const std::string whole = bytes_of(shop / "run/best.safetensors");
  shop.write("run/best.safetensors", whole.substr(0, whole.size() - 1));
  check_refused(shop, resume, "best.safetensors");
  std::filesystem::remove(shop / "run/best.safetensors");
  check_refused(shop, resume, "best.safetensors");
  std::filesystem::copy_file(shop / "run/last.safetensors", shop / "run/best.safetensors");
  CHECK(run(shop, resume).code == 0);
}

TEST_CASE("files of two runs do not go together", "[translate][damage]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  REQUIRE(run(shop, train("other", {"--epochs", "1", "--lr", "0.002"})).code == 0);
  const auto take = [&](const char* file) {
    const auto over = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(shop / "other" / file, shop / "run" / file, over);
  };
  take("run.json");
  const Outcome mixed = run(shop, resume);
  CHECK(mixed.code == 1);
  CHECK_THAT(mixed.said, ContainsSubstring("run/run.json and run/last.safetensors are of two runs") &&
                             ContainsSubstring("learning_rate is 0.003, not 0.002"));
  take("last.safetensors");
  take("best.safetensors");
  CHECK(run(shop, text, "a b c\n").code == 0);
}

TEST_CASE("a run from before checksums goes on, and says that it has none", "[translate][damage]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("whole", {"--schedule", "constant"})).code == 0);
  REQUIRE(run(shop, train("run", {"--schedule", "constant", "--epochs", "1"})).code == 0);
  for (const char* name : {"run/last.safetensors", "run/best.safetensors"}) {
    TensorFile file = load_tensors(shop / name);
    file.metadata.erase("files");
    file.metadata.erase("figures");
    save_tensors(shop / name, file);
  }
  nlohmann::json settings = nlohmann::json::parse(bytes_of(shop / "run/run.json"));
  settings.erase("crc32c");
  shop.write("run/run.json", settings.dump());
  CHECK_THAT(run(shop, text, "a b c\n").said, ContainsSubstring("best.safetensors is from before 2026-12"));
  const Outcome outcome = run(shop, resume);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.said, ContainsSubstring("last.safetensors is from before 2026-12"));
  CHECK((result_of(shop, "run") == result_of(shop, "whole")));
}

TEST_CASE("a run whose times are lost or damaged goes on, and counts them anew", "[translate][damage]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  const Words more = {translate, "train", "--out", "run", "--resume", "--epochs", "2"};
  REQUIRE(run(shop, train("whole", {"--schedule", "constant"})).code == 0);
  CHECK_FALSE(bytes_of(shop / "whole/last.safetensors").find("seconds") < std::string::npos);
  REQUIRE(run(shop, train("run", {"--schedule", "constant", "--epochs", "1"})).code == 0);
  std::filesystem::copy(shop / "run", shop / "one");
  const nlohmann::json times = nlohmann::json::parse(bytes_of(shop / "run/times.json"));
  CHECK(times.at("seconds") > 0);
  const auto check = [&](const std::string& said) {
    const Outcome outcome = run(shop, more);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.said, ContainsSubstring(said));
    CHECK((result_of(shop, "run") == result_of(shop, "whole")));
    std::filesystem::remove_all(shop / "run");
    std::filesystem::copy(shop / "one", shop / "run");
  };
  std::filesystem::remove(shop / "run/times.json");
  check("it counts its time anew");
  std::string damaged = times.dump();
  damaged[damaged.find("seconds") + 2] ^= 1;
  for (const std::string& bytes : {damaged, damaged.substr(0, 9), std::string(), std::string("[1]")}) {
    shop.write("run/times.json", bytes);
    check("it counts its time anew");
  }
  // A checkpoint from before there was such a file holds the times itself.
  std::filesystem::remove(shop / "run/times.json");
  TensorFile last = load_tensors(shop / "run/last.safetensors");
  nlohmann::json progress = nlohmann::json::parse(last.metadata.at("progress"));
  progress["seconds"] = 1000.5;
  progress["training_seconds"] = 0.0;
  last.metadata["progress"] = progress.dump();
  last.metadata.erase("figures");
  last.metadata["metrics"] = nlohmann::json(support::mark_of(bytes_of(shop / "run/metrics.jsonl"))).dump();
  save_tensors(shop / "run/last.safetensors", last);
  check("; 1001 s in all");
}

TEST_CASE("a run that was stopped before its first checkpoint learns its words again", "[translate][damage]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("whole")).code == 0);
  REQUIRE(run(shop, train("run")).code == 0);
  for (const char* checkpoint : {"last", "best"})
    std::filesystem::remove(shop / (std::string("run/") + checkpoint + ".safetensors"));
  shop.write("run/source.vocab", "");
  CHECK(run(shop, {translate, "train", "--out", "run", "--resume"}).code == 0);
  CHECK((result_of(shop, "run") == result_of(shop, "whole")));
}

TEST_CASE("no model is trained over that cannot be had again", "[translate][damage]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run")).code == 0);
  const std::string best = bytes_of(shop / "run/best.safetensors");
  const auto refused = [&](const Words& words, const std::string& says) {
    const Outcome outcome = run(shop, words);
    CHECK(outcome.code != 0);
    CHECK_THAT(outcome.said, ContainsSubstring(says));
    CHECK(bytes_of(shop / "run/best.safetensors") == best);
  };
  // None of the pairs is short enough: known before the old run goes.
  refused(train("run", {"--overwrite", "--max-length", "1"}), "none of");
  refused({translate, "train", "--start", "run", "--out", "run", "--overwrite"}, "would remove the run");
  refused({translate, "average", "--run", "run", "--run", "run", "--out", "run"}, "choose another folder");
  CHECK(run(shop, {translate, "average", "--run", "run", "--run", "run", "--out", "mean"}).code == 0);
  std::filesystem::remove(shop / "run/last.safetensors");
  refused({translate, "train", "--out", "run", "--resume", "--epochs", "3"}, "train --start run --out run-2");
  refused({translate, "train", "--out", "mean", "--resume"}, "no last.safetensors");
}

TEST_CASE("a list of words goes with the run whose words it lists", "[translate][damage]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run")).code == 0);
  REQUIRE(run(shop, {translate, "shortlist", "--run", "run"}).code == 0);
  REQUIRE(run(shop, train("run", {"--overwrite", "--attention", "latent"})).code == 0);
  CHECK_FALSE(std::filesystem::exists(shop / "run/shortlist.tsv"));
  CHECK_THAT(run(shop, {translate, "shortlist", "--run", "run"}).said, ContainsSubstring("latent attention"));
}
