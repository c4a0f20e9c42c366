// The presets of the program translate with whatever else can be chosen.
#include "examples/translate/model/choices.h"
#include "nn/attention/choices.h"
#include "nn/recurrent/cells.h"
#include "tests/examples/translate/translate_program.h"

using namespace heed;

// Whether options go together is found before the data is looked for: what fails must be the data.
TEST_CASE("every preset goes with every choice of the tables", "[translate]") {
  const tests::TemporaryDirectory shop;
  for (const char* preset : {"demo", "small", "paper"})
    for (const auto& score : attention_scores)
      for (const auto& window : attention_windows)
        for (const auto& cell : recurrent_cells)
          for (const auto& kind : heed::translate::model_kinds) {
            const tests::Words words = {tests::translate, "train",    "--preset", preset,
                                        "--score",        score.name, "--window", window.name,
                                        "--cell",         cell.name,  "--model",  kind.name,
                                        "--data",         "nowhere",  "--out",    "x"};
            const tests::Outcome outcome = tests::run(shop, words);
            INFO(preset << " " << score.name << " " << window.name << " " << cell.name << " " << kind.name);
            CHECK(outcome.code == 1);
            CHECK_THAT(outcome.said, Catch::Matchers::ContainsSubstring("no directory"));
          }
}

TEST_CASE("every choice of the tables trains with the preset demo", "[translate]") {
  const tests::TemporaryDirectory shop;
  tests::write_corpus(shop, "data", 8);
  const auto check = [&](const tests::Words& flags) {
    tests::Words words = {tests::translate, "train",    "--data", "data",     "--out", "run",
                          "--overwrite",    "--preset", "demo",   "--epochs", "1"};
    words.insert(words.end(), flags.begin(), flags.end());
    const tests::Outcome outcome = tests::run(shop, words);
    INFO(flags[1] << ": " << outcome.said);
    CHECK(outcome.code == 0);
  };
  for (const auto& score : attention_scores)
    for (const auto& window : attention_windows) check({"--score", score.name, "--window", window.name});
  for (const auto& cell : recurrent_cells)
    for (const auto& init : heed::translate::inits) check({"--cell", cell.name, "--init", init.name});
  for (const auto& variant : heed::translate::variants) check({"--variant", variant.name});
}
