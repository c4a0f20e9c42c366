// What the tests of the program caption work on: photographs that are drawn ones, and a run
// that is not trained.
#pragma once

#include <string>
#include <utility>

#include "autograd/files/safetensors.h"
#include "examples/caption/commands/checkpoint.h"
#include "examples/caption/data/scenes.h"
#include "examples/support/images/image_png.h"
#include "examples/support/program/run_folder.h"
#include "examples/support/training/run_checkpoints.h"
#include "tests/examples/program.h"

namespace heed::tests {

// A folder album/ like any other folder of photographs: `train` of them to learn from, 4 to validate.
inline void write_album(const TemporaryDirectory& shop, int train) {
  for (const auto& [split, count] : {std::pair{std::string("train"), train}, {std::string("dev"), 4}}) {
    std::string names, captions;
    for (int i = 0; i < count; ++i) {
      const std::string name = split + std::to_string(i) + ".png";
      const caption::Scene scene = caption::draw_scene(split == "train" ? 1 : 2, i);
      shop.write("album/images/" + name, support::png_bytes(scene.picture));
      names += name + "\n";
      captions += name + "\t0\t" + scene.caption + " .\n" + name + "\t1\tA picture of " + scene.caption + "\n";
    }
    shop.write("album/split." + split + ".txt", names);
    shop.write("album/captions." + split + ".tsv", captions);
  }
}

// A run folder with a model for built-in pictures, as training would leave it.
inline void write_run(const TemporaryDirectory& shop, const std::string& attention, const std::string& name = "run",
                      uint64_t seed = 3, const std::string& word = "moon") {
  caption::Options options;
  options.model.attention = choose(caption::attention_kinds, "attention", attention).make;
  options.model.encoder = caption::Encoder::small;
  options.model.side = 8;
  options.model.depth = 8;
  options.model.hidden = options.model.embedding = options.model.alignment = 8;
  const auto vocabulary = support::Vocabulary::build({{"a", "</script>", "tomato", word}}, {1, 0});
  options.model.words = vocabulary.size();
  Rng rng(seed);
  caption::Captioner model(options.model, rng);
  support::RunFolder run(shop / name, support::RunFolder::Mode::create);
  vocabulary.save(run.file(caption::kVocabularyFile));
  const auto fields = support::fields_of(options);
  run.write_settings(support::settings_of(fields), {"caption train", "caption train", 1});
  support::RunCheckpoints(run, fields, {caption::kVocabularyFile}).save_best(named_tensors(model));
}

}  // namespace heed::tests
