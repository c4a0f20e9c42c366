// What last.safetensors holds: the model and all else that training needs to go on as if it had never
// stopped.
//
//   (no prefix)   the parameters               optimizer.   moments and counts of the optimizer
//   average.      their running mean, if any   schedule.    what the plateau schedule remembers
//   metadata      "progress": epoch, batch, sums of the epoch so far, the best score, as JSON
//
// Nothing in it depends on the clock, on threads or on ranks: two runs that compute the same have equal files. How long
// they took is RunTimes.
//
// best.safetensors holds parameters only: those that were validated, so the running mean if there is one.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "autograd/tape/parameters.h"
#include "examples/support/ranks/agreement.h"
#include "optim/average.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace heed::support {

constexpr double perplexity_not_known = 1e300;  // of the best epoch, in runs from before 2026-12

// How far a run has come.
struct TrainingProgress {
  int64_t epoch = 1, batch = 0;  // the next batch to train on
  int64_t step = 0;              // updates so far
  double loss = 0;               // of the epoch so far, summed over words
  int64_t tokens = 0;            // words of the epoch so far
  double norm = 0;               // of the last gradient
  double rate = 0;               // the last learning rate
  double best = -1e300;          // the best validation's score, ..
  double best_perplexity = perplexity_not_known;
  int64_t best_epoch = 0;  // .. and when that was
  int64_t skipped = 0;     // steps whose gradient was not finite

  // Takes down an epoch's validation, and says whether it is the best so far: by its score, and where scores
  // are equal by its perplexity. One whose perplexity is not finite never is.
  bool is_best(double score, double perplexity);
};

// How long a run took, over all resumes.
struct RunTimes {
  double seconds = 0;        // training and validation, of the whole run
  int64_t epoch = 1;         // of which the others are
  double epoch_seconds = 0;  // of its training so far
  int64_t epoch_words = 0;   // that were trained in these

  double words_per_second() const;  // of the epoch; 0 if nothing is known of it
};

struct TrainingState {
  const std::vector<NamedTensor>& model;
  const Parameters& parameters;
  Optimizer& optimizer;
  Plateau& plateau;
  Average* average;  // null: none
  TrainingProgress& progress;

  void save(const std::filesystem::path& path, std::map<std::string, std::string> metadata) const;
  // Throws, with nothing changed in the model, if the file is damaged or of another model, saying where.
  void restore(const std::filesystem::path& path) const;
  // For processes that train together: where they stand, and checksums of all numbers.
  Facts facts() const;
};

// All parameters of the model but those whose names match one of the patterns (TrainingOptions::freeze). Throws if one
// matches nothing, or nothing is left.
Parameters trained_part(const std::vector<NamedTensor>& model, const std::string& patterns);

// Whether a checkpoint holds a parameter of this name; false if there is no such file.
bool holds(const std::filesystem::path& checkpoint, const std::string& parameter);

// The parameters that were or would have been validated, from either checkpoint of a run.
void load_weights(const std::vector<NamedTensor>& model, const std::filesystem::path& path);

}  // namespace heed::support
