#include "examples/support/training/training.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>

#include "autograd/zip/elementwise.h"
#include "examples/support/process/console.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/program/machine.h"
#include "examples/support/program/progress.h"
#include "examples/support/ranks/agreement.h"
#include "examples/support/ranks/deal_out.h"
#include "examples/support/ranks/wishes.h"
#include "examples/support/report/event_file.h"
#include "examples/support/report/report_run.h"
#include "examples/support/training/epoch.h"
#include "optim/average.h"
#include "optim/clip.h"
#include "optim/schedule.h"
#include "optim/shards.h"

namespace heed::support {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// A run that is killed loses no more than this, however long its epochs are.
constexpr double save_every = 600;

class Loop {
 public:
  Loop(Task& task, const TrainingOptions& options, const RunCheckpoints& checkpoints, Ranks& ranks)
      : task_(task),
        model_(task.model()),
        options_(options),
        checkpoints_(checkpoints),
        folder_(checkpoints.folder()),
        ranks_(ranks),
        wishes_(
            ranks, [this] { return out_of_time(); }, [this] { return seconds_since(saved_) > save_every; }),
        settings_(folder_.writes() ? folder_.read_settings() : nlohmann::json::object()),
        begin_(folder_.writes() ? seconds_of_date(folder_.read_run().value("date", "")) : 0),
        parameters_(trained_part(model_, options.freeze)),
        pool_(options.threads),
        shards_(pool_, parameters_, options.shards, {.check_finite = options.check_finite}, &ranks),
        optimizer_(make_optimizer(options.optimizer, parameters_, options.learning_rate, options.weight_decay)),
        schedule_(choose(schedules, "schedule", options.schedule).make),
        base_rate_(optimizer_->learning_rate),
        plateau_(base_rate_, {.maximize = true,
                              .factor = options.plateau_factor,
                              .patience = options.plateau_patience,
                              .threshold = 0,
                              .absolute = true}) {
    optimizer_->threads = &pool_;
    if (options.average > 0) average_ = std::make_unique<Average>(parameters_, options.average);
  }

  void restore() { times_ = checkpoints_.restore(state()); }
  void agree() {
    if (ranks_.size() > 1) must_agree(ranks_, state().facts());
  }
  TrainingResult run(const std::string& resume_command);

 private:
  void train_epoch();
  void train_batch(int64_t batch, int64_t steps_in_epoch);
  ShardResult differentiate(int64_t batch);
  void hear(const std::vector<std::string>& notes);
  double rate(int64_t step, int64_t steps_in_epoch) const;  // of a step, counted from 0 over the whole run
  void end_epoch();
  void next_epoch();
  Evaluation evaluate();
  bool out_of_time() const;
  bool out_of_patience() const;
  double seconds() const { return times_.seconds + seconds_since(started_); }
  void save_last();
  void stop_if_asked(const std::string& resume_command);
  [[noreturn]] void stop(const std::string& resume_command) const;
  TrainingState state() { return {model_, parameters_, *optimizer_, plateau_, average_.get(), at_}; }

  Task& task_;
  std::vector<NamedTensor> model_;
  TrainingOptions options_;
  const RunCheckpoints& checkpoints_;
  RunFolder& folder_;
  Ranks& ranks_;
  Wishes wishes_;
  nlohmann::json settings_;
  double begin_;  // of the run, in seconds since 1970
  Parameters parameters_;
  ThreadPool pool_;
  Shards shards_;
  std::unique_ptr<Optimizer> optimizer_;
  Schedule schedule_;
  std::unique_ptr<Average> average_;
  double base_rate_;
  Plateau plateau_;
  double guessing_ = 0;  // as in TrainingResult
  TrainingProgress at_;
  RunTimes times_;
  Clock::time_point started_, saved_;  // when times_.seconds was last brought up to date, and last.safetensors
};

double Loop::rate(int64_t step, int64_t steps_in_epoch) const {
  const double base = schedule_.on_plateau ? plateau_.rate() : base_rate_;
  return schedule_.rate({base, options_.epochs * steps_in_epoch, options_.warmup, at_.epoch, options_.halve_from})(
      step);
}

ShardResult Loop::differentiate(int64_t batch) {
  const ProductPrecision products(choose(precisions, "precision", options_.precision).make);
  const Rng random = Rng(options_.seed).split(0x74726169).split(static_cast<uint64_t>(at_.step));
  const double scale = 1.0 / static_cast<double>(task_.tokens(batch));
  const auto loss = [&](int shard) {
    Rng mine = random.split(static_cast<uint64_t>(shard));
    const Tensor sum = task_.loss(batch, shard, options_.shards, mine);
    return sum ? sum * scale : sum;
  };
  try {
    return shards_.gradients(loss, true, [this] { return wishes_.own() + task_.tell(shards_.share()); });
  } catch (const Error& error) {
    throw Error("epoch {}, step {}: {}", at_.epoch, at_.step + 1, error.what());
  }
}

void Loop::hear(const std::vector<std::string>& notes) {
  wishes_.hear(notes);
  for (int rank = 0; rank < ranks_.size(); ++rank)
    task_.hear(share_of(rank, ranks_.size(), options_.shards),
               notes[static_cast<size_t>(rank)].substr(Wishes::own_bytes));
}

void Loop::train_batch(int64_t batch, int64_t steps_in_epoch) {
  const ShardResult result = differentiate(batch);
  hear(result.notes);
  at_.norm = result.norm;
  at_.rate = rate(at_.step++, steps_in_epoch);
  if (!std::isfinite(result.norm)) {  // one bad batch must not ruin the model; many mean that it is ruined
    if (++at_.skipped > 20)
      throw Diverged("training: the gradient was not finite in more than 20 steps (now step {}, epoch {}); {}",
                     at_.step, at_.epoch, what_helps);
    return;
  }
  optimizer_->learning_rate = at_.rate;
  optimizer_->step(result.gradients, options_.clip > 0 ? clip_scale(result.norm, options_.clip) : 1.0);
  if (average_) average_->update(&pool_);
  task_.end_batch(batch);
  const int64_t tokens = task_.tokens(batch);
  at_.loss += result.loss * static_cast<double>(tokens);
  at_.tokens += tokens;
  times_.epoch_words += tokens;
}

void Loop::train_epoch() {
  const int64_t batches = task_.begin_epoch(at_.epoch);
  Progress bar(fmt::format("epoch {}/{}", at_.epoch, options_.epochs), batches,
               ProgressOutput::detect(options_.json));
  const auto start = Clock::now();
  const double before = times_.epoch_seconds;  // of this epoch, if it was interrupted
  for (; at_.batch < batches && wishes_.go_on(); ++at_.batch) {
    if (wishes_.save()) save_last();
    train_batch(at_.batch, batches);
    times_.epoch_seconds = before + seconds_since(start);
    bar.update(at_.batch + 1, progress_text(at_, times_));
  }
  bar.finish(progress_text(at_, times_));
}

Evaluation Loop::evaluate() {
  const Average::InPlace averaged(average_.get());
  if (!task_.validates()) {
    at_.best_epoch = at_.epoch;
    checkpoints_.save_best(model_);
    return {};
  }
  const DealOut all_ranks(ranks_);
  Evaluation found = task_.validate(at_.epoch);
  guessing_ = found.guessing;
  const bool best = at_.is_best(found.score, found.perplexity);
  if (best) checkpoints_.save_best(model_);
  if (schedule_.on_plateau) plateau_.judge(best);
  return found;
}

void Loop::end_epoch() {
  wishes_.ask();
  nlohmann::json line = metrics_of(at_, times_);
  std::string text = "not validated";
  Evaluation found;
  if (at_.epoch >= std::min(options_.evaluate_from, options_.epochs) || wishes_.time_is_up()) {
    found = evaluate();
    if (!found.figures.is_null()) line.update(found.figures);
    if (task_.validates()) text = found.text;
  }
  line["seconds"] = seconds();
  folder_.append_metrics(line);
  if (options_.json) inform(stdout, "{}\n", line.dump());
  else inform(stderr, "  epoch {}: {}\n", at_.epoch, text);
  check_learning(at_, found.perplexity);
}

void Loop::next_epoch() {
  ++at_.epoch;
  at_.batch = at_.tokens = 0;
  at_.loss = 0;
  times_ = {.seconds = times_.seconds, .epoch = at_.epoch};
  save_last();
  if (!folder_.writes()) return;
  const std::vector<nlohmann::json> metrics = folder_.read_metrics();
  if (options_.tensorboard) write_events(folder_.file(event_file_name), metrics, begin_);
  Report report = task_.report(metrics);
  report.settings = settings_rows(settings_);
  write_report(folder_.file("report.html"), report);
}

void Loop::save_last() {
  agree();  // what is saved is what all ranks have
  times_.seconds = seconds();
  started_ = Clock::now();
  checkpoints_.save_last(state(), times_);
  saved_ = Clock::now();
}

void Loop::stop_if_asked(const std::string& resume_command) {
  if (!wishes_.stop()) return;
  save_last();
  stop(resume_command);
}

void Loop::stop(const std::string& resume_command) const {
  inform(stderr, "stopped at step {}, in epoch {}; all is saved. To go on:\n  {}\n", at_.step, at_.epoch,
         resume_command);
  throw Interrupted();
}

bool Loop::out_of_time() const { return options_.minutes > 0 && seconds() >= 60 * options_.minutes; }

bool Loop::out_of_patience() const {
  return options_.patience > 0 && at_.best_epoch > 0 && at_.epoch - 1 - at_.best_epoch >= options_.patience;
}

TrainingResult Loop::run(const std::string& resume_command) {
  started_ = saved_ = Clock::now();
  TrainingResult result;
  agree();
  wishes_.ask();
  while (at_.epoch <= options_.epochs && !out_of_patience() && !wishes_.time_is_up()) {
    train_epoch();
    wishes_.ask();
    stop_if_asked(resume_command);
    if (!is_ruined(at_)) save_last();
    try {
      end_epoch();
    } catch (const Interrupted&) {  // the validation is done again
      stop(resume_command);
    }
    next_epoch();
    result.trained = true;
    wishes_.ask();
    if (at_.epoch <= options_.epochs) stop_if_asked(resume_command);
  }
  result.epochs = at_.epoch - 1;
  result.best_epoch = at_.best_epoch;
  result.score = at_.best;
  result.perplexity = at_.best_perplexity;
  result.guessing = guessing_;
  result.seconds = seconds();
  result.why = at_.epoch > options_.epochs ? "all epochs are done"
               : out_of_patience()         ? "no better score for as long as --patience allows"
                                           : "the time of --minutes is up";
  return result;
}

}  // namespace

TrainingResult train(Task& task, const TrainingOptions& options, const RunCheckpoints& checkpoints, bool resume,
                     const std::string& resume_command, Ranks& ranks) {
  catch_interrupts();
  Loop loop(task, options, checkpoints, ranks);
  const auto say_what_stays = [&](const char* why) {
    if (!std::filesystem::exists(checkpoints.folder().file("last.safetensors"))) throw;
    throw Error("{}\nwhat was saved stays; when the cause is gone, go on with:\n  {}", why, resume_command);
  };
  try {
    if (resume) loop.restore();
    return loop.run(resume_command);
  } catch (const Error& error) {  // to go on after Diverged would end the same way
    if (dynamic_cast<const Interrupted*>(&error) || dynamic_cast<const Diverged*>(&error)) throw;
    say_what_stays(error.what());
  } catch (const std::bad_alloc&) {
    say_what_stays("out of memory; a smaller batch or model needs less");
  }
  return {};  // never reached
}

}  // namespace heed::support
