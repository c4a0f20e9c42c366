#include <fmt/format.h>

#include <filesystem>

#include "autograd/kernels/blas.h"
#include "examples/support/program/interrupt.h"
#include "examples/support/report/align_print.h"
#include "examples/support/report/report.h"
#include "examples/support/text/text.h"
#include "examples/support/training/training_flags.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/commands/commands.h"
#include "examples/translate/commands/evaluate.h"
#include "examples/translate/commands/train_flags.h"
#include "examples/translate/commands/train_options.h"
#include "examples/translate/commands/translation_report.h"

namespace heed::translate {
namespace {

using support::Evaluation;

class TranslationTask : public support::Task {
 public:
  TranslationTask(Translator& model, const TextModel& text, support::Corpus corpus,
                  const TrainOptions& options, support::RunFolder& folder)
      : model_(model),
        text_(text),
        corpus_(std::move(corpus)),
        options_(options),
        folder_(folder),
        pool_(options.training.threads),
        sources_(text.encode_source(corpus_.train.source)),
        targets_(text.encode_target(corpus_.train.target)),
        valid_sources_(text.encode_source(corpus_.valid.source)),
        valid_targets_(text.encode_target(corpus_.valid.target)) {}

  int64_t begin_epoch(int64_t epoch) override {
    auto made = support::make_batches(sources_, targets_, options_.batch, options_.training.seed,
                                      static_cast<uint64_t>(epoch));
    batches_ = std::move(made.batches);
    if (epoch == 1 && made.dropped)
      fmt::print(stderr, "{} pairs are longer than {} words and are left out of training\n", made.dropped,
                 options_.batch.max_length);
    return static_cast<int64_t>(batches_.size());
  }
  int64_t tokens(int64_t batch) const override { return batches_[static_cast<size_t>(batch)].target_tokens; }

  Tensor loss(int64_t batch, int shard, int shards, Rng& rng) override {
    const Batch part = pack_batch(batches_[static_cast<size_t>(batch)], shard, shards);
    if (part.size() == 0) return {};
    return model_.loss(part, {options_.label_smoothing, &rng});
  }

  Evaluation validate(int64_t) override {
    const double ppl = perplexity(model_, valid_sources_, valid_targets_, pool_).value();
    DecodeOptions greedy;
    greedy.beam = 1;
    samples_ = translate(model_, text_, corpus_.valid.source, greedy, pool_);
    const double score = 100 * bleu(samples_, corpus_.valid.target).score();
    return {score,
            {{"valid_ppl", ppl}, {"valid_bleu", score}},
            fmt::format("validation perplexity {:.2f} (teacher-forced), BLEU {:.2f} (free-running, greedy)",
                        ppl, score)};
  }

  void report(const std::vector<nlohmann::json>& metrics) override {
    support::write_report(folder_.file("report.html"),
                          make_report(options_, metrics, samples_, corpus_.valid.target, text_));
  }
  std::map<std::string, std::string> metadata() const override {
    return {{"settings", to_settings(options_).dump()}};
  }

 private:
  Translator& model_;
  const TextModel& text_;
  support::Corpus corpus_;
  TrainOptions options_;
  support::RunFolder& folder_;
  ThreadPool pool_;
  std::vector<support::Ids> sources_, targets_, valid_sources_, valid_targets_;
  std::vector<support::PairBatch> batches_;
  std::vector<Translation> samples_;
};

void print_samples(const LoadedRun& run, const support::Corpus& corpus, ThreadPool& pool) {
  std::vector<std::string> lines;
  for (size_t i = 0; i < corpus.valid.source.size() && lines.size() < 3; i += 7)
    lines.push_back(corpus.valid.source[i]);
  DecodeOptions options;
  options.beam = 5;
  for (const Translation& t : translate(*run.model, run.text, lines, options, pool)) {
    fmt::print("\n  {}\n  {}\n", run.text.join(t.source_tokens), t.text);
    if (!t.alpha.empty()) fmt::print("{}", alignment_text(t, 100));
  }
}

std::string resume_line(const TrainFlags& flags) {
  return support::shell_line({flags.program, "train", "--out", flags.out, "--resume"});
}

void print_next(const TrainFlags& flags, const support::Corpus& corpus) {
  const TrainOptions& o = flags.options;
  fmt::print("curves and alignments: {}\n", (std::filesystem::path(flags.out) / "report.html").string());
  fmt::print("next:\n  {}\n", support::shell_line({flags.program, "eval", "--run", flags.out, "--split",
                                          o.data == "builtin" ? "test" : "valid", "--beam", "12"}));
  fmt::print("  {} | {}\n", support::shell_line({"echo", corpus.valid.source[0]}),
             support::shell_line({flags.program, "text", "--run", flags.out, "--align"}));
}

void finish(const TrainFlags& flags, const support::TrainingResult& result, const support::Corpus& corpus) {
  if (!result.trained)
    fmt::print(
        stderr,
        "nothing left to do after {} epochs: {}. To train longer, give larger limits:\n  {} --epochs {}\n",
        result.epochs, result.why, resume_line(flags), result.epochs + 10);
  if (flags.options.training.json || result.best_epoch == 0) return;
  ThreadPool pool(flags.options.training.threads);
  print_samples(load_run(flags.out), corpus, pool);
  fmt::print("\nbest epoch {} of {}: validation BLEU {:.2f} (greedy); {:.0f} s in all ({})\n",
             result.best_epoch, result.epochs, result.score, result.seconds, result.why);
  print_next(flags, corpus);
}

// The settings, and the vocabularies before them: a folder with run.json is whole.
void begin_run(support::RunFolder& folder, const TrainOptions& options, const TextModel& text,
               const std::string& command_line) {
  text.save(folder.path());
  folder.write_settings(to_settings(options),
                        {"translate train", command_line, options.training.seed, blas::core_name()});
}

std::string default_target(const TrainOptions& o) {
  if (o.data != "builtin") return "de";
  return o.source == "fr" ? "en" : "fr";
}

}  // namespace

int train(TrainFlags flags, const std::string& command_line) {
  check_together(flags);
  TrainOptions& o = flags.options;
  if (o.target.empty()) o.target = default_target(o);
  using support::RunFolder;
  const auto mode = flags.resume      ? RunFolder::Mode::resume
                    : flags.overwrite ? RunFolder::Mode::overwrite
                                      : RunFolder::Mode::create;
  RunFolder::check(flags.out, mode, resume_line(flags));
  support::Corpus corpus = support::load_corpus(o.data, o.source, o.target);
  const TextModel text = flags.resume ? TextModel::load(flags.out) : TextModel::build(corpus.train, o.text);
  o.model.source_words = text.source.size();
  o.model.target_words = text.target.size();
  Rng rng = Rng(o.training.seed).split(0x6d6f64656c);
  Translator model(o.model, rng);
  if (o.model.init == "paper") paper_init(model, rng);
  // Only now, when all else is known to be right: --overwrite removes the old run.
  RunFolder folder(flags.out, mode, resume_line(flags));
  support::catch_interrupts();
  if (!flags.resume)
    begin_run(folder, o, text, command_line);
  else if (to_settings(o) != to_settings(*flags.saved))
    begin_run(folder, o, text, folder.read_run().value("command", command_line));
  TranslationTask task(model, text, corpus, o, folder);
  if (!o.training.json)
    fmt::print(stderr, "{} pairs to learn from, {} to validate; {} and {} words; {} {}\n",
               corpus.train.source.size(), corpus.valid.source.size(), text.source.size(), text.target.size(),
               o.model.model, o.model.cell);
  finish(flags,
         support::train(task, named_tensors(model), o.training, folder, flags.resume, resume_line(flags)),
         corpus);
  return 0;
}

}  // namespace heed::translate
