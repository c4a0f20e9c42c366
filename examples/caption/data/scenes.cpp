#include "examples/caption/data/scenes.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "autograd/base/error.h"
#include "examples/support/text/splitmix.h"

namespace heed::caption {
namespace {

using support::SplitMix;

using Rgb = std::array<int, 3>;
constexpr Rgb red = {220, 40, 40}, green = {40, 180, 60}, blue = {40, 70, 235};
constexpr Rgb yellow = {240, 220, 40}, purple = {170, 50, 200}, white = {250, 250, 250};

enum class Form { circle, square, diamond, triangle };

struct Kind {
  const char* name;
  Rgb colour;
  Form form;
};
constexpr std::array<Kind, 12> kinds = {{{"tomato", red, Form::circle},
                                         {"brick", red, Form::square},
                                         {"leaf", green, Form::diamond},
                                         {"tree", green, Form::triangle},
                                         {"ball", blue, Form::circle},
                                         {"window", blue, Form::square},
                                         {"sun", yellow, Form::circle},
                                         {"pyramid", yellow, Form::triangle},
                                         {"plum", purple, Form::circle},
                                         {"kite", purple, Form::diamond},
                                         {"moon", white, Form::circle},
                                         {"tent", white, Form::triangle}}};

constexpr int grid = 3;     // rows and columns of places
constexpr int fine = 8;     // lengths are counted in eighths of a pixel
constexpr int samples = 4;  // 4 x 4 points of a pixel are looked at, for smooth edges
constexpr size_t area = size_t{scene_side} * scene_side;

// A shape before it is drawn: which, and where, in eighths of a pixel.
struct Shape {
  Kind kind{};
  int place = 0;  // of the grid, row by row
  int x = 0, y = 0, radius = 0;
};

bool inside(Form form, int dx, int dy, int r) {
  const int ax = std::abs(dx), ay = std::abs(dy);
  switch (form) {
    case Form::circle: return dx * dx + dy * dy <= r * r;
    case Form::square: return 8 * std::max(ax, ay) <= 7 * r;
    case Form::diamond: return 8 * (ax + ay) <= 9 * r;
    case Form::triangle: return ay <= r && 2 * ax <= dy + r;  // the point is at the top
  }
  return false;
}

std::vector<Shape> place_shapes(SplitMix& random) {
  std::vector<int> places(grid * grid);
  std::iota(places.begin(), places.end(), 0);
  random.shuffle(places);
  std::vector<Kind> chosen(kinds.begin(), kinds.end());
  random.shuffle(chosen);

  std::vector<Shape> shapes(static_cast<size_t>(2 + random.below(3)));
  for (size_t i = 0; i < shapes.size(); ++i) {
    const int column = places[i] % grid, row = places[i] / grid;
    const auto jitter = [&] { return random.below(6 * fine + 1) - 3 * fine; };
    shapes[i] = {chosen[i], places[i], 0, 0, 0};
    shapes[i].x = (12 + 20 * column) * fine + jitter();
    shapes[i].y = (12 + 20 * row) * fine + jitter();
    shapes[i].radius = 7 * fine + random.below(2 * fine + 1);
  }
  std::sort(shapes.begin(), shapes.end(), [](const Shape& a, const Shape& b) { return a.place < b.place; });
  return shapes;
}

void set_pixel(support::Image& picture, int x, int y, const Rgb& rgb) {
  for (size_t c = 0; c < 3; ++c) picture.at(x, y)[c] = static_cast<uint8_t>(std::clamp(rgb[c], 0, 255));
}

void draw_background(support::Image& picture, SplitMix& random) {
  for (int y = 0; y < scene_side; ++y) {
    for (int x = 0; x < scene_side; ++x) {
      const int grey = 40 + x + random.below(13);
      set_pixel(picture, x, y, {grey, grey, grey + y});
    }
  }
}

void draw_distractors(support::Image& picture, SplitMix& random) {
  const auto anywhere = [&] { return random.below(scene_side - 1); };
  for (int n = random.below(3); n > 0; --n) {
    const int grey = 120 + random.below(80);
    const int x0 = anywhere(), y0 = anywhere(), x1 = anywhere(), y1 = anywhere();
    const int steps = std::max({1, std::abs(x1 - x0), std::abs(y1 - y0)});
    for (int t = 0; t <= steps; ++t) {
      set_pixel(picture, x0 + (x1 - x0) * t / steps, y0 + (y1 - y0) * t / steps, {grey, grey, grey});
    }
  }
  for (int n = 2 + random.below(5); n > 0; --n) {
    const int grey = 120 + random.below(80), x = anywhere(), y = anywhere();
    for (int i = 0; i < 4; ++i) set_pixel(picture, x + i % 2, y + i / 2, {grey, grey, grey});
  }
}

// How many of the points of a pixel lie in the shape.
int coverage(const Shape& shape, int x, int y) {
  int count = 0;
  for (int i = 0; i < samples * samples; ++i) {
    const int dx = x * fine + 2 * (i % samples) + 1 - shape.x, dy = y * fine + 2 * (i / samples) + 1 - shape.y;
    count += inside(shape.kind.form, dx, dy, shape.radius);
  }
  return count;
}

void draw_shape(Scene& scene, const Shape& shape, size_t object, SplitMix& random) {
  constexpr int all = samples * samples;
  Rgb rgb = shape.kind.colour;
  const int brightness = 85 + random.below(16);
  for (int& channel : rgb) channel = channel * brightness / 100;
  const int reach = shape.radius / fine + 2;
  const auto range = [&](int centre) {
    return std::pair{std::max(0, centre / fine - reach), std::min(scene_side, centre / fine + reach)};
  };
  const auto [x0, x1] = range(shape.x);
  const auto [y0, y1] = range(shape.y);
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) {
      const int covered = coverage(shape, x, y);
      if (covered == 0) continue;
      Rgb mixed{};
      for (size_t c = 0; c < 3; ++c) {
        mixed[c] = (scene.picture.at(x, y)[c] * (all - covered) + rgb[c] * covered) / all;
      }
      set_pixel(scene.picture, x, y, mixed);
      if (2 * covered >= all) scene.owner[static_cast<size_t>(y * scene_side + x)] = static_cast<int8_t>(object);
    }
  }
}

std::string describe(const std::vector<Shape>& shapes) {
  std::string text;
  for (size_t i = 0; i < shapes.size(); ++i) {
    if (i > 0) text += shapes[i].place / grid == shapes[i - 1].place / grid ? " beside " : " above ";
    text += std::string("a ") + shapes[i].kind.name;
  }
  return text;
}

void find_boxes(Scene& scene) {
  for (SceneObject& object : scene.objects) object.x0 = object.y0 = scene_side;
  for (size_t i = 0; i < area; ++i) {
    if (scene.owner[i] < 0) continue;
    SceneObject& object = scene.objects[static_cast<size_t>(scene.owner[i])];
    const int x = static_cast<int>(i) % scene_side, y = static_cast<int>(i) / scene_side;
    object.x0 = std::min(object.x0, x);
    object.y0 = std::min(object.y0, y);
    object.x1 = std::max(object.x1, x + 1);
    object.y1 = std::max(object.y1, y + 1);
  }
}

bool is_name(const std::string& word) {
  return std::any_of(kinds.begin(), kinds.end(), [&](const Kind& kind) { return word == kind.name; });
}

}  // namespace

Scene draw_scene(uint64_t seed, int64_t number) {
  // Neighbouring seeds and numbers must not give series that are shifts of each other.
  SplitMix random(mix_bits(seed) + mix_bits(~static_cast<uint64_t>(number)));
  Scene scene;
  scene.picture = {scene_side, scene_side, std::vector<uint8_t>(3 * area)};
  scene.owner.assign(area, -1);
  draw_background(scene.picture, random);
  draw_distractors(scene.picture, random);

  const std::vector<Shape> shapes = place_shapes(random);
  scene.caption = describe(shapes);
  for (const Shape& shape : shapes) scene.objects.push_back({shape.kind.name});
  std::vector<size_t> order(shapes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  random.shuffle(order);  // who lies upon whom
  for (size_t i : order) draw_shape(scene, shapes[i], i, random);
  find_boxes(scene);
  return scene;
}

SceneSplit scene_split(const std::string& split) {
  if (split == "train") return {1, kScenesToLearnFrom};
  if (split == "dev") return {2, 500};
  if (split == "test") return {3, 500};
  throw Error("the built-in pictures have no split '{}'; they have train, dev and test", split);
}

std::vector<int> named_objects(const Scene& scene, const std::vector<std::string>& words) {
  std::vector<int> named(words.size(), names_nothing);
  for (size_t i = 0; i < words.size(); ++i) {
    if (is_name(words[i])) named[i] = not_there;
    for (size_t k = 0; k < scene.objects.size(); ++k) {
      if (words[i] == scene.objects[k].name) named[i] = static_cast<int>(k);
    }
  }
  return named;
}

bool cell_shows(const Scene& scene, int64_t side, int64_t cell, int object) {
  if (side < 1 || cell < 0 || cell >= side * side) {
    throw Error("scenes: cell {} of a {} x {} grid was asked for", cell, side, side);
  }
  const int64_t column = cell % side, row = cell / side;
  const auto begin = [&](int64_t i) { return i * scene_side / side; };
  const auto end = [&](int64_t i) { return ((i + 1) * scene_side + side - 1) / side; };
  for (int64_t y = begin(row); y < end(row); ++y) {
    for (int64_t x = begin(column); x < end(column); ++x) {
      if (scene.owner[static_cast<size_t>(y * scene_side + x)] == object) return true;
    }
  }
  return false;
}

}  // namespace heed::caption
