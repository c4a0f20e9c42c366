// What caption doctor finds in captioned pictures, each kind planted, and what it says of the presets.
#include <nlohmann/json.hpp>

#include "examples/support/doctor/preset_estimates.h"
#include "tests/examples/caption/caption_files.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

namespace {

Outcome examine(const TemporaryDirectory& shop, const Words& more) {
  Words words{HEED_CAPTION, "doctor", "--data", "album", "--threads", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return Running(shop, words).wait();
}

void append(const TemporaryDirectory& shop, const std::string& file, const std::string& text) {
  shop.write(file, bytes_of(shop / file) + text);
}

}  // namespace

TEST_CASE("the doctor finds nothing wrong with sound pictures, and each kind of others", "[caption][doctor]") {
  const TemporaryDirectory shop;
  write_album(shop, 6);
  const auto sound = nlohmann::json::parse(examine(shop, {"--presets", "none", "--json"}).said);
  CHECK(sound["splits"]["train"]["pictures"] == 6);
  CHECK(sound["splits"]["train"]["captions"] == 12);
  CHECK(sound["splits"]["train"]["looked_at"] == 6);
  for (const char* kind :
       {"missing", "broken", "same_file", "in_train", "file_in_train", "twice", "elsewhere", "short", "other_script"})
    for (const char* split : {"train", "dev"}) CHECK(sound["splits"][split][kind]["count"] == 0);
  CHECK(sound["presets"].empty());
  CHECK_THAT(sound["next"].get<std::string>(), !ContainsSubstring("--skip-broken"));

  const std::string first = caption::draw_scene(1, 0).caption;
  append(
      shop, "album/captions.dev.tsv",
      "dev0.png\t2\tкошка сидит на окне\ndev0.png\t3\tMoon .\ndev1.png\t2\tmoon\ndev1.png\t3\tmoon\ndev2.png\t2\t" +
          first + "\n");
  append(shop, "album/split.dev.txt", "train4.png\n");
  append(shop, "album/captions.dev.tsv", "train4.png\t0\tthe same one as in train\n");
  shop.write("album/images/dev1.png", bytes_of(shop / "album/images/train1.png"));
  shop.write("album/images/train3.png", bytes_of(shop / "album/images/train2.png"));
  shop.write("album/images/dev3.png", bytes_of(shop / "album/images/dev3.png").substr(0, 100));
  std::filesystem::remove(shop / "album/images/train5.png");
  const auto found = nlohmann::json::parse(examine(shop, {"--presets", "none", "--json"}).said);
  const auto &train = found["splits"]["train"], &dev = found["splits"]["dev"];
  const auto names = [](const nlohmann::json& kind) { return kind["first_pictures"].get<Words>(); };
  CHECK(names(dev["other_script"]) == Words{"dev0.png"});
  CHECK(dev["short"]["count"] == 3);
  CHECK(names(dev["short"]) == Words{"dev0.png", "dev1.png"});
  CHECK(names(dev["twice"]) == Words{"dev1.png"});
  CHECK(names(dev["elsewhere"]) == Words{"dev0.png", "dev1.png"});
  CHECK(names(dev["caption_in_train"]) == Words{"dev2.png"});
  CHECK(names(dev["in_train"]) == Words{"train4.png"});
  CHECK(names(dev["file_in_train"]) == Words{"dev1.png"});
  CHECK(names(dev["broken"]) == Words{"dev3.png"});
  CHECK(names(train["missing"]) == Words{"train5.png"});
  CHECK(train["same_file"]["count"] == 2);
  CHECK(dev["captions_of_a_picture"] == nlohmann::json{{"fewest", 1}, {"most", 4}});
  CHECK_THAT(found["next"].get<std::string>(), ContainsSubstring("--skip-broken"));
}

TEST_CASE("the doctor measures presets, and says why it could not", "[caption][doctor]") {
  const TemporaryDirectory shop;
  write_album(shop, 6);
  std::filesystem::remove(shop / "album/images/train0.png");  // another stands in for it
  const auto found = nlohmann::json::parse(examine(shop, {"--presets", "demo,small", "--json"}).said);
  const auto& demo = found["presets"]["demo"];
  CHECK(demo["steps"] == 1);
  CHECK(demo["epochs"] == 14);
  CHECK(demo["peak_bytes"] > 10'000'000);
  CHECK(demo["epoch"]["low"] < demo["epoch"]["high"]);
  CHECK_THAT(found["presets"]["small"]["failed"].get<std::string>(), ContainsSubstring("needs its weights"));
  CHECK(std::filesystem::directory_iterator(shop / "album") != std::filesystem::directory_iterator());
  CHECK_FALSE(std::filesystem::exists(shop / "album/squeezenet.features"));  // nothing is left behind
  const Outcome wrong = examine(shop, {"--presets", "demo,large"});
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.said, ContainsSubstring("there is no preset large; there are demo, small, paper"));
}

TEST_CASE("times are told in units that people use", "[doctor]") {
  CHECK(support::time_text(3.14) == "3.1 s");
  CHECK(support::time_text(300) == "5.0 minutes");
  CHECK(support::span_text({7200, 5400, 9000}) == "2.0 hours (1.5 to 2.5)");
  CHECK(support::time_text(20 * 24 * 3600.0) == "20 days");
  CHECK(support::presets_named("all", {"a", "b"}) == Words{"a", "b"});
  CHECK(support::presets_named("none", {"a", "b"}).empty());
  CHECK(support::presets_named("b", {"a", "b"}) == Words{"b"});
  support::Estimate told;
  told.epochs = 3;
  told.peak_bytes = 5'000'000;
  const std::string table = support::estimates_table({{"demo", told, ""}, {"small", {}, "no weights"}});
  CHECK_THAT(table, ContainsSubstring("4 MB") && ContainsSubstring("no weights"));
}
