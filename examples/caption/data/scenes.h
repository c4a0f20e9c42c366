// Pictures that the program draws itself, with captions for which one knows where attention ought to look.
//
// Two to four things lie on a loose 3 x 3 grid, 64 x 64 pixels in all; neighbours may overlap a little.
// Grey specks and lines lie about too and are never named. The caption names the things row by row,
// from left to right:
//
//     a tomato beside a window above a tree
//
// "beside" stays in the row, "above" goes on in a lower one, and no picture has two things of a kind. So
// every picture has exactly one right caption, and every name in it names exactly one thing.
//
// There are twelve kinds, each a coloured shape: a tomato is a red circle, a brick a red square, a ball a
// blue circle. Neither colour nor shape suffices to name one. That a thing has a single word is on purpose:
// given "red circle", a network looks once, for the first word, remembers the rest, and is already looking
// elsewhere while it says the second. Then attention is right and yet not where one expects it.
//
// The background grows lighter from left to right and bluer from top to bottom. Everything is drawn with
// whole numbers: a seed gives the same pictures on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "examples/support/images/image.h"

namespace heed::caption {

constexpr int scene_side = 64;  // pixels

struct SceneObject {
  std::string name;    // "tomato"
  int x0 = 0, y0 = 0;  // the smallest box, in pixels, ..
  int x1 = 0, y1 = 0;  // .. x0 <= x < x1, around what can be seen of it
};

struct Scene {
  support::Image picture;  // [64, 64, 3]
  std::string caption;
  std::vector<SceneObject> objects;  // in the order of the caption
  std::vector<int8_t> owner;         // [64 * 64], for each pixel the object that is seen there, or -1
};

// Picture `number` of an endless series.
Scene draw_scene(uint64_t seed, int64_t number);

constexpr int64_t kScenesToLearnFrom = 8000;  // unless it is said otherwise

// The splits of the built-in data: "train", "dev" and "test", each a series of its own. Throws for another.
struct SceneSplit {
  uint64_t seed = 0;
  int64_t count = 0;  // pictures 0 .. count - 1
};
SceneSplit scene_split(const std::string& split);

// For each word of any caption, right or wrong: the object of the scene that it names, `names_nothing` for
// words like "a" and "above", `not_there` for the name of something that is not in the picture.
constexpr int names_nothing = -1, not_there = -2;
std::vector<int> named_objects(const Scene& scene, const std::vector<std::string>& words);

// Whether some pixel of the object is seen in the cell of a side x side grid over the picture, cells counted
// row by row as annotations are.
bool cell_shows(const Scene& scene, int64_t side, int64_t cell, int object);

}  // namespace heed::caption
