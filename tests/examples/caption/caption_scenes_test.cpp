#include "examples/caption/data/scenes.h"

#include "autograd/base/error.h"
#include "autograd/files/crc32c.h"
#include "examples/support/text/text.h"
#include "tests/catch.hpp"

#include <map>
#include <set>

using namespace heed::caption;
using heed::support::split_words;

TEST_CASE("a scene depends on its seed and number alone") {
  const Scene scene = draw_scene(7, 3);
  CHECK(draw_scene(7, 3).picture.rgb == scene.picture.rgb);
  CHECK(draw_scene(7, 3).caption == scene.caption);
  CHECK(draw_scene(7, 4).picture.rgb != scene.picture.rgb);
  CHECK(draw_scene(8, 3).picture.rgb != scene.picture.rgb);
}

TEST_CASE("captions say what is where") {
  std::map<std::string, int> seen;
  std::set<std::string> captions;
  for (int number = 0; number < 300; ++number) {
    const Scene scene = draw_scene(1, number);
    INFO(number << ": " << scene.caption);
    captions.insert(scene.caption);
    const auto words = split_words(scene.caption);
    for (const std::string& word : words) ++seen[word];
    REQUIRE(scene.objects.size() >= 2);
    REQUIRE(scene.objects.size() <= 4);
    REQUIRE(words.size() == 3 * scene.objects.size() - 1);
    std::set<std::string> names;
    for (size_t i = 0; i < scene.objects.size(); ++i) {
      const SceneObject& object = scene.objects[i];
      CHECK(words[3 * i] == "a");
      CHECK(words[3 * i + 1] == object.name);
      names.insert(object.name);
      if (i == 0) continue;
      const SceneObject& before = scene.objects[i - 1];
      const int right = (object.x0 + object.x1) - (before.x0 + before.x1);
      const int down = (object.y0 + object.y1) - (before.y0 + before.y1);
      if (words[3 * i - 1] == "beside") CHECK((right > 20 && std::abs(down) < 20));
      if (words[3 * i - 1] == "above") CHECK(down > 20);
    }
    CHECK(names.size() == scene.objects.size());
  }
  CHECK(captions.size() > 270);
  CHECK(seen.size() == 15);  // a, beside, above, twelve kinds
  for (const auto& [word, count] : seen) CHECK(count > 50);
}

TEST_CASE("what the owner map says is seen is seen") {
  for (int number = 0; number < 100; ++number) {
    const Scene scene = draw_scene(2, number);
    std::vector<int> count(scene.objects.size());
    for (size_t i = 0; i < scene.owner.size(); ++i) {
      if (scene.owner[i] < 0) continue;
      const SceneObject& object = scene.objects[static_cast<size_t>(scene.owner[i])];
      const int x = static_cast<int>(i) % scene_side, y = static_cast<int>(i) / scene_side;
      ++count[static_cast<size_t>(scene.owner[i])];
      CHECK((x >= object.x0 && x < object.x1 && y >= object.y0 && y < object.y1));
      const uint8_t* rgb = scene.picture.at(x, y);
      if (object.name == "tomato") CHECK(rgb[0] > rgb[1]);
      if (object.name == "ball") CHECK(rgb[2] > rgb[0]);
      if (object.name == "sun") CHECK(rgb[0] > rgb[2]);
    }
    for (int n : count) CHECK(n > 60);  // overlapping leaves enough to tell by
  }
}

TEST_CASE("the picture of a known number") {
  // Whoever changes the drawing changes every result on built-in data, and should know.
  const Scene scene = draw_scene(1, 0);
  CHECK(scene.caption == "a window beside a tent above a brick beside a ball");
  CHECK(heed::crc32c(scene.picture.rgb.data(), scene.picture.rgb.size()) == 0xD3FC539Cu);
}

TEST_CASE("words and the objects that they name") {
  Scene scene;
  scene.objects = {{"tomato"}, {"brick"}};
  const auto named = [&](const char* caption) { return named_objects(scene, split_words(caption)); };
  using Ints = std::vector<int>;
  CHECK(named("a tomato above a brick") == Ints{-1, 0, -1, -1, 1});
  CHECK(named("brick brick tomato") == Ints{1, 1, 0});
  CHECK(named("a moon beside a brick") == Ints{-1, -2, -1, -1, 1});
  CHECK(named("").empty());
}

TEST_CASE("cells that show an object") {
  Scene scene;
  scene.owner.assign(size_t{scene_side} * scene_side, -1);
  scene.owner[10 * scene_side + 40] = 1;  // one pixel at x = 40, y = 10
  for (int64_t cell = 0; cell < 64; ++cell) CHECK(cell_shows(scene, 8, cell, 1) == (cell == 1 * 8 + 5));
  CHECK_FALSE(cell_shows(scene, 8, 13, 0));
  CHECK(cell_shows(scene, 1, 0, 1));
  // 13 does not divide 64: column 8 spans 39.4 to 44.3, row 2 9.8 to 14.8, row 1 4.9 to 9.8.
  CHECK(cell_shows(scene, 13, 2 * 13 + 8, 1));
  CHECK_FALSE(cell_shows(scene, 13, 1 * 13 + 8, 1));
  CHECK_THROWS_AS(cell_shows(scene, 8, 64, 1), heed::Error);
}

TEST_CASE("splits of the built-in pictures") {
  CHECK(scene_split("train").count == 8000);
  CHECK(scene_split("dev").seed != scene_split("train").seed);
  CHECK(scene_split("test").seed != scene_split("dev").seed);
  CHECK_THROWS_WITH(scene_split("valid"), Catch::Matchers::ContainsSubstring("no split 'valid'"));
}
