#include "examples/support/training.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>

#include "autograd/elementwise.h"
#include "autograd/memory.h"
#include "autograd/safetensors.h"
#include "examples/support/interrupt.h"
#include "examples/support/progress.h"
#include "optim/average.h"
#include "optim/clip.h"
#include "optim/schedule.h"
#include "optim/shards.h"

namespace heed::support {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Where a run stands; saved as text in the checkpoint's metadata.
struct Standing {
  int64_t epoch = 1, batch = 0;          // the next batch to train on
  int64_t step = 0;                      // updates so far
  double loss = 0;                       // of the epoch so far, summed over words
  int64_t tokens = 0;
  double seconds = 0;                    // training and validation
  double best = -1e300;
  int64_t best_epoch = 0, skipped = 0;
  bool done = false;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Standing, epoch, batch, step, loss, tokens, seconds, best, best_epoch, skipped, done)

class Loop {
 public:
  Loop(Task& task, const std::vector<NamedTensor>& model, const TrainingOptions& options, RunFolder& folder)
      : task_(task), model_(model), options_(options), folder_(folder), parameters_(model), pool_(options.threads),
        shards_(pool_, parameters_, options.shards),
        optimizer_(make_optimizer(options.optimizer, parameters_, options.learning_rate, options.weight_decay)),
        base_rate_(optimizer_->learning_rate),
        plateau_(base_rate_, {.maximize = true, .factor = options.plateau_factor, .patience = options.plateau_patience,
                              .threshold = 0, .absolute = true}) {
    optimizer_->threads = &pool_;
    if (options.average > 0) average_ = std::make_unique<Average>(parameters_, options.average);
  }

  void restore();
  TrainingResult run(const std::string& resume_command);

 private:
  bool train_epoch();                    // false: out of time
  void train_batch(int64_t batch, int64_t steps_in_epoch);
  double rate(int64_t steps_in_epoch) const;
  void end_epoch();
  Evaluation evaluate();
  void save(const std::string& name, bool everything);
  void stop_if_asked(const std::string& resume_command);
  std::string progress_text(double norm) const;

  Task& task_;
  std::vector<NamedTensor> model_;
  TrainingOptions options_;
  RunFolder& folder_;
  Parameters parameters_;
  ThreadPool pool_;
  Shards shards_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<Average> average_;
  double base_rate_;
  Plateau plateau_;
  Standing at_;
  double norm_ = 0;                      // of the last gradient
  Clock::time_point started_;            // of this stretch
  double epoch_seconds_ = 0;
  int64_t epoch_tokens_ = 0;
  std::string resume_command_;
};

double Loop::rate(int64_t steps_in_epoch) const {
  double rate = options_.schedule == "plateau" ? plateau_.rate() : base_rate_;
  if (options_.schedule == "cosine")
    rate = schedule::cosine(base_rate_, options_.epochs * steps_in_epoch)(at_.step);
  if (options_.schedule == "inverse-sqrt")
    return schedule::inverse_sqrt(base_rate_, std::max<int64_t>(options_.warmup, 1))(at_.step);
  return options_.warmup > 0 ? schedule::linear_warmup(rate, options_.warmup)(at_.step) : rate;
}

void Loop::train_batch(int64_t batch, int64_t steps_in_epoch) {
  const Rng random = Rng(options_.seed).split(0x74726169).split(static_cast<uint64_t>(at_.step));
  const int64_t tokens = task_.tokens(batch);
  const auto loss = [&](int shard) {
    Rng mine = random.split(static_cast<uint64_t>(shard));
    const Tensor sum = task_.loss(batch, shard, options_.shards, mine);
    return sum ? sum * (1.0 / static_cast<double>(tokens)) : sum;
  };
  const ShardResult result = shards_.gradients(loss, true);
  norm_ = result.norm;
  ++at_.step;
  if (!std::isfinite(result.norm)) {  // one bad batch must not ruin the model; many mean that it is ruined
    if (++at_.skipped > 20)
      throw Error("training: the gradient was not finite in more than 20 steps; lower --lr");
    return;
  }
  optimizer_->learning_rate = rate(steps_in_epoch);
  optimizer_->step(result.gradients, options_.clip > 0 ? clip_scale(result.norm, options_.clip) : 1.0);
  if (average_) average_->update(&pool_);
  at_.loss += result.loss * static_cast<double>(tokens);
  at_.tokens += tokens;
  epoch_tokens_ += tokens;
}

std::string Loop::progress_text(double seconds) const {
  return fmt::format("loss {:.3f} | ppl {:.2f} | {:.1f}k words/s | grad {:.2f} | lr {:.2g} | {} MB",
                     at_.loss / static_cast<double>(std::max<int64_t>(at_.tokens, 1)),
                     std::exp(at_.loss / static_cast<double>(std::max<int64_t>(at_.tokens, 1))),
                     static_cast<double>(epoch_tokens_) / std::max(seconds, 1e-9) / 1000, norm_,
                     optimizer_->learning_rate, memory::peak_bytes() >> 20);
}

bool Loop::train_epoch() {
  const int64_t batches = task_.begin_epoch(at_.epoch);
  Progress bar(fmt::format("epoch {}/{}", at_.epoch, options_.epochs), batches, ProgressOutput::detect(options_.json));
  const auto start = Clock::now();
  epoch_tokens_ = 0;
  bool in_time = true;
  for (; at_.batch < batches && in_time; ++at_.batch) {
    if (interrupted()) break;
    train_batch(at_.batch, batches);
    in_time = options_.minutes <= 0 || at_.seconds + seconds_since(started_) < 60 * options_.minutes;
    bar.update(at_.batch + 1, progress_text(seconds_since(start)));
  }
  epoch_seconds_ = seconds_since(start);
  bar.finish(progress_text(epoch_seconds_));
  return in_time;
}

Evaluation Loop::evaluate() {
  struct Averaged {  // the averaged parameters are in place exactly while this lives
    Average* average;
    explicit Averaged(Average* a) : average(a) { if (average) average->swap(); }
    ~Averaged() { if (average) average->swap(); }
  } averaged(average_.get());
  Evaluation found = task_.validate(at_.epoch);
  if (found.score > at_.best) {
    at_.best = found.score;
    at_.best_epoch = at_.epoch;
    save("best.safetensors", false);
  }
  return found;
}

void Loop::end_epoch() {
  const double words = static_cast<double>(std::max<int64_t>(at_.tokens, 1));
  nlohmann::json line{{"epoch", at_.epoch}, {"step", at_.step}, {"train_loss", at_.loss / words},
                      {"train_ppl", std::exp(at_.loss / words)}, {"learning_rate", optimizer_->learning_rate},
                      {"gradient_norm", norm_}, {"words_per_second", static_cast<double>(epoch_tokens_) / epoch_seconds_},
                      {"peak_bytes", memory::peak_bytes()}, {"skipped_steps", at_.skipped}};
  std::string text;
  if (at_.epoch >= options_.evaluate_from || at_.epoch >= options_.epochs) {
    const Evaluation found = evaluate();
    line.update(found.figures);
    text = found.text;
    if (options_.schedule == "plateau") plateau_(found.score);
  }
  at_.seconds += seconds_since(started_);
  started_ = Clock::now();
  line["seconds"] = at_.seconds;
  folder_.append_metrics(line);
  if (options_.json) fmt::print("{}\n", line.dump());
  else fmt::print(stderr, "  epoch {}: {}\n", at_.epoch, text);
  std::fflush(stdout);
  task_.report(folder_.read_metrics());
}

void Loop::save(const std::string& name, bool everything) {
  TensorFile file;
  file.metadata = task_.metadata();
  put_tensors(file, model_);
  if (everything) {
    for (auto& [key, tensor] : optimizer_->state("optimizer.")) file.tensors[key] = tensor;
    for (auto& [key, tensor] : plateau_.state("schedule.")) file.tensors[key] = tensor;
    if (average_) {
      const std::vector<Tensor> means = parameters_.views(average_->mean());
      for (size_t i = 0; i < means.size(); ++i) file.tensors["average." + parameters_.name(i)] = means[i];
      file.metadata["average_steps"] = std::to_string(average_->steps);
    }
    file.metadata["standing"] = nlohmann::json(at_).dump();
  }
  save_tensors(folder_.file(name), file);
}

void Loop::restore() {
  const auto path = folder_.file("last.safetensors");
  TensorFile file = load_tensors(path);
  const auto text = file.metadata.find("standing");
  if (text == file.metadata.end()) throw Error("{}: holds a model, but not where its training stood", path.string());
  at_ = nlohmann::json::parse(text->second).get<Standing>();
  optimizer_->restore(file.tensors, "optimizer.");
  plateau_.restore(file.tensors, "schedule.");
  TensorFile weights;
  for (auto& [name, tensor] : file.tensors) {
    if (average_ && name.starts_with("average.")) continue;
    if (!name.starts_with("optimizer.") && !name.starts_with("schedule.")) weights.tensors[name] = tensor;
  }
  load_into(model_, weights, path);
  if (average_) {
    const std::vector<Tensor> means = parameters_.views(average_->mean());
    std::vector<NamedTensor> named;
    std::vector<Tensor> handles = means;
    for (size_t i = 0; i < means.size(); ++i) named.push_back({parameters_.name(i), &handles[i]});
    load_into(named, file, path, "average.");
    average_->steps = std::stoll(file.metadata.at("average_steps"));
  }
  folder_.keep_metrics_until(at_.epoch - 1);
}

void Loop::stop_if_asked(const std::string& resume_command) {
  if (!interrupted()) return;
  at_.seconds += seconds_since(started_);
  save("last.safetensors", true);
  fmt::print(stderr, "\nstopped at step {}, in epoch {}; all is saved. To go on:\n  {}\n", at_.step, at_.epoch,
             resume_command);
  throw Interrupted();
}

TrainingResult Loop::run(const std::string& resume_command) {
  started_ = Clock::now();
  TrainingResult result;
  while (at_.epoch <= options_.epochs && !at_.done) {
    const bool in_time = train_epoch();
    stop_if_asked(resume_command);
    end_epoch();
    result.stopped_early = options_.patience > 0 && at_.best_epoch > 0 &&
                           at_.epoch - at_.best_epoch >= options_.patience;
    at_.done = result.stopped_early || !in_time;
    ++at_.epoch;
    at_.batch = 0;
    at_.loss = 0;
    at_.tokens = 0;
    save("last.safetensors", true);
    stop_if_asked(resume_command);
  }
  result.epoch = at_.best_epoch;
  result.score = at_.best;
  result.seconds = at_.seconds;
  return result;
}

}  // namespace

TrainingResult train(Task& task, const std::vector<NamedTensor>& model, const TrainingOptions& options,
                     RunFolder& folder, bool resume, const std::string& resume_command) {
  catch_interrupts();
  Loop loop(task, model, options, folder);
  if (resume) loop.restore();
  return loop.run(resume_command);
}

}  // namespace heed::support
