#include "examples/support/training/train_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <filesystem>

#include "autograd/files/safetensors.h"
#include "examples/support/process/console.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/program/argv.h"
#include "examples/support/program/json_file.h"
#include "examples/support/program/machine.h"
#include "examples/support/ranks/agreement.h"
#include "examples/support/ranks/on_ranks.h"
#include "examples/support/training/checkpoint.h"
#include "examples/support/training/epoch.h"
#include "examples/support/training/forecast/estimate.h"
#include "examples/support/training/forecast/forecast.h"
#include "examples/support/training/training_state.h"

namespace heed::support {

TrainCommand::TrainCommand(Program& program, Recipe& recipe, int argc, char** argv)
    : recipe_(recipe),
      fields_(recipe.fields()),
      command_(
          program.command("train", fmt::format("Train a {}; everything goes into one run folder", recipe.model()))),
      argc_(argc),
      argv_(argv),
      first_(settings_of(fields_)),
      typed_program_(argc > 0 ? argv[0] : recipe.program()),
      command_line_(shell_line({argv, argv + argc})),
      out_(value_of_flag(argc, argv, "--out")) {
  cost_ = has_flag(argc, argv, "--cost");
  estimate_ = has_flag(argc, argv, "--estimate");
  read_defaults(argc, argv);
  add_all_flags();
}

void TrainCommand::read_defaults(int argc, char** argv) {
  recipe_.options().training.threads = all_threads();
  const bool exists = std::filesystem::exists(std::filesystem::path(out_) / "run.json");
  if (has_flag(argc, argv, "--resume") && exists) {
    try {
      read_options(RunFolder::open(out_), fields_, recipe_.model());
      saved_ = settings_of(fields_);
      return;
    } catch (const Error&) {
      broken_ = std::current_exception();  // told when the command line is known to be right
    }
  }
  recipe_.options().preset.clear();  // the usual one, unless the command line says another
  read_early(fields_, argc, argv);
  recipe_.apply_preset();
  read_early(fields_, argc, argv);
  recipe_.fit();
}

void TrainCommand::add_all_flags() {
  Flag out = command_.text("--out", out_, "folder of the run");
  if (!cost_ && !estimate_) out.required();
  command_.on("--resume", resume_, "go on with the run in --out, with its settings");
  command_.on("--overwrite", overwrite_, "replace a run that is there already").excludes("--resume");
  command_
      .on("--cost", cost_, "print what the longest step will cost, by operation, and train nothing; needs no --out")
      .excludes("--resume");
  command_
      .on("--estimate", estimate_,
          "make a few steps, print how long training will take and how much memory, and keep nothing; needs no --out")
      .excludes("--resume");
  add_flags(command_, fields_);
}

std::string TrainCommand::resume_line() const {
  return shell_line({typed_program_, "train", "--out", out_, "--resume"});
}

void TrainCommand::check_same_settings() const {
  if (settings_of(fields_).value("start", "") != saved_->value("start", ""))
    throw WrongUsage("--start is for a run that begins; --resume goes on with {} as it began", out_);
  const std::string changed = differences(fields_, *saved_, settings_of(fields_));
  if (changed.empty()) return;
  std::vector<std::string> free;
  for (const Field& field : fields_)
    if (field.options.may_change || field.options.path) free.push_back(field.flag);
  throw WrongUsage("--resume goes on with the settings of the run in {}: {}; only {} may be others", out_, changed,
                   fmt::join(free, ", "));
}

void TrainCommand::check() const {
  if (broken_) std::rethrow_exception(broken_);
  if (saved_) check_same_settings();
  else check_meant(fields_, first_, argc_, argv_);
  recipe_.check();
  if (cost_ && recipe_.options().training.json)
    throw WrongUsage("--cost prints a table, which --json does not have; --estimate has it");
  if (std::error_code none; overwrite_ && std::filesystem::equivalent(recipe_.options().start, out_, none))
    throw WrongUsage("--start {} --out {} --overwrite would remove the run that it begins with; choose another --out",
                     recipe_.options().start, out_);
}

// A model without what training needs to go on (the mean of runs, or a file is gone) is not to be trained over.
void TrainCommand::check_resumable() const {
  if (!resume_ || begun_ || !std::filesystem::exists(std::filesystem::path(out_) / "best.safetensors")) return;
  throw Error(
      "{0} has a model, best.safetensors, but no last.safetensors, which training goes on from. Begin another run with "
      "that model:\n  {1}",
      out_, shell_line({typed_program_, "train", "--start", out_, "--out", out_ + "-2"}));
}

// Which batch comes next is a place in the data. Runs from before 2026-12 do not note what it was.
void TrainCommand::check_data(const Task& task) const {
  if (!begun_) return;
  const auto metadata = load_metadata(std::filesystem::path(out_) / "last.safetensors");
  const auto noted = metadata.find("data");
  if (noted == metadata.end() || noted->second == task.data_checksum()) return;
  throw Error(
      "the data is not what {0} has been trained on so far; --resume goes on with the same, wherever it lies now. Give "
      "that, or begin another run with this model:\n  {1} --data ..",
      out_, shell_line({typed_program_, "train", "--start", out_, "--out", out_ + "-2"}));
}

// The settings, and the vocabularies before them: a folder with run.json is whole.
void TrainCommand::write_settings(RunFolder& folder, const Task& task) {
  const nlohmann::json settings = settings_of(fields_);
  if (!begun_) task.save_text(folder.path());
  if (resume_ && settings == *saved_) return;
  const std::string command = resume_ ? folder.read_run().value("command", command_line_) : command_line_;
  folder.write_settings(settings, {recipe_.program() + " train", command, recipe_.options().training.seed});
}

void TrainCommand::print_forecast() const {
  const TrainingOptions& training = recipe_.options().training;
  if (cost_) fmt::print("{}", forecast(*recipe_.begin(""), training));
  if (!estimate_) return;
  const Estimate found = estimate_training(*recipe_.begin_sample(), training);
  if (training.json) fmt::print("{}\n", json_line({{"estimate", found}}));
  else fmt::print("{}", estimate_text(found));
}

void TrainCommand::print_result(Task& task, const RunFolder& folder, const TrainingResult& result) const {
  using nlohmann::json;
  const bool judged = result.perplexity != perplexity_not_known;
  const json object{{"epochs", result.epochs},
                    {"best_epoch", result.best_epoch},
                    {"score", judged ? json(result.score) : json()},
                    {"measure", task.judgement().score},
                    {"perplexity", judged ? json(result.perplexity) : json()},
                    {"seconds", result.seconds},
                    {"why", result.why},
                    {"run", out_},
                    {"report", folder.file("report.html").string()},
                    {"next", task.next_commands(typed_program_, out_)}};
  inform(stdout, "{}\n", json_line({{"result", object}}));
}

// --epochs and what else ended the run.
std::string TrainCommand::larger_limits(const TrainingResult& result) const {
  const TrainingOptions& training = recipe_.options().training;
  std::string flags;
  if (result.epochs >= training.epochs) flags += fmt::format(" --epochs {}", result.epochs + 10);
  if (training.minutes > 0) flags += fmt::format(" --minutes {:.0f}", std::ceil(result.seconds / 60) + 10);
  if (training.patience > 0) flags += " --patience 0";
  return flags.empty() ? "" : flags.substr(1);
}

void TrainCommand::finish(Task& task, const RunFolder& folder, const TrainingResult& result) const {
  if (!result.trained)
    inform(stderr, "nothing left to do after {} epochs: {}. To train longer, give larger limits:\n  {} {}\n",
           result.epochs, result.why, resume_line(), larger_limits(result));
  if (recipe_.options().training.json) return print_result(task, folder, result);
  if (result.best_epoch == 0) return;
  task.print_samples(folder);
  const Judgement judgement = task.judgement();
  if (!task.validates())
    inform(stdout, "\n{} epochs, not validated: best.safetensors is the last; {:.0f} s in all ({})\n", result.epochs,
           result.seconds, result.why);
  else
    inform(stdout, "\nbest epoch {} of {}: validation {} {:.2f}, perplexity {} ({}); {:.0f} s in all ({})\n",
           result.best_epoch, result.epochs, judgement.score, result.score, perplexity_text(result.perplexity),
           judgement.search, result.seconds, result.why);
  inform(stdout, "curves and {}: {}\n", judgement.shown, folder.file("report.html").string());
  inform(stdout, "next:\n");
  for (const std::string& command : task.next_commands(typed_program_, out_)) inform(stdout, "  {}\n", command);
}

// A model that guesses spends log V nats on a word. One that has hardly begun may spend a little more; one that
// spends twice as many is broken.
bool TrainCommand::has_learnt(const TrainingResult& result) {
  const bool known = result.trained && result.best_epoch > 0 && result.perplexity != perplexity_not_known;
  if (!known || result.perplexity <= result.guessing) return true;
  const bool broken = result.perplexity > result.guessing * result.guessing;
  inform(stderr,
         "{}: the best validation perplexity, {}, is worse than {}, that of giving all words the same "
         "probability; try a lower --lr, or more --epochs\n",
         broken ? "error: nothing was learnt" : "note: little was learnt", perplexity_text(result.perplexity),
         perplexity_text(result.guessing));
  return !broken;
}

int TrainCommand::run() {
  return on_ranks([this](Ranks& ranks) { return run(ranks); });
}

// Threads may differ, as machines do.
void TrainCommand::check_ranks(Ranks& ranks) const {
  const TrainingOptions& training = recipe_.options().training;
  nlohmann::json settings = settings_of(fields_);
  settings.at("training").erase("threads");
  Facts facts = facts_of_program();
  const nlohmann::json each = settings.flatten();
  for (const auto& [name, value] : each.items()) facts["setting " + name] = value.dump();
  facts["saved so far"] = begun_ ? "some" : "nothing";
  must_agree(ranks, facts);
  if (ranks.size() > training.shards)
    inform(stderr,
           "note: {} processes share the {} shards of a minibatch, so some have nothing to do; more --shards "
           "(in a new run) or fewer processes would help\n",
           ranks.size(), training.shards);
}

int TrainCommand::run(Ranks& ranks) {
  check();
  recipe_.complete();
  if (cost_ || estimate_) {
    print_forecast();
    return 0;
  }
  const auto mode = resume_      ? RunFolder::Mode::resume
                    : overwrite_ ? RunFolder::Mode::overwrite
                                 : RunFolder::Mode::create;
  if (ranks.first()) RunFolder::check(out_, mode, resume_line());
  begun_ = resume_ && std::filesystem::exists(std::filesystem::path(out_) / "last.safetensors");
  if (begun_) check_files(RunFolder::open(out_), "last.safetensors", fields_);
  if (ranks.first()) check_resumable();
  check_ranks(ranks);
  const std::unique_ptr<Task> task = recipe_.begin(begun_ ? out_ : "");
  trained_part(task->model(), recipe_.options().training.freeze);  // throws for a pattern that fits nothing
  must_agree(ranks, task->facts());
  check_data(*task);
  if (overwrite_)
    task->begin_epoch(2);  // throws if no text is left for a batch; what is said of the first is said later
  // Only now, when all else is known to be right: --overwrite removes the old run.
  RunFolder folder(out_, ranks.first() ? mode : RunFolder::Mode::follow, resume_line());
  catch_interrupts();
  if (folder.writes()) write_settings(folder, *task);
  const TrainingOptions& training = recipe_.options().training;
  if (!training.json) inform(stderr, "{}\n", task->summary());
  ranks.set_advice(fmt::format(
      " Nothing is lost but the work since the last save. With any number of processes, go on with:\n  {}",
      resume_line()));
  const RunCheckpoints checkpoints(folder, fields_, task->text_files(), task->data_checksum());
  const TrainingResult result = train(*task, training, checkpoints, resume_, resume_line(), ranks);
  if (ranks.size() > 1) {
    const Ranks::Traffic traffic = ranks.traffic();
    inform(stderr, "{} processes; the first sent {:.1f} MB in {} messages, and waited {:.1f} s for others\n",
           ranks.size(), static_cast<double>(traffic.bytes_sent) / 1e6, traffic.messages_sent, traffic.waiting);
  }
  if (ranks.first()) finish(*task, folder, result);
  return has_learnt(result) ? 0 : 1;
}

}  // namespace heed::support
