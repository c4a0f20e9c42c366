#include "examples/caption/commands/caption_report.h"

#include <nlohmann/json.hpp>

#include "examples/caption/data/scenes.h"
#include "examples/support/images/image_png.h"
#include "examples/support/images/image_read.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed;
using namespace heed::caption;
using Catch::Matchers::ContainsSubstring;

namespace {

Caption two_words() {
  Caption caption;
  caption.words = {"a", "dog"};
  caption.text = "a dog";
  caption.alpha = {{0.25f, 0.25f, 0.25f, 0.25f}, {0, 0, 1, 0}, {0.5f, 0.5f, 0, 0}};  // the last of </s>
  return caption;
}

}  // namespace

TEST_CASE("a telling has a map for each word and none for the end") {
  const auto told = telling("drawn", two_words());
  CHECK(told.label == "drawn");
  CHECK(told.words == std::vector<std::string>{"a", "dog"});
  REQUIRE(told.weights.size() == 2);
  CHECK(told.weights[1][2] == 1);
  Caption plain = two_words();
  plain.alpha.clear();
  CHECK(telling("", plain).weights.empty());
}

TEST_CASE("pictures on pages keep their shape and are not larger than needed") {
  const auto large = picture_story("a.jpg", support::blank_image(2000, 1000, 10, 200, 30), 13);
  CHECK(large.width == 480);
  CHECK(large.height == 240);
  CHECK(large.side == 13);
  CHECK(large.file.starts_with("\xff\xd8\xff"));
  const support::Image shown = support::decode_image(large.file, "page");
  CHECK(shown.width == 480);
  CHECK(shown.height == 240);
  CHECK(std::abs(shown.at(100, 100)[1] - 200) <= 3);
  const auto thin = picture_story("thin.png", support::blank_image(1, 3000, 1, 2, 3), 13);
  CHECK(thin.width == 1);
  CHECK(thin.height == 480);
  // Drawings keep every pixel.
  const Scene scene = draw_scene(1, 1);
  CHECK(support::decode_image(picture_story("1", scene.picture, 8).file, "1").rgb == scene.picture.rgb);
}

TEST_CASE("the report of a run holds curves, settings and pictures with captions") {
  Options options;
  options.data.data = "builtin";
  options.model.side = 2;
  CaptionSet valid;
  for (int i = 0; i < 40; ++i) {
    valid.images.push_back(std::to_string(i));
    valid.references.push_back({"a dog", "the dog"});
  }
  const std::vector<Caption> captions(40, two_words());
  const std::vector<nlohmann::json> metrics = {
      {{"epoch", 1}, {"valid_ppl", 9.5}, {"variance_baseline", 3.0}},
      {{"epoch", 2}, {"valid_ppl", 7.25}, {"valid_bleu", 20.5}, {"variance_baseline", 2.0}}};
  const support::Report report = make_report(options, metrics, valid, captions);
  CHECK(report.pictures.size() == 16);
  CHECK(report.pictures[3].name == "picture 6");
  CHECK(report.pictures[3].references == valid.references[6]);
  CHECK(support::decode_image(report.pictures[3].file, "6").rgb ==
        draw_scene(scene_split("dev").seed, 6).picture.rgb);
  std::vector<std::string> names;
  for (const auto& curve : report.curves) names.push_back(curve.name);
  CHECK(names == std::vector<std::string>{"perplexity/valid", "BLEU-4/valid", "variance of the gradient/baseline"});
  const std::string html = report_html(report);
  CHECK_THAT(html, ContainsSubstring("20.50") && ContainsSubstring("\"words\":[\"a\",\"dog\"]"));
}

TEST_CASE("pictures whose files are gone are left out of a report") {
  const tests::TemporaryDirectory folder;
  std::filesystem::create_directory(folder / "images");
  folder.write("images/there.png", support::png_bytes(support::blank_image(4, 4, 1, 1, 1)));
  Options options;
  options.data.data = folder.string();
  options.model.side = 2;
  CaptionSet valid;
  valid.images = {"gone.png", "there.png"};
  valid.files = {folder / "images/gone.png", folder / "images/there.png"};
  valid.references = {{"x"}, {"y"}};
  const auto report = make_report(options, {}, valid, {two_words(), two_words()});
  REQUIRE(report.pictures.size() == 1);
  CHECK(report.pictures[0].name == "there.png");
}
