// What the tests that drive the program translate from outside have in common.
#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <thread>

#include "autograd/base/rng.h"
#include "autograd/files/safetensors.h"
#include "tests/catch.hpp"
#include "tests/examples/program.h"

namespace heed::tests {

using Words = std::vector<std::string>;

const std::string translate = HEED_TRANSLATE;

// Sentences of letters, and their reversals in capitals.
inline void write_corpus(const TemporaryDirectory& shop, const std::string& folder, int pairs) {
  Rng rng(5);
  for (const auto& [split, count] : {std::pair{"train", pairs}, std::pair{"valid", 10}}) {
    std::string source, target;
    for (int i = 0; i < count; ++i) {
      std::string line, reversed;
      for (int64_t n = 3 + rng.below(8); n > 0; --n) {
        const char letter = static_cast<char>('a' + rng.below(12));
        line += std::string(line.empty() ? "" : " ") + letter;
        reversed = static_cast<char>(letter - 32) + std::string(reversed.empty() ? "" : " ") + reversed;
      }
      source += line + "\n";
      target += reversed + "\n";
    }
    shop.write(folder + "/" + split + ".en", source);
    shop.write(folder + "/" + split + ".de", target);
  }
}

inline Words train(const std::string& out, Words more = {}) {
  Words words = {translate,           "train", "--data",      "data", "--out",        out,  "--preset",    "demo",
                 "--hidden",          "12",    "--embedding", "8",    "--readout",    "8",  "--alignment", "8",
                 "--encoder-hidden",  "6",     "--epochs",    "2",    "--batch-size", "16", "--threads",   "1",
                 "--dropout-readout", "0.2"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

inline Outcome run(const TemporaryDirectory& shop, const Words& words, const std::string& input = "") {
  return Running(shop, words, input).wait();
}

// Everything that a run computed: both checkpoints to the byte, and the metrics without what clock and memory say.
inline std::string result_of(const TemporaryDirectory& shop, const std::string& out) {
  std::string text = bytes_of(shop / (out + "/last.safetensors")) + bytes_of(shop / (out + "/best.safetensors"));
  std::ifstream lines(shop / (out + "/metrics.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    nlohmann::json metrics = nlohmann::json::parse(line);
    for (const char* key : {"seconds", "words_per_second", "peak_bytes"}) metrics.erase(key);
    text += metrics.dump() + "\n";
  }
  return text;
}

enum class Stopped { before_training, within_an_epoch, after_training };

// Lets a run train for a moment and stops it with Ctrl-C.
inline Stopped interrupt(const TemporaryDirectory& shop, const Words& words, const std::string& out,
                         int milliseconds) {
  const Running running(shop, words);
  while (!std::filesystem::exists(shop / (out + "/run.json")))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  running.send(SIGINT);
  const Outcome outcome = running.wait();
  if (outcome.code == -1) return Stopped::before_training;
  if (outcome.code == 0) return Stopped::after_training;
  CHECK(outcome.code == 130);
  CHECK_THAT(outcome.said, Catch::Matchers::ContainsSubstring(translate + " train --out " + out + " --resume"));
  const TensorFile last = load_tensors(shop / (out + "/last.safetensors"));
  const bool within = nlohmann::json::parse(last.metadata.at("progress")).at("batch").get<int64_t>() > 0;
  return within ? Stopped::within_an_epoch : Stopped::before_training;
}

// Trains with interruptions, of which some come within an epoch. How far a moment of training gets depends on the
// machine, so the moments are found by trying.
inline void train_in_parts(const TemporaryDirectory& shop, const Words& words, const std::string& out) {
  const Words resume = {translate, "train", "--out", out, "--resume"};
  int within = 0;
  double moment = 40;
  for (int tries = 0; within < 2 && tries < 20; ++tries) {
    const bool begun = std::filesystem::exists(shop / (out + "/run.json"));
    const Stopped stopped = interrupt(shop, begun ? resume : words, out, static_cast<int>(moment));
    if (stopped == Stopped::within_an_epoch) ++within;
    if (stopped == Stopped::before_training) moment *= 1.4;
    if (stopped != Stopped::after_training) continue;
    if (within > 0) break;
    std::filesystem::remove_all(shop / out);
    moment /= 2;
  }
  CHECK(within > 0);
  REQUIRE(run(shop, resume).code == 0);
}

}  // namespace heed::tests
