// The training loop that all programs share: epochs of minibatches in shards, clipping, an optimizer, a
// schedule, validation, checkpoints, early stopping, and a resume that is exact to the bit.
//
// A program gives its Task; the command around it is train_command.h. Everything random is drawn from streams
// named by seed, step and shard, and batches are a function of seed and epoch, so a run that was stopped
// anywhere goes on as if nothing had happened.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "autograd/base/precision.h"
#include "autograd/base/rng.h"
#include "autograd/tape/parameters.h"
#include "examples/support/program/run_folder.h"
#include "examples/support/report/report.h"
#include "examples/support/training/run_checkpoints.h"
#include "optim/optimizers.h"
#include "optim/ranks/ranks.h"
#include "optim/schedules.h"

namespace heed::support {

struct TrainingOptions {
  std::string optimizer = "adam";  // of optimizers (optim/optimizers.h)
  double learning_rate = 0;        // 0: the optimizer's usual one
  double weight_decay = 0;
  double clip = 1;                   // limit of the gradient's norm; 0: none
  double average = 0;                // decay of the running mean of the parameters used to evaluate; 0: none
  std::string schedule = "plateau";  // of schedules (optim/schedules.h)
  int64_t warmup = 0;                // steps of linear warm-up
  int64_t halve_from = 5;            // of the schedule halve: the last epoch with the whole rate
  double plateau_factor = 0.5;
  int plateau_patience = 1;
  std::string freeze;  // patterns of names, commas between: parameters that stay as they are
  int64_t epochs = 20;
  double minutes = 0;         // stop after this much training time; 0: no limit
  int64_t patience = 0;       // stop after so many epochs without a better score; 0: never
  int64_t evaluate_from = 1;  // the first epoch that is validated
  uint64_t seed = 1;
  int threads = 1, shards = 2;
  std::string precision = "f32";  // of the products of training (autograd/base/precision.h)
  bool check_finite = false;      // stop at the first operation that makes a NaN or an infinity (slow)
  bool tensorboard = false;       // an event file beside metrics.jsonl
  bool json = false;              // one JSON object a line on stdout instead of a progress bar

  void fields(auto& visit) {
    visit("optimizer", optimizer, optimizers, "rule of the updates");
    visit("learning_rate", learning_rate, "learning rate; 0: the optimizer's usual", {.flag = "--lr"});
    visit("schedule", schedule, schedules, "of the learning rate");
    visit("warmup", warmup, "steps of linear warm-up");
    visit("halve_from", halve_from, "the last epoch with the whole rate", {.least = 1, .with = "--schedule halve"});
    visit.saved("plateau_factor", plateau_factor);
    visit.saved("plateau_patience", plateau_patience);
    visit("weight_decay", weight_decay, "pull of the parameters towards 0");
    visit("clip", clip, "limit of the gradient's norm; 0: none");
    visit("average", average, "decay of the running mean of parameters that is evaluated; 0: none",
          {.most = 0.999999});
    visit("freeze", freeze, "parameters that stay as they are, by patterns of their names such as encoder.*,*.bias");
    visit("epochs", epochs, "rounds over the data", {.least = 1, .may_change = true});
    visit("minutes", minutes, "stop after this much time; 0: no limit", {.may_change = true});
    visit("patience", patience,
          "stop after so many epochs without a better BLEU or, at the same BLEU, a lower perplexity; 0: never",
          {.may_change = true});
    visit("evaluate_from", evaluate_from, "first epoch that is validated", {.least = 1});
    visit("seed", seed, "fixes everything random");
    visit("threads", threads, "results do not depend on it", {.least = 1, .most = 1024, .may_change = true});
    visit("shards", shards, "pieces of a minibatch that run at the same time", {.least = 1, .most = 1024});
    visit("precision", precision, precisions, "of the numbers that training multiplies; validation has all bits");
    visit("check_finite", check_finite,
          "stop at the first operation that makes a NaN or an infinity, and name it (slow)", {.saved = false});
    visit("tensorboard", tensorboard, "keep the figures in an event file for TensorBoard, too", {.may_change = true});
    visit("json", json, "one JSON object a line on stdout", {.saved = false});
  }
};

// What validation found. `score` decides which checkpoint is best: higher is better. Where it is equal, as a
// BLEU of 0 is for many epochs, perplexity decides: lower is better.
struct Evaluation {
  double score = 0, perplexity = 0;
  double guessing = 0;     // the perplexity of giving all words the same probability
  nlohmann::json figures;  // "valid_ppl": .., "valid_bleu": ..
  std::string text;        // the same for people
};

// What is done once before training, and kept in memory.
struct Beforehand {
  double seconds = 0;
  int64_t bytes = 0;
};

// By what the best epoch was chosen, and what the page of the run shows beside curves.
struct Judgement {
  std::string score, search;  // "BLEU-4", "beam 5"
  std::string shown;          // "alignments"
};

// What is special about a program: its model, its batches, its loss, its validation.
class Task {
 public:
  virtual ~Task() = default;
  // What is trained and saved.
  virtual std::vector<NamedTensor> model() = 0;
  // Prepares the batches of an epoch (counted from 1) and says how many there are.
  virtual int64_t begin_epoch(int64_t epoch) = 0;
  // What the loss of a batch is divided by: its target words.
  virtual int64_t tokens(int64_t batch) const = 0;
  // The summed loss of one shard of a batch, or an undefined tensor if the shard is empty. Called on several
  // threads.
  virtual Tensor loss(int64_t batch, int shard, int shards, Rng& rng) = 0;
  // After a step, when no other thread runs: for what the model learns by other means than gradients.
  virtual void end_batch(int64_t) {}
  // Whether there is something to validate by. If not, validate() is never called, and the last epoch counts as the
  // best.
  virtual bool validates() const { return true; }
  // What end_batch() must know of those shards of the batch that this process had; and of those that another one had
  // (optim/ranks), in its words.
  virtual std::string tell(Share) const { return {}; }
  virtual void hear(Share, const std::string&) {}
  // By which a run knows again what it is trained on: of what was read, not of what was computed from it.
  virtual std::string data_checksum() const = 0;
  // What processes that train together must have in common.
  virtual Facts facts() const { return {{"checksum of the data", data_checksum()}}; }
  // Throws Interrupted (process/interrupt.h) soon after the user asks to stop.
  virtual Evaluation validate(int64_t epoch) = 0;
  // About how many seconds that takes, from a part of it. A model that has learnt nothing finds no end of what it writes;
  // these seconds are those of texts of the right length.
  virtual double time_validation() = 0;
  // What a task that was made for an estimate (Recipe::begin_sample) did not do.
  virtual Beforehand beforehand() const { return {}; }
  // The page of the run after each epoch, with all metrics so far.
  virtual Report report(const std::vector<nlohmann::json>& metrics) const = 0;

  // --- what the command `train` (train_command.h) asks beside
  // Writes what a run's folder needs beside its settings: vocabularies.
  virtual void save_text(const std::filesystem::path& folder) const = 0;
  // The names of these files. Checkpoints know them again.
  virtual std::vector<std::string> text_files() const = 0;
  // Before training: the data and the model in one line.
  virtual std::string summary() const = 0;
  // After it: what the best checkpoint makes of a few examples, ..
  virtual void print_samples(const RunFolder&) {}
  virtual Judgement judgement() const = 0;
  // .. and the commands with which a user may go on, given her words for the program and the folder.
  virtual std::vector<std::string> next_commands(const std::string& program, const std::string& folder) const = 0;
};

struct TrainingResult {
  int64_t epochs = 0;                // how many there were, over all resumes
  int64_t best_epoch = 0;            // and which was the best
  double score = 0, perplexity = 0;  // its validation; perplexity_not_known (training_state.h) if there was none
  double seconds = 0;                // of training and validation, over all resumes
  double guessing = 0;               // the perplexity of giving all words the same probability; 0: not trained
  bool trained = false;              // false: the run was finished already
  std::string why;                   // why it ended, for people
};

// Trains until the epochs, the time or the patience are used up. With `resume`, goes on from the folder's
// last.safetensors. Checkpoints are the same to the byte for any number of threads, of ranks and of resumes
// (run_checkpoints.h). What an epoch trained is saved before it is validated, so
// Ctrl-C need not wait for the validation: it is done again. Throws Interrupted after Ctrl-C, when all is
// saved; `resume_command` is what it tells the user to type, also after a failure on the way (a full disk),
// which costs no more than the work since the last checkpoint. Throws Diverged (epoch.h) when a perplexity is
// infinite or NaN, or no step has a finite gradient: where training shows that, what is left of the model is
// worth nothing, and the epoch is not saved.
// With several ranks all of them call this, the first one with the folder and the others following it. Whoever of them
// is asked to stop, all stop; what the clock decides is decided by the first.
TrainingResult train(Task& task, const TrainingOptions& options, const RunCheckpoints& checkpoints, bool resume,
                     const std::string& resume_command, Ranks& ranks);

}  // namespace heed::support
