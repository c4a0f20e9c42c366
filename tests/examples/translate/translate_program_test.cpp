// The program translate from outside: exact resume, threads, seeds, exit codes, messages.
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "autograd/base/rng.h"
#include "autograd/files/safetensors.h"
#include "optim/optimizers.h"
#include "optim/schedules.h"
#include "tests/examples/program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

namespace {

const std::string translate = HEED_TRANSLATE;

// Sentences of letters, and their reversals in capitals.
void write_corpus(const TemporaryDirectory& shop, const std::string& folder, int pairs) {
  Rng rng(5);
  for (const auto& [split, count] : {std::pair{"train", pairs}, std::pair{"valid", 10}}) {
    std::string source, target;
    for (int i = 0; i < count; ++i) {
      std::string line, reversed;
      for (int64_t n = 3 + rng.below(8); n > 0; --n) {
        const char letter = static_cast<char>('a' + rng.below(12));
        line += std::string(line.empty() ? "" : " ") + letter;
        reversed = static_cast<char>(letter - 32) + std::string(reversed.empty() ? "" : " ") + reversed;
      }
      source += line + "\n";
      target += reversed + "\n";
    }
    shop.write(folder + "/" + split + ".en", source);
    shop.write(folder + "/" + split + ".de", target);
  }
}

Words train(const std::string& out, Words more = {}) {
  Words words = {
      translate,           "train", "--data",      "data", "--out",        out,  "--preset",    "demo",
      "--hidden",          "12",    "--embedding", "8",    "--readout",    "8",  "--alignment", "8",
      "--encoder-hidden",  "6",     "--epochs",    "2",    "--batch-size", "16", "--threads",   "1",
      "--dropout-readout", "0.2"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Outcome run(const TemporaryDirectory& shop, const Words& words, const std::string& input = "") {
  return Running(shop, words, input).wait();
}

// Everything that a run computed: both checkpoints, and the metrics without what clock and memory say.
std::string result_of(const TemporaryDirectory& shop, const std::string& out) {
  std::string text;
  for (const char* name : {"last.safetensors", "best.safetensors"})
    for (const auto& [key, tensor] : load_tensors(shop / (out + "/" + name)).tensors) {
      text += key;
      for (double x : tensor.to_vector()) text.append(reinterpret_cast<const char*>(&x), sizeof x);
    }
  std::ifstream lines(shop / (out + "/metrics.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    nlohmann::json metrics = nlohmann::json::parse(line);
    for (const char* key : {"seconds", "words_per_second", "peak_bytes"}) metrics.erase(key);
    text += metrics.dump() + "\n";
  }
  return text;
}

// Lets a run train for a moment and stops it with Ctrl-C. Whether it stopped within an epoch.
bool interrupt(const TemporaryDirectory& shop, const Words& words, const std::string& out, int milliseconds) {
  const Running running(shop, words);
  while (!std::filesystem::exists(shop / (out + "/run.json")))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  running.send(SIGINT);
  const Outcome outcome = running.wait();
  if (outcome.code == -1) return false;  // a busy machine had not let it begin yet
  CHECK(outcome.code == 130);
  CHECK_THAT(outcome.said, ContainsSubstring(translate + " train --out " + out + " --resume"));
  const TensorFile last = load_tensors(shop / (out + "/last.safetensors"));
  return nlohmann::json::parse(last.metadata.at("standing")).at("batch").get<int64_t>() > 0;
}

}  // namespace

TEST_CASE("a run that is interrupted and resumed ends with the same bits", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 6000);
  REQUIRE(run(shop, train("whole")).code == 0);
  const Words resume = {translate, "train", "--out", "parts", "--resume"};
  // How far a moment of training gets depends on the machine.
  int within = interrupt(shop, train("parts"), "parts", 100);
  for (int tries = 0; tries < 2 || (!within && tries < 6); ++tries)
    within += interrupt(shop, resume, "parts", 60 + 40 * tries);
  CHECK(within > 0);
  REQUIRE(run(shop, resume).code == 0);
  CHECK((result_of(shop, "parts") == result_of(shop, "whole")));
  const Outcome again = run(shop, resume);
  CHECK(again.code == 0);
  CHECK_THAT(again.said,
             ContainsSubstring("nothing left to do after 2 epochs") && ContainsSubstring("--epochs 12"));
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
      {{"--seed", "99999999999999999999"}, 2, "--seed"},
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
  CHECK_THAT(again.said,
             ContainsSubstring("already holds a run") && ContainsSubstring(" train --out run --resume"));
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

TEST_CASE("a full disk stops a run, and what was saved stays", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  const Words constant = {"--schedule", "constant", "--epochs"};
  const auto epochs = [&](const char* count) { return Words{constant[0], constant[1], constant[2], count}; };
  REQUIRE(run(shop, train("whole", epochs("2"))).code == 0);
  REQUIRE(run(shop, train("run", epochs("1"))).code == 0);
  // No file may grow beyond 4 blocks: writing fails as it does on a full disk.
  const std::string resume = translate + " train --out run --resume --epochs 2";
  const std::string limited = "(ulimit -f 4; exec " + resume + " 2>&1); echo code $?";
  const Outcome full = run(shop, {"sh", "-c", "trap '' XFSZ; { " + limited + "; } | cat"});
  CHECK_THAT(full.said, ContainsSubstring("untouched") && ContainsSubstring("go on with:") &&
                            ContainsSubstring("code 1\n"));
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
  CHECK_THAT(answer(bytes_of(shop / "other/best.safetensors")),
             ContainsSubstring("decoder.weight_hh") && ContainsSubstring("10"));
  shop.write("run/best.safetensors", whole);
  std::filesystem::remove(shop / "run/target.vocab");
  const Outcome lost = run(shop, eval);
  CHECK(lost.code == 1);
  CHECK_THAT(lost.said, ContainsSubstring("no such file: run/target.vocab"));
}

TEST_CASE("text answers line by line", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  const Words text = {translate, "text", "--run", "run", "--beam", "2"};
  const Outcome three = run(shop, text, "a b\n\nzebra c\n");
  CHECK(three.code == 0);
  CHECK(std::count(three.said.begin(), three.said.end(), '\n') == 3);
  CHECK_THAT(three.said, ContainsSubstring("\n\n"));
  const Outcome latin = run(shop, text, "a b\nc \xE9\n");
  CHECK(latin.code == 1);
  CHECK_THAT(latin.said, ContainsSubstring("standard input, line 2, byte 3"));
  CHECK(run(shop, text, "").code == 1);
  REQUIRE(run(shop, train("located", {"--epochs", "1", "--score", "location"})).code == 0);
  std::string long_line;
  for (int i = 0; i < 500; ++i) long_line += "a ";
  CHECK(run(shop, text, long_line).code == 0);
  // Longer than what its score has weights for: the rest is ignored.
  CHECK(run(shop, {translate, "text", "--run", "located"}, long_line).code == 0);
}

TEST_CASE("check-finite names what went wrong first", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  CHECK(run(shop, train("fine", {"--check-finite"})).code == 0);
  const Outcome broken = run(shop, train("run", {"--check-finite", "--lr", "1e38", "--optimizer", "sgd"}));
  CHECK(broken.code == 1);
  CHECK_THAT(broken.said, ContainsSubstring("epoch 1, step") && ContainsSubstring("anomaly"));
  const Outcome diverged = run(shop, train("nan", {"--lr", "1e38", "--optimizer", "sgd"}));
  CHECK(diverged.code == 1);
  CHECK_THAT(diverged.said, ContainsSubstring("diverged") && ContainsSubstring("--check-finite"));
}

TEST_CASE("every optimizer and schedule of the tables is a choice, with its line of help", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  const std::string help = run(shop, {translate, "train", "--help"}).said;
  const auto check = [&](const std::string& flag, const char* name, const char* line) {
    INFO(flag << " " << name);
    CHECK(run(shop, train(name, {flag, name, "--epochs", "1"})).code == 0);
    CHECK_THAT(help, ContainsSubstring(line));
    CHECK_THAT(bytes_of(shop / (std::string(name) + "/run.json")),
               ContainsSubstring("\"" + std::string(name) + "\""));
  };
  for (const auto& choice : optimizers) check("--optimizer", choice.name, choice.help);
  for (const auto& choice : schedules) check("--schedule", choice.name, choice.help);
}

TEST_CASE("a preset is a set of defaults, and flags come after it", "[translate]") {
  const TemporaryDirectory shop;
  for (const auto& [preset, hidden] : {std::pair{"demo", "128"}, {"small", "384"}, {"paper", "1000"}}) {
    const Words words = {translate, "train", "--hidden", "77", "--preset", preset, "--help"};
    const std::string help = run(shop, words).said;
    CHECK_THAT(help, ContainsSubstring("--preset TEXT=" + std::string(preset)));
    CHECK_THAT(help, ContainsSubstring("--hidden INT:(1 or more)=" + std::string(hidden)));
    // It goes together: what fails is the data.
    CHECK(run(shop, {translate, "train", "--preset", preset, "--data", "nowhere", "--out", "x"}).code == 1);
  }
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run", {"--epochs", "1", "--schedule", "constant"})).code == 0);
  const auto settings = nlohmann::json::parse(bytes_of(shop / "run/run.json")).at("settings");
  CHECK(settings.at("model").at("hidden") == 12);              // a flag
  CHECK(settings.at("training").at("learning_rate") == 3e-3);  // the preset
  CHECK(settings.at("training").at("schedule") == "constant");
}
