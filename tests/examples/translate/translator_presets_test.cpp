// The presets of the program translate with whatever else can be chosen.
#include "examples/support/own_words/choices.h"
#include "examples/translate/model/choices.h"
#include "nn/attention/choices.h"
#include "nn/recurrent/cells.h"
#include "tests/examples/translate/translate_program.h"

using namespace heed;

// Whether options go together is found before the data is looked for: what fails must be the data.
TEST_CASE("every preset goes with every choice of the tables", "[translate][slow]") {
  const tests::TemporaryDirectory shop;
  const auto goes = [&](const tests::Words& flags) {
    tests::Words words = {tests::translate, "train", "--data", "nowhere", "--out", "x"};
    words.insert(words.end(), flags.begin(), flags.end());
    const tests::Outcome outcome = tests::run(shop, words);
    INFO(flags[1] << " " << flags[2] << " " << flags[3] << " " << outcome.said);
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.said, Catch::Matchers::ContainsSubstring("no directory"));
  };
  for (const char* preset : {"demo", "small", "paper", "luong-small", "luong"})
    for (const auto& kind : heed::translate::model_kinds) {
      const tests::Words both = {"--preset", preset, "--model", kind.name};
      for (const auto& order : heed::translate::orders)
        if (std::string(preset) != "luong") goes({"--preset", preset, "--model", kind.name, "--order", order.name});
      const auto with = [&](tests::Words more) {
        more.insert(more.begin(), both.begin(), both.end());
        goes(more);
      };
      for (const auto& cell : recurrent_cells) with({"--cell", cell.name});
      if (kind.name == std::string("fixed")) continue;  // it looks at nothing: translate_program_test.cpp
      for (const auto& score : attention_scores)
        for (const auto& window : attention_windows) with({"--score", score.name, "--window", window.name});
    }
}

TEST_CASE("every choice of the tables trains with the preset demo", "[translate][slow]") {
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
  for (const auto& unit : heed::translate::readout_units) check({"--readout-unit", unit.name});
  check({"--cell", "lstm", "--forget-bias", "1"});
  for (const auto& variant : heed::translate::variants)
    for (const auto& schedule : support::sampling_schedules)
      check({"--variant", variant.name, "--sampling", "0.5", "--sampling-schedule", schedule.name});
  for (const auto& kind : heed::translate::attention_kinds) {
    if (std::string(kind.name) == "hard") continue;  // and is refused (translate_own_words_test.cpp)
    for (const char* order : {"bahdanau", "luong"})
      check({"--attention", kind.name, "--order", order, "--sampling", "0.5", "--sampling-schedule", "constant"});
  }
  for (const auto& kind : heed::translate::model_kinds)
    for (const tests::Words& more : {tests::Words{},
                                     {"--feed"},
                                     {"--layers", "2", "--dropout-layer", "0.1"},
                                     {"--reverse-source", "--forward-only", "--encoder-hidden", "128"}}) {
      tests::Words flags = {"--model", kind.name, "--order", "luong"};
      flags.insert(flags.end(), more.begin(), more.end());
      check(flags);
    }
}
