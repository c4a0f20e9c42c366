// The command `train` of every program: flags, presets, --resume and --overwrite, the run's folder, and what
// is said before and after. A program gives a Recipe, which knows its options and makes its Task:
//
//     TranslationRecipe recipe;
//     support::TrainCommand train(program, recipe, argc, argv);
//     return program.run(argc, argv, [&] { return train.given() ? train.run() : .. });
#pragma once

#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "examples/support/program/command_line.h"
#include "examples/support/program/fields.h"
#include "examples/support/training/batches.h"
#include "examples/support/training/training.h"

namespace heed::support {

// What the options of every run have. A program derives its own, with fields() that end with these.
struct RunOptions {
  std::string preset = "small";
  std::string start;  // the run whose best model this one begins with (start.h)
  double label_smoothing = 0;
  TrainingOptions training;
  BatchOptions batch;

  // The stream that the model's first parameters are drawn from.
  Rng initial_stream() const { return Rng(training.seed).split(0x6d6f64656c); }
  void fields(auto& visit) {
    visit("start", start,
          "begin with the best model of this run, with its settings, a tenth of its learning rate and 3 epochs",
          {.flag = "--start,--from", .path = true});
    visit("label_smoothing", label_smoothing, "probability that goes to all words alike", {.most = 0.9});
    visit("training", training);
    visit("batch", batch);
  }
};

class Recipe {
 public:
  virtual ~Recipe() = default;
  virtual std::string program() const = 0;  // "translate", for run.json
  virtual std::string model() const = 0;    // "translator", for --help and messages
  virtual RunOptions& options() = 0;
  virtual std::vector<Field> fields() = 0;  // of all options
  // Sets what the preset decides: options().preset, or the usual one if that is empty. Texts and choices that
  // the command line gives are set already, and are set once more after it.
  virtual void apply_preset() = 0;
  // Makes what the preset has set go with the texts and choices that the command line gave beside it.
  virtual void fit() {}
  // Throws WrongUsage, naming them, if options that are right one by one do not go together.
  virtual void check() const = 0;
  // Sets what follows from the options and is none itself.
  virtual void complete() {}
  // Loads the data and builds the model. `resumed` is the folder of a run that goes on from a checkpoint,
  // or "".
  virtual std::unique_ptr<Task> begin(const std::string& resumed) = 0;
  // The same for an estimate (forecast/estimate.h): what takes long before training may be done in part.
  virtual std::unique_ptr<Task> begin_sample() { return begin(""); }
};

class TrainCommand {
 public:
  // Adds the command to the program, with the defaults that argv asks for: those of --preset, or with
  // --resume those of the run in --out. `recipe` must outlive it.
  TrainCommand(Program& program, Recipe& recipe, int argc, char** argv);
  bool given() const { return command_.given(); }
  // Does what the flags ask for. Returns the exit code, 1 if nothing was learnt; throws what loading, building
  // and training throw.
  // Under mpirun together with the other processes (../ranks).
  int run();

 private:
  int run(Ranks& ranks);
  void check_ranks(Ranks& ranks) const;
  void read_defaults(int argc, char** argv);
  void add_all_flags();
  void check() const;
  void check_same_settings() const;
  void check_resumable() const;
  void check_data(const Task& task) const;
  void write_settings(RunFolder& folder, const Task& task);
  void print_forecast() const;                                                                 // --cost, --estimate
  void print_result(Task& task, const RunFolder& folder, const TrainingResult& result) const;  // --json
  void finish(Task& task, const RunFolder& folder, const TrainingResult& result) const;
  static bool has_learnt(const TrainingResult& result);  // and says so if not
  std::string resume_line() const;
  std::string larger_limits(const TrainingResult& result) const;

  Recipe& recipe_;
  std::vector<Field> fields_;
  Command command_;
  const int argc_;
  const char* const* const argv_;
  const nlohmann::json first_;                // the settings before all
  std::string typed_program_, command_line_;  // as the user typed them
  std::string out_;
  bool resume_ = false, overwrite_ = false, cost_ = false, estimate_ = false;
  bool begun_ = false;                   // the run that is resumed has saved something
  std::optional<nlohmann::json> saved_;  // with --resume: the settings in run.json
  std::exception_ptr broken_;            // or why they cannot be read
};

}  // namespace heed::support
