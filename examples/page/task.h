// What a model of the page learns: pairs of sequences, drawn as they are needed, and the words they consist of.
//
// Letters by a rule (rules.h), or sentences of heed's small English-French grammar. Some pairs, one in ten, are held
// out: no model is trained on them, and all measures are of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "autograd/base/rng.h"

namespace heed::page {

using Words = std::vector<int64_t>;

struct Pair {
  Words read, write;
};

class Task {
 public:
  virtual ~Task() = default;
  // `count` pairs, those for training or those held out, the longest source first.
  virtual std::vector<Pair> draw(int64_t count, bool held_out, Rng& rng) const = 0;
  // What is right for a source, if the task can tell; else empty.
  virtual Words right(const Words& read) const = 0;
  // A text as numbers; throws, naming the word, for one that is not among the source words, and for a text of no
  // words or more than `most`.
  Words parse(const std::string& text) const;

  std::vector<std::string> source, target;  // the words, by number
  int64_t most = 24;                        // words that a source may have
  bool spelt = false;                       // words are single letters, written without spaces
};

struct TaskSettings {
  std::string rule = "reverse";  // rules.h, or "french"
  int64_t letters = 12;          // of the alphabet, 4 to 26
  int64_t shortest = 3, longest = 8;
};

// Throws for a setting that makes no task.
std::unique_ptr<Task> make_task(const TaskSettings& settings);

}  // namespace heed::page
