// The training loop that all programs share: epochs of minibatches in shards, clipping, an optimizer, a
// schedule, validation, checkpoints, early stopping, and a resume that is exact to the bit.
//
// A program describes what is special about its model as a Task. Everything random is drawn from streams
// named by seed, step and shard, and batches are a function of seed and epoch, so a run that was stopped
// anywhere goes on as if nothing had happened.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "autograd/base/rng.h"
#include "autograd/tape/parameters.h"
#include "examples/support/program/run_folder.h"
#include "optim/optimizer.h"

namespace heed::support {

struct TrainingOptions {
  std::string optimizer = "adam";  // sgd, momentum, nesterov, adagrad, adadelta, rmsprop, adam, adamw
  double learning_rate = 0;        // 0: the optimizer's usual one
  double weight_decay = 0;
  double clip = 1;                   // limit of the gradient's norm; 0: none
  double average = 0;                // decay of the running mean of the parameters used to evaluate; 0: none
  std::string schedule = "plateau";  // constant, plateau, cosine, inverse-sqrt
  int64_t warmup = 0;                // steps of linear warm-up
  double plateau_factor = 0.5;
  int plateau_patience = 1;
  int64_t epochs = 20;
  double minutes = 0;         // stop after this much training time; 0: no limit
  int64_t patience = 0;       // stop after so many epochs without a better score; 0: never
  int64_t evaluate_from = 1;  // the first epoch that is validated
  uint64_t seed = 1;
  int threads = 1, shards = 2;
  bool check_finite = false;  // stop at the first operation that makes a NaN or an infinity (slow)
  bool json = false;          // one JSON object a line on stdout instead of a progress bar
};

// What validation found. `score` decides which checkpoint is best: higher is better.
struct Evaluation {
  double score = 0;
  nlohmann::json figures;  // "valid_ppl": .., "valid_bleu": ..
  std::string text;        // the same for people
};

class Task {
 public:
  virtual ~Task() = default;
  // Prepares the batches of an epoch (counted from 1) and says how many there are.
  virtual int64_t begin_epoch(int64_t epoch) = 0;
  // What the loss of a batch is divided by: its target words.
  virtual int64_t tokens(int64_t batch) const = 0;
  // The summed loss of one shard of a batch, or an undefined tensor if the shard is empty. Called on several
  // threads.
  virtual Tensor loss(int64_t batch, int shard, int shards, Rng& rng) = 0;
  // After a step, when no other thread runs: for what the model learns by other means than gradients.
  virtual void end_batch(int64_t) {}
  virtual Evaluation validate(int64_t epoch) = 0;
  // After each epoch, with all metrics so far: write the report.
  virtual void report(const std::vector<nlohmann::json>& metrics) = 0;
  // What else a checkpoint needs to be used: settings, vocabularies.
  virtual std::map<std::string, std::string> metadata() const = 0;
};

struct TrainingResult {
  int64_t epochs = 0;      // how many there were, over all resumes
  int64_t best_epoch = 0;  // and which had the best score
  double score = 0;
  double seconds = 0;    // of training and validation, over all resumes
  bool trained = false;  // false: the run was finished already
  std::string why;       // why it ended, for people
};

// Trains until the epochs, the time or the patience are used up. With `resume`, goes on from the folder's
// last.safetensors. Throws Interrupted after Ctrl-C, when all is saved; `resume_command` is what it tells the
// user to type, also after a failure on the way (a full disk), which costs no more than the work since the
// last checkpoint.
TrainingResult train(Task& task, const std::vector<NamedTensor>& model, const TrainingOptions& options,
                     RunFolder& folder, bool resume, const std::string& resume_command);

// By name, with its usual learning rate if `rate` is 0. Throws for an unknown name.
std::unique_ptr<Optimizer> make_optimizer(const std::string& name, const Parameters& parameters, double rate,
                                          double weight_decay);
std::vector<std::string> optimizer_names();

}  // namespace heed::support
