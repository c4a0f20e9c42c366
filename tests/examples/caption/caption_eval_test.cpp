// The command caption eval from outside, with a captioner that has learnt nothing; pointing, by hand.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "examples/caption/data/pointing.h"
#include "examples/caption/evaluation/measures.h"
#include "tests/examples/caption/caption_files.h"

using namespace heed;
using namespace heed::tests;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

namespace {

Outcome evaluate(const TemporaryDirectory& shop, const Words& more) {
  Words words = {HEED_CAPTION, "eval", "--run", "run", "--threads", "2", "--max-length", "6"};
  words.insert(words.end(), more.begin(), more.end());
  return Running(shop, words).wait();
}

nlohmann::json evaluate_json(const TemporaryDirectory& shop, Words more) {
  more.push_back("--json");
  const Outcome outcome = evaluate(shop, more);
  INFO(outcome.said);
  REQUIRE(outcome.code == 0);
  return nlohmann::json::parse(outcome.said);
}

}  // namespace

TEST_CASE("pointing counts the names whose largest weight lies on what they name", "[caption]") {
  caption::Scene scene;
  scene.objects = {{"tomato"}, {"moon"}};
  scene.owner.assign(size_t{caption::scene_side} * caption::scene_side, -1);
  scene.owner[0] = 0;      // cell 0 of 2 x 2
  scene.owner.back() = 1;  // cell 3
  const Words words = {"a", "tomato", "above", "a", "moon", "moon", "tree"};
  using Weights = std::vector<float>;
  const std::vector<Weights> alpha = {
      {0, 1, 0, 0},       {0.4F, 0.3F, 0.2F, 0.1F}, {0, 1, 0, 0}, {0, 1, 0, 0}, {0.2F, 0.1F, 0.4F, 0.3F},
      {0, 0, 0.4F, 0.6F}, {0.7F, 0.1F, 0.1F, 0.1F}, {1, 0, 0, 0}};
  caption::Pointing pointing;
  caption::add_pointing(pointing, scene, words, alpha, 2);
  CHECK(pointing.words == 4);  // tomato, moon, moon, and a tree that is not there
  CHECK(pointing.right == 2);
  CHECK(pointing.accuracy() == 0.5);
  CHECK_THROWS_AS(caption::add_pointing(pointing, scene, words, {{1, 0, 0, 0}}, 2), Error);
  CHECK_THROWS_AS(caption::add_pointing(pointing, scene, words, alpha, 3), Error);
}

TEST_CASE("caption eval measures captions, attention and pointing", "[caption]") {
  const TemporaryDirectory shop;
  write_run(shop, "soft");
  const auto json = evaluate_json(shop, {"--data", "builtin", "--split", "test", "--beam", "1"});
  CHECK(json["split"] == "test");
  CHECK(json["pictures"] == 500);
  CHECK(json["bleu"].size() == 4);
  CHECK(json["bleu"][0].get<double>() >= json["bleu"][3].get<double>());
  for (const char* name : {"meteor", "rouge_l", "cider_d", "captions_per_second"}) CHECK(json[name] >= 0);
  CHECK(json["perplexity"] > 1);
  // 64 places, and weights that were never trained: nearly uniform.
  CHECK(json["attention_entropy"].get<double>() == Approx(std::log(64.0)).margin(0.5));
  CHECK(json["attention_largest"] >= 1.0 / 64);
  CHECK(json["pointing_accuracy"] < 0.9);
  const Outcome said = evaluate(shop, {"--data", "builtin", "--beam", "1"});
  CHECK(said.code == 0);
  for (const char* name : {"BLEU-4", "METEOR", "ROUGE-L", "CIDEr-D", "entropy", "pointing"})
    CHECK_THAT(said.said, ContainsSubstring(name));
}

TEST_CASE("caption eval shows BLEU and chrF by the length of the references", "[caption]") {
  const TemporaryDirectory shop;
  write_album(shop, 1);
  write_run(shop, "soft");
  const auto json = evaluate_json(shop, {"--data", "album", "--beam", "1", "--by-length"});
  int64_t pictures = 0;
  for (const auto& bin : json["by_length"]) {
    pictures += bin["sentences"].get<int64_t>();
    if (bin["sentences"] == 0) continue;
    CHECK(bin["words"] >= bin["from"]);
    CHECK(bin["chrf_low"] <= bin["chrf"]);
    CHECK(bin["chrf"] <= bin["chrf_high"]);
  }
  CHECK(pictures == 4);
  CHECK(json["chrf"] >= 0);
  const Outcome said = evaluate(shop, {"--data", "album", "--beam", "1", "--bins", "1,50"});
  CHECK_THAT(said.said, ContainsSubstring("chrF2") && ContainsSubstring("2-50          4"));
  CHECK(evaluate(shop, {"--data", "album", "--bins", "0"}).code == 2);
}

TEST_CASE("caption eval compares two runs on the same pictures", "[caption]") {
  const TemporaryDirectory shop;
  write_album(shop, 1);
  write_run(shop, "soft");
  write_run(shop, "none", "other", 4);
  const auto same = evaluate_json(shop, {"--data", "album", "--beam", "1", "--against", "run"});
  CHECK(same["against"]["difference"]["chrf"]["value"] == 0);
  CHECK(same["against"]["difference"]["chrf"]["p"] == 1);
  const auto other = evaluate_json(shop, {"--data", "album", "--beam", "1", "--against", "other", "--by-length"});
  const double difference = other["chrf"].get<double>() - other["against"]["chrf"].get<double>();
  CHECK(other["against"]["difference"]["chrf"]["value"] == Approx(difference));
  CHECK(other["by_length"].back().contains("chrf_difference"));
  const Outcome said = evaluate(shop, {"--data", "album", "--beam", "1", "--against", "other", "--by-length"});
  CHECK_THAT(said.said,
             ContainsSubstring("run less other: BLEU") && ContainsSubstring("difference to the other run"));
  CHECK(evaluate(shop, {"--data", "album", "--against", "nowhere"}).code == 1);
}

TEST_CASE("captions are as long as their references in the mean", "[caption]") {
  const auto judged = caption::judge_captions({"a b", "a"}, {{"a b c", "a b", "a"}, {"a b", "a"}});
  CHECK(judged.length == std::vector<int64_t>{2, 2});  // 1.5 is rounded up
  CHECK(judged.bleu[0].ref_len == 2);
}

TEST_CASE("caption eval without attention speaks of none", "[caption]") {
  const TemporaryDirectory shop;
  write_run(shop, "none");
  const auto json = evaluate_json(shop, {"--data", "builtin", "--beam", "1"});
  CHECK_FALSE(json.contains("attention_entropy"));
  CHECK_FALSE(json.contains("pointing_accuracy"));
}

TEST_CASE("caption eval reads a folder, other captions, and writes its own", "[caption]") {
  const TemporaryDirectory shop;
  write_album(shop, 1);
  write_run(shop, "hard");
  for (const char* reading : {"expectation", "argmax", "sample"}) {
    const auto json = evaluate_json(
        shop, {"--data", "album", "--beam", "2", "--reading", reading, "--output", std::string(reading) + ".tsv"});
    CHECK(json["pictures"] == 4);
    CHECK(json["reading"] == reading);
    CHECK_FALSE(json.contains("pointing_accuracy"));
    const std::string rows = bytes_of(shop / (std::string(reading) + ".tsv"));
    CHECK(std::count(rows.begin(), rows.end(), '\n') == 4);
    CHECK_THAT(rows, ContainsSubstring("dev3.png\t0\t"));
  }
  for (const auto& file : std::filesystem::directory_iterator(shop / "album"))
    if (file.is_regular_file()) {
      const std::string before = bytes_of(file.path());
      const Outcome over = evaluate(shop, {"--data", "album", "--output", file.path().string()});
      CHECK(over.code == 2);
      CHECK_THAT(over.said, ContainsSubstring("is a file that is there already, of "));
      CHECK(bytes_of(file.path()) == before);
    }
  // Compared with what it wrote itself, a captioner is perfect.
  const auto own = evaluate_json(shop, {"--data", "album", "--beam", "2", "--captions", "expectation.tsv"});
  CHECK(own["bleu"][0] == Approx(100));
  CHECK(own["meteor"] == Approx(100));
  CHECK(own["rouge_l"] == Approx(100));
}

TEST_CASE("caption eval says what is missing", "[caption]") {
  const TemporaryDirectory shop;
  write_album(shop, 1);
  write_run(shop, "soft");
  shop.write("album/split.test.txt", "dev0.png\n");
  const auto check = [&](const Words& words, int code, const std::string& text) {
    const Outcome outcome = evaluate(shop, words);
    CHECK(outcome.code == code);
    CHECK_THAT(outcome.said, ContainsSubstring(text));
  };
  check({"--data", "album", "--split", "test"}, 1, "split 'test' has no captions");
  check({"--data", "album", "--split", "valid"}, 1, "no split 'valid'");
  check({"--data", "builtin", "--split", "valid"}, 1, "no split 'valid'");
  check({"--data", "builtin", "--captions", "a.tsv"}, 2, "--captions is for photographs");
  check({"--data", "builtin", "--reading", "guess"}, 2, "guess");
  check({"--checkpoint", "last.safetensors"}, 1, "has no last.safetensors");
  shop.write("album/captions.test.tsv", "dev0.png\t0\tA tomato .\n");
  check({"--data", "album", "--split", "test"}, 0, "test: 1 pictures");
}

TEST_CASE("caption estimators measures them beside the exact gradient", "[caption]") {
  const TemporaryDirectory shop;
  write_run(shop, "hard");
  write_run(shop, "soft", "soft");
  const auto compare = [&](const Words& more) {
    Words words = {HEED_CAPTION, "estimators", "--captions", "2", "--draws", "300", "--threads", "1"};
    words.insert(words.end(), more.begin(), more.end());
    return Running(shop, words).wait();
  };
  const Outcome found = compare({"--run", "run", "--estimator", "leave-one-out", "--json"});
  INFO(found.said);
  REQUIRE(found.code == 0);
  const nlohmann::json json = nlohmann::json::parse(found.said);
  CHECK(json["sentences"] == 2);
  const nlohmann::json& figures = json["leave-one-out"];
  CHECK(figures["bias"].get<double>() < 3 * figures["noise"].get<double>());  // it has none
  CHECK(figures["variance"].get<double>() > 0);
  CHECK_THAT(compare({"--run", "soft"}).said,
             ContainsSubstring("soft attention; places are drawn by --attention hard"));
  CHECK_THAT(compare({"--run", "run", "--words", "3"}).said,
             ContainsSubstring("64 places") && ContainsSubstring("--paths"));
  CHECK_THAT(compare({"--run", "run", "--estimator", "guess"}).said, ContainsSubstring("guess"));
}
