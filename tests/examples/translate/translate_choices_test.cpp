// The program translate from outside: text, choices, presets.
#include "examples/support/text/text_form.h"
#include "optim/optimizers.h"
#include "optim/schedules.h"
#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

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

TEST_CASE("the rate is halved after each epoch from the one that was asked for, and so after a resume",
          "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  const auto halve = [](const char* out, const char* epochs) {
    return train(
        out, {"--optimizer", "sgd", "--lr", "0.5", "--schedule", "halve", "--halve-from", "2", "--epochs", epochs});
  };
  REQUIRE(run(shop, halve("whole", "5")).code == 0);
  std::vector<double> rates;
  std::ifstream lines(shop / "whole/metrics.jsonl");
  for (std::string line; std::getline(lines, line);)
    rates.push_back(nlohmann::json::parse(line).at("learning_rate").get<double>());
  CHECK(rates == std::vector<double>{0.5, 0.5, 0.25, 0.125, 0.0625});
  REQUIRE(run(shop, halve("parts", "3")).code == 0);  // stops where the rate falls already
  REQUIRE(run(shop, {translate, "train", "--out", "parts", "--resume", "--epochs", "5"}).code == 0);
  CHECK((result_of(shop, "parts") == result_of(shop, "whole")));
  const Outcome other = run(shop, {translate, "train", "--out", "parts", "--resume", "--halve-from", "4"});
  CHECK(other.code != 0);
  CHECK_THAT(other.said, ContainsSubstring("halve"));
  CHECK(run(shop, halve("none", "0")).code != 0);
}

TEST_CASE("location: sources of more than 200 words are trained on and translated, and the help tells",
          "[translate]") {
  const TemporaryDirectory shop;
  std::string source, target;
  for (const int words : {3, 150, 199, 200, 201, 260}) {
    for (int i = 0; i < words; ++i) source += i % 3 ? "a " : "b ";
    source += "c\n", target += "A B C\n";
  }
  for (const char* split : {"train", "valid"}) {
    shop.write(std::string("data/") + split + ".en", source);
    shop.write(std::string("data/") + split + ".de", target);
  }
  for (const char* window : {"global", "local-m", "local-p"}) {
    INFO(window);
    REQUIRE(run(shop, train(window, {"--score", "location", "--window", window})).code == 0);
    for (const char* beam : {"1", "3"}) {
      const Outcome said = run(shop, {translate, "text", "--run", window, "--beam", beam, "--align"}, source);
      INFO(said.said);
      CHECK(said.code == 0);
    }
  }
  CHECK_THAT(run(shop, {translate, "train", "--help"}).said, ContainsSubstring("location knows 200 positions"));
  const TensorFile model = load_tensors(shop / "global/best.safetensors");
  CHECK(model.tensors.at("attention.weight").size(0) == 200);
}

// A program that writes a line and waits for the answer must get it.
TEST_CASE("text answers a line before the next one is written", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  shop.write("ask.sh",
             "mkfifo in out\n"
             "\"$1\" text --run run --beam 2 <in >out &\n"
             "exec 3>in 4<out\n"
             "for line in 'a b' c; do\n"
             "  echo \"$line\" >&3\n"
             "  read -r answer <&4 && echo \"answered $line\"\n"
             "done\n"
             "exec 3>&-\n"
             "wait\n");
  const Outcome asked = run(shop, {"timeout", "60", "sh", "ask.sh", translate});
  CHECK(asked.code == 0);
  CHECK_THAT(asked.said, ContainsSubstring("answered a b\nanswered c\n"));
}

TEST_CASE("text drops a byte order mark, and reads accents in either form", "[translate]") {
  const TemporaryDirectory shop;
  const std::string source = "e\u0301te\u0301 a\nhiver b\n", target = "summer\nwinter\n";
  for (const std::string split : {"train", "valid"}) {
    shop.write("data/" + split + ".fr", source);
    shop.write("data/" + split + ".en", target);
  }
  const Words more = {"--source", "fr", "--target", "en", "--epochs", "1"};
  REQUIRE(run(shop, train("run", more)).code == 0);
  const Words text = {translate, "text", "--run", "run", "--beam", "2"};
  const std::string plain = run(shop, text, "été a\n").said;
  CHECK(run(shop, text, "\uFEFFété a\n").said == plain);
  if (!support::has_unicode()) return;
  CHECK(run(shop, text, "e\u0301te\u0301 a\n").said == plain);
  CHECK_THAT(bytes_of(shop / "run/source.vocab"), ContainsSubstring("\nété\n"));
  // A run from before there were forms has its vocabulary in bytes, and keeps it.
  Words old = more;
  old.insert(old.end(), {"--text-form", "bytes"});
  REQUIRE(run(shop, train("old", old)).code == 0);
  CHECK_THAT(bytes_of(shop / "old/source.vocab"), ContainsSubstring("\ne\u0301te\u0301\n"));
  auto settings = nlohmann::json::parse(bytes_of(shop / "old/run.json"));
  settings.erase("crc32c");  // which such a run has not either
  REQUIRE(settings["settings"]["text"].erase("form") == 1);
  shop.write("old/run.json", settings.dump());
  CHECK(run(shop, {translate, "text", "--run", "old", "--beam", "2"}, "e\u0301te\u0301 a\n").code == 0);
  REQUIRE(run(shop, {translate, "train", "--out", "old", "--resume", "--epochs", "2"}).code == 0);
  CHECK_THAT(bytes_of(shop / "old/source.vocab"), ContainsSubstring("\ne\u0301te\u0301\n"));
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
