#include "examples/page/pictures/drawn_scenes.h"

#include <algorithm>

#include "examples/support/text/words/words.h"

namespace heed::page {
namespace {

constexpr int64_t kFirstLook = 200;  // pictures in which every kind of thing occurs
constexpr double kNoise = 0.2;
constexpr float kOfPlace = 1, kOfThing = 3;

}  // namespace

DrawnScenes::DrawnScenes(uint64_t noise) : noise_(noise) {
  std::vector<std::vector<std::string>> captions;
  for (int64_t number = 0; number < kFirstLook; ++number) {
    const caption::Scene scene = caption::draw_scene(caption::scene_split("train").seed, number);
    captions.push_back(support::split_words(scene.caption));
    for (const caption::SceneObject& object : scene.objects) kinds_.emplace(object.name, 0);
  }
  int64_t count = 0;
  for (auto& [name, number] : kinds_) number = count++;
  vocabulary_ = support::Vocabulary::build(captions, {});
}

const DrawnScenes::Example& DrawnScenes::at(const std::string& split, int64_t number) {
  const auto [at, fresh] = drawn_.try_emplace({split, number});
  if (!fresh) return at->second;
  Example& example = at->second;
  example.scene = caption::draw_scene(caption::scene_split(split).seed, number);
  example.words = vocabulary_.encode(support::split_words(example.scene.caption));
  const Rng of_split = Rng(noise_).split(split == "train" ? 0 : 1);
  example.annotation = annotation_of(example.scene, of_split.split(static_cast<uint64_t>(number)));
  return example;
}

std::vector<float> DrawnScenes::annotation_of(const caption::Scene& scene, Rng rng) const {
  const int64_t cell = caption::scene_side / side, kinds = static_cast<int64_t>(kinds_.size());
  const Tensor noise = rng.normal({side * side, depth()}, 0, kNoise);
  std::vector<float> numbers(noise.data<float>(), noise.data<float>() + noise.numel());
  for (int64_t y = 0; y < caption::scene_side; ++y)
    for (int64_t x = 0; x < caption::scene_side; ++x) {
      const int8_t owner = scene.owner[static_cast<size_t>(y * caption::scene_side + x)];
      if (owner < 0) continue;
      const int64_t place = y / cell * side + x / cell,
                    kind = kinds_.at(scene.objects[static_cast<size_t>(owner)].name);
      numbers[static_cast<size_t>(place * depth() + kind)] += kOfThing / static_cast<float>(cell * cell);
    }
  for (int64_t place = 0; place < side * side; ++place) {
    numbers[static_cast<size_t>(place * depth() + kinds + place / side)] += kOfPlace;
    numbers[static_cast<size_t>(place * depth() + kinds + side + place % side)] += kOfPlace;
  }
  return numbers;
}

Tensor annotations_of(const std::vector<const DrawnScenes::Example*>& examples, int64_t depth) {
  constexpr int64_t places = DrawnScenes::side * DrawnScenes::side;
  Tensor all = Tensor::empty({static_cast<int64_t>(examples.size()), places, depth});
  for (size_t i = 0; i < examples.size(); ++i)
    std::copy(examples[i]->annotation.begin(), examples[i]->annotation.end(),
              all.mutable_data<float>() + static_cast<int64_t>(i) * places * depth);
  return all;
}

}  // namespace heed::page
