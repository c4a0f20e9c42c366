// The program translate from outside: exact resume, threads, seeds, exit codes, messages.
#include <regex>

#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a run that is interrupted and resumed ends with the same bits", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 6000);
  REQUIRE(run(shop, train("whole")).code == 0);
  const Words resume = {translate, "train", "--out", "parts", "--resume"};
  train_in_parts(shop, train("parts"), "parts");
  CHECK((result_of(shop, "parts") == result_of(shop, "whole")));
  const Outcome again = run(shop, resume);
  CHECK(again.code == 0);
  CHECK_THAT(again.said, ContainsSubstring("nothing left to do after 2 epochs") && ContainsSubstring("--epochs 12"));
}

TEST_CASE("a run that was killed goes on from its last checkpoint, or begins again", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 200);
  REQUIRE(run(shop, train("whole")).code == 0);
  REQUIRE(run(shop, train("killed")).code == 0);
  // As if killed in the first epoch, half a line written.
  std::filesystem::remove(shop / "killed/last.safetensors");
  std::filesystem::remove(shop / "killed/best.safetensors");
  shop.write("killed/metrics.jsonl", "{\"epoch\": 1, \"tra");
  const Outcome outcome = run(shop, {translate, "train", "--out", "killed", "--resume"});
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.said, ContainsSubstring("starts from the beginning"));
  CHECK((result_of(shop, "killed") == result_of(shop, "whole")));
}

TEST_CASE("a seed fixes everything, for any number of threads", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 200);
  for (const auto& [out, flags] : {std::pair<std::string, Words>{"one", {}},
                                   {"again", {}},
                                   {"two", {"--threads", "2"}},
                                   {"other", {"--seed", "2"}}})
    REQUIRE(run(shop, train(out, flags)).code == 0);
  const std::string one = result_of(shop, "one");
  CHECK((one == result_of(shop, "again")));
  CHECK((one == result_of(shop, "two")));
  CHECK((one != result_of(shop, "other")));
}

TEST_CASE("wrong usage and bad data are answered with the right code and a clear message", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  for (const char* name : {"short", "latin", "empty"}) write_corpus(shop, name, 40);
  shop.write("short/train.de", "A B\nC D\n");
  shop.write("latin/train.de", "A\nB \xE9 C\n");
  shop.write("empty/valid.en", "");
  shop.write("file", "x");
  struct Case {
    Words flags;
    int code;
    std::string said;
  };
  const Case cases[] = {
      {{"--modle", "fixed"}, 2, "unknown flag --modle; did you mean --model?"},
      {{"--dropout", "0.1"}, 2, "did you mean --dropout-"},
      {{"--cell", "gur"}, 2, "did you mean gru?"},
      {{"--hidden", "0"}, 2, "--hidden: '0' was given, but a whole number is expected: 1 or more"},
      {{"--epochs", "-1"}, 2, "--epochs: '-1'"},
      {{"--lr", "abc"}, 2, "--lr: 'abc' was given, but a number is expected: 0 or more"},
      {{"--lr", "nan"}, 2, "--lr: 'nan'"},
      {{"--seed", "99999999999999999999"}, 2, "--seed: 99999999999999999999 is too large"},
      {{"--lr", "0x5"}, 2, "--lr: '0x5' was given, but a number is expected"},
      {{"--lr", " 5"}, 2, "--lr: ' 5'"},
      {{"--model", "fixed", "--score", "dot"}, 2, "--score is for --model attention, not fixed"},
      {{"--model", "fixed", "--window", "local-m"}, 2, "--window is for --model attention, not fixed"},
      {{"--cost", "--json"}, 2, "--cost prints a table"},
      {{"--dropout-readout", "1.5"}, 2, "0 to 0.95"},
      {{"--threads", "0"}, 2, "1 to 1024"},
      {{"--tied", "--readout", "7"}, 2, "--readout is 7 and --embedding 8"},
      {{"--score", "dot", "--hidden", "7"}, 2, "make --hidden 12, or take --score general"},
      {{"--data", "nowhere"}, 1, "no directory nowhere"},
      {{"--data", "short"}, 1, "train.en has 40 lines, short/train.de has 2"},
      {{"--data", "latin"}, 1, "latin/train.de, line 2, byte 3: 0xe9 is not valid UTF-8"},
      {{"--data", "empty"}, 1, "empty/valid.en is empty"},
      {{"--out", "file/run"}, 1, "cannot make the folder"},
      {{"--resume"}, 1, "holds no run to go on with"},
      {{"--min-count", "99999"}, 1, "lower --min-count"},
  };
  for (const Case& one : cases) {
    const Outcome outcome = run(shop, train("out", one.flags));
    INFO(one.said);
    CHECK(outcome.code == one.code);
    CHECK_THAT(outcome.said, ContainsSubstring(one.said));
    CHECK_FALSE(std::filesystem::exists(shop / "out"));
  }
  CHECK(run(shop, {translate}).code == 2);
  CHECK_THAT(run(shop, {translate, "trian"}).said, ContainsSubstring("did you mean train?"));
}

TEST_CASE("a run is neither overwritten nor changed by accident", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run")).code == 0);
  const std::string before = result_of(shop, "run");
  const Outcome again = run(shop, train("run"));
  CHECK(again.code == 1);
  CHECK_THAT(again.said, ContainsSubstring("already holds a run") && ContainsSubstring(" train --out run --resume"));
  const Outcome other = run(shop, {translate, "train", "--out", "run", "--resume", "--hidden", "9"});
  CHECK(other.code == 2);
  CHECK_THAT(other.said, ContainsSubstring("hidden is 12, not 9"));
  CHECK(run(shop, train("run", {"--overwrite", "--data", "nowhere"})).code == 1);
  CHECK((result_of(shop, "run") == before));
  shop.write("run/run.json", "{\"settings\": {}}");
  const Outcome broken = run(shop, {translate, "train", "--out", "run", "--resume"});
  CHECK(broken.code == 1);
  CHECK_THAT(broken.said, ContainsSubstring("run.json: these are not the settings of a translator"));
}

TEST_CASE("a run whose checkpoint has the names of before 2026-12 goes on", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("whole", {"--schedule", "constant"})).code == 0);
  REQUIRE(run(shop, train("run", {"--schedule", "constant", "--epochs", "1"})).code == 0);
  const TensorFile last = load_tensors(shop / "run/last.safetensors");
  TensorFile old;
  for (const auto& [name, text] : last.metadata) old.metadata[name] = text;
  auto progress = nlohmann::json::parse(last.metadata.at("progress"));
  REQUIRE(progress.erase("best_perplexity") == 1);
  old.metadata.erase("progress");
  old.metadata["standing"] = progress.dump();
  for (const auto& [name, tensor] : last.tensors) {
    const size_t at = name.find("attention.query_weight");
    old.tensors[at == std::string::npos ? name : name.substr(0, at) + "attention.score.query_weight"] = tensor;
  }
  REQUIRE(old.tensors.contains("attention.score.query_weight"));
  REQUIRE(old.metadata.contains("standing"));
  save_tensors(shop / "run/last.safetensors", old);
  CHECK(run(shop, {translate, "train", "--out", "run", "--resume", "--epochs", "2"}).code == 0);
  CHECK((result_of(shop, "run") == result_of(shop, "whole")));
}

TEST_CASE("a full disk stops a run, and what was saved stays", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  const Words constant = {"--schedule", "constant", "--epochs"};
  const auto epochs = [&](const char* count) { return Words{constant[0], constant[1], constant[2], count}; };
  REQUIRE(run(shop, train("whole", epochs("2"))).code == 0);
  REQUIRE(run(shop, train("run", epochs("1"))).code == 0);
  // No file may grow beyond 16 blocks, which run.json needs not and a checkpoint does: writing fails as it does on a full disk.
  const std::string resume = translate + " train --out run --resume --epochs 2";
  const std::string limited = "(ulimit -f 16; exec " + resume + " 2>&1); echo code $?";
  const Outcome full = run(shop, {"sh", "-c", "trap '' XFSZ; { " + limited + "; } | cat"});
  CHECK_THAT(full.said,
             ContainsSubstring("untouched") && ContainsSubstring("go on with:") && ContainsSubstring("code 1\n"));
  CHECK(run(shop, {"sh", "-c", resume}).code == 0);
  CHECK((result_of(shop, "run") == result_of(shop, "whole")));
}

TEST_CASE("a damaged or foreign checkpoint is named with its tensors", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run")).code == 0);
  REQUIRE(run(shop, train("other", {"--hidden", "10"})).code == 0);
  const Words eval = {translate, "eval", "--run", "run", "--beam", "2"};
  CHECK(run(shop, eval).code == 0);
  const std::string whole = bytes_of(shop / "run/best.safetensors");
  const auto answer = [&](const std::string& bytes) {
    shop.write("run/best.safetensors", bytes);
    const Outcome outcome = run(shop, eval);
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.said, ContainsSubstring("run/best.safetensors"));
    return outcome.said;
  };
  std::string flipped = whole;
  flipped.back() = static_cast<char>(flipped.back() ^ 0x10);
  CHECK_THAT(answer(flipped), ContainsSubstring("target_embedding.weight"));
  CHECK_THAT(answer(whole.substr(0, whole.size() / 2)), ContainsSubstring("cut"));
  CHECK_THAT(answer(bytes_of(shop / "other/best.safetensors")), ContainsSubstring("hidden is 10, not 12"));
  shop.write("run/best.safetensors", whole);
  std::filesystem::remove(shop / "run/target.vocab");
  const Outcome lost = run(shop, eval);
  CHECK(lost.code == 1);
  CHECK_THAT(lost.said, ContainsSubstring("run/target.vocab is gone"));
}

TEST_CASE("train --cost says what a step will cost, and trains nothing", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 200);
  Words words = train("run", {"--cost"});
  words.erase(words.begin() + 4, words.begin() + 6);  // without --out
  const Outcome outcome = run(shop, words);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.said, ContainsSubstring("linear_cross_entropy") && ContainsSubstring("GFLOP in products"));
  CHECK(!std::filesystem::exists(shop / "run"));
  std::smatch most;
  REQUIRE(std::regex_search(outcome.said, most, std::regex("memory at most ([0-9.]+) MB")));
  REQUIRE(run(shop, train("run")).code == 0);
  std::ifstream lines(shop / "run/metrics.jsonl");
  std::string line;
  REQUIRE(std::getline(lines, line));
  const double peak = nlohmann::json::parse(line)["peak_bytes"].get<double>() / 1e6;
  CHECK(std::stod(most[1]) == Approx(peak).epsilon(0.4));  // of which validation is a part
  CHECK(run(shop, train("run", {"--cost", "--resume"})).code == 2);
}
