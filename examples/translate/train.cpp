#include <fmt/format.h>

#include <filesystem>

#include "autograd/blas.h"
#include "examples/support/align_print.h"
#include "examples/support/flags.h"
#include "examples/support/report.h"
#include "examples/support/text.h"
#include "examples/translate/checkpoint.h"
#include "examples/translate/commands.h"
#include "examples/translate/evaluate.h"
#include "examples/translate/train_flags.h"
#include "examples/translate/train_options.h"
#include "examples/translate/translation_report.h"

namespace heed::translate {
namespace {

using support::Evaluation;

class TranslationTask : public support::Task {
 public:
  TranslationTask(Translator& model, const TextModel& text, support::Corpus corpus, const TrainOptions& options,
                  support::RunFolder& folder)
      : model_(model), text_(text), corpus_(std::move(corpus)), options_(options), folder_(folder),
        pool_(options.training.threads), sources_(text.encode_source(corpus_.train.source)),
        targets_(text.encode_target(corpus_.train.target)), valid_sources_(text.encode_source(corpus_.valid.source)),
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
            fmt::format("validation perplexity {:.2f} (teacher-forced), BLEU {:.2f} (free-running, greedy)", ppl, score)};
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
  for (size_t i = 0; i < corpus.valid.source.size() && lines.size() < 3; i += 7) lines.push_back(corpus.valid.source[i]);
  DecodeOptions options;
  options.beam = 5;
  for (const Translation& t : translate(*run.model, run.text, lines, options, pool)) {
    fmt::print("\n  {}\n  {}\n", run.text.join(t.source_tokens), t.text);
    if (!t.alpha.empty()) fmt::print("{}", alignment_text(t, 100));
  }
}

void finish(const TrainFlags& flags, const support::TrainingResult& result, const support::Corpus& corpus) {
  const LoadedRun run = load_run(flags.out);
  if (flags.options.training.json) return;
  ThreadPool pool(flags.options.training.threads);
  print_samples(run, corpus, pool);
  fmt::print("\nbest epoch {}: validation BLEU {:.2f} (greedy); {:.0f} s in all\n", result.epoch, result.score,
             result.seconds);
  fmt::print("curves and alignments: {}\n", (std::filesystem::path(flags.out) / "report.html").string());
  fmt::print("next:\n  translate eval --run {} --data {} --split {} --beam 12\n", flags.out, flags.options.data,
             flags.options.data == "builtin" ? "test" : "valid");
  fmt::print("  echo \"{}\" | translate text --run {} --align\n", corpus.valid.source[0], flags.out);
}

int train(TrainFlags flags, const std::string& command_line) {
  TrainOptions& o = flags.options;
  if (o.target.empty()) o.target = o.data == "builtin" ? "fr" : "de";
  const std::string resume_command = fmt::format("translate train --out {} --resume", flags.out);
  using Mode = support::RunFolder::Mode;
  support::Corpus corpus = support::load_corpus(o.data, o.source, o.target);
  support::RunFolder folder(flags.out, flags.resume ? Mode::resume : flags.overwrite ? Mode::overwrite : Mode::create,
                            resume_command);
  const TextModel text = flags.resume ? TextModel::load(folder.path()) : TextModel::build(corpus.train, o.text);
  o.model.source_words = text.source.size();
  o.model.target_words = text.target.size();
  Rng rng = Rng(o.training.seed).split(0x6d6f64656c);
  Translator model(o.model, rng);
  if (o.model.init == "paper") paper_init(model, rng);
  if (!flags.resume) {
    text.save(folder.path());
    folder.write_settings(to_settings(o), {"translate train", command_line, o.training.seed, blas::core_name()});
  }
  TranslationTask task(model, text, corpus, o, folder);
  const auto tensors = named_tensors(model);
  if (!o.training.json)
    fmt::print(stderr, "{} pairs to learn from, {} to validate; {} and {} words; {} {}\n", corpus.train.source.size(),
               corpus.valid.source.size(), text.source.size(), text.target.size(), o.model.model, o.model.cell);
  const support::TrainingResult result = support::train(task, tensors, o.training, folder, flags.resume, resume_command);
  finish(flags, result, corpus);
  return 0;
}

}  // namespace

std::function<int()> add_train(CLI::App& app, int argc, char** argv) {
  auto flags = std::make_shared<TrainFlags>(early_defaults(argc, argv));
  add_train_flags(*app.add_subcommand("train", "Train a translator; everything goes into one run folder"), *flags);
  return [flags, line = support::command_line_text(argc, argv)] { return train(*flags, line); };
}

}  // namespace heed::translate
