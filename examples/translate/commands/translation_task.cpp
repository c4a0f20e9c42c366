#include "examples/translate/commands/translation_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "examples/support/own_words/scheduled_sampling.h"
#include "examples/support/process/console.h"
#include "examples/support/process/stopwatch.h"
#include "examples/support/program/argv.h"
#include "examples/support/ranks/agreement.h"
#include "examples/support/ranks/deal_out.h"
#include "examples/support/text/text.h"
#include "examples/support/training/checkpoint.h"
#include "examples/support/training/epoch.h"
#include "examples/translate/commands/translation_report.h"
#include "examples/translate/evaluation/measures.h"
#include "examples/translate/model/hard_translations.h"
#include "examples/translate/model/own_translations.h"

namespace heed::translate {
namespace {

bool fits_a_terminal(const std::string& sentence) { return support::split_words(sentence).size() <= 50; }

}  // namespace

TranslationTask::TranslationTask(const Options& options, std::unique_ptr<Translator> model, TextModel text,
                                 support::Corpus corpus)
    : options_(options),
      model_(std::move(model)),
      text_(std::move(text)),
      corpus_(std::move(corpus)),
      pool_(options.training.threads),
      sources_(text_.encode_source(corpus_.train.source)),
      targets_(text_.encode_target(corpus_.train.target)),
      valid_sources_(text_.encode_source(corpus_.valid.source)),
      valid_targets_(text_.encode_target(corpus_.valid.target)),
      earned_(options.training.shards) {}

int64_t TranslationTask::begin_epoch(int64_t epoch) {
  epoch_ = epoch;
  auto made =
      support::make_batches(sources_, targets_, options_.batch, options_.training.seed, static_cast<uint64_t>(epoch));
  batches_ = std::move(made.batches);
  if (epoch == 1 && made.dropped)
    support::inform(stderr, "{} pairs are longer than {} words and are left out of training\n", made.dropped,
                    options_.batch.max_length);
  return static_cast<int64_t>(batches_.size());
}

Tensor TranslationTask::loss(int64_t batch, int shard, int shards, Rng& rng) {
  const Batch part = pack_batch(batches_[static_cast<size_t>(batch)], shard, shards, draws());
  support::Earned& earned = earned_.of(shard);
  earned = {};
  if (part.size() == 0) return {};
  if (options_.risk.wanted()) {
    const support::PairBatch& pairs = batches_[static_cast<size_t>(batch)];
    const auto worth = [&](int64_t about, const support::Ids& words) {
      return reward(pairs.index[static_cast<size_t>(about * shards + shard)], words);  // as shard_columns cuts
    };
    Rng own = rng.split(0x7269736b);
    const Tensor risk = expected_risk(*model_, part, worth, options_.risk.samples, own);
    return support::risk_loss(risk, cross_entropy(part, rng), options_.risk.mle_weight);
  }
  if (!drawing()) return cross_entropy(part, rng);
  const LossOptions with{options_.label_smoothing, &rng};
  std::vector<int64_t> each(static_cast<size_t>(part.size()));
  std::iota(each.begin(), each.end(), int64_t{0});
  Rng of_batch = support::stream_of_batch(options_.training.seed, epoch_, batch);
  const support::HardDraw draw =
      support::draw_hard(options_.hard, each.size(), each, of_batch.bernoulli(1 - options_.hard.drawn), rng);
  const support::HardLoss found =
      hard_loss(*model_, part, options_.hard, draw, support::baselines_of(model_->baseline), with);
  earned = found;
  return found.loss;
}

Tensor TranslationTask::cross_entropy(const Batch& part, Rng& rng) const {
  LossOptions with{options_.label_smoothing, &rng};
  const double share = support::share_of_epoch(options_.sampling, epoch_, options_.training.epochs);
  if (share == 0) return model_->loss(part, with);
  Rng own = rng.split(0x6f776e);
  const Batch read = with_own_words(*model_, part, share, own);
  with.read = &read;
  return model_->loss(part, with);
}

double TranslationTask::reward(size_t sentence, const support::Ids& words) const {
  std::vector<std::string> tokens;
  for (const int64_t word : words) tokens.push_back(text_.target.word(word));
  support::Bleu found;
  found.add(text_.join(tokens), {corpus_.train.target[sentence]});
  return found.smoothed();
}

void TranslationTask::end_batch(int64_t) {
  if (hard()) earned_.move(model_->baseline);
}

std::string TranslationTask::data_checksum() const {
  support::Pack all;
  for (const auto* ids : {&sources_, &targets_, &valid_sources_, &valid_targets_}) all(*ids);
  all(corpus_.valid.target);
  return support::checksum_of(all.bytes);
}

support::Evaluation TranslationTask::validate(int64_t) {
  const double ppl = perplexity(*model_, valid_sources_, valid_targets_, options_.validation_reading, pool_).value();
  const auto words = static_cast<double>(text_.target.size());
  if (!std::isfinite(ppl)) return support::hopeless(ppl, words);
  DecodeOptions greedy;
  greedy.beam = 1;
  greedy.reading = options_.validation_reading;
  samples_ = translate(*model_, text_, corpus_.valid.source, greedy, pool_);
  const support::Bleu found = bleu(samples_, corpus_.valid.target);
  const double score = 100 * found.score();
  return {score,
          ppl,
          words,
          {{"valid_ppl", ppl}, {"valid_bleu", score}},
          fmt::format("validation perplexity {} (teacher-forced), BLEU {:.2f} (free-running, greedy){}",
                      support::perplexity_text(ppl), score, found.why_zero())};
}

double TranslationTask::time_validation() {
  const size_t all = corpus_.valid.source.size();
  const size_t some = std::min(all, static_cast<size_t>(64 * pool_.threads()));
  std::vector<std::string> lines;
  std::vector<support::Ids> sources, targets;
  size_t right = some, written = some;  // words, with </s>
  for (size_t i = 0; i < some; ++i) {
    const size_t at = i * all / some;
    lines.push_back(corpus_.valid.source[at]);
    sources.push_back(valid_sources_[at]);
    targets.push_back(valid_targets_[at]);
    right += targets.back().size();
  }
  const support::Stopwatch reading;
  perplexity(*model_, sources, targets, options_.validation_reading, pool_);
  const double read = reading.seconds();
  DecodeOptions greedy;
  greedy.beam = 1;
  greedy.reading = options_.validation_reading;
  const support::Stopwatch writing;
  for (const Translation& t : translate(*model_, text_, lines, greedy, pool_)) written += t.tokens.size();
  const double wrote = writing.seconds() * static_cast<double>(right) / static_cast<double>(written);
  return some ? (read + wrote) * static_cast<double>(all) / static_cast<double>(some) : 0;
}

support::Report TranslationTask::report(const std::vector<nlohmann::json>& metrics) const {
  return make_report(options_, metrics, samples_, corpus_.valid.target, text_);
}

std::string TranslationTask::summary() const {
  return fmt::format("{} pairs to learn from, {} to validate; {} and {} words; {} {}", corpus_.train.source.size(),
                     corpus_.valid.source.size(), text_.source.size(), text_.target.size(),
                     name_of(model_kinds, options_.model.model), options_.model.cell);
}

void TranslationTask::print_samples(const support::RunFolder& run) {
  support::load_checkpoint(run, "best.safetensors", model());
  std::vector<std::string> lines;
  for (size_t i = 0; i < shown().source.size() && lines.size() < 3; i += 7)
    if (fits_a_terminal(shown().source[i])) lines.push_back(shown().source[i]);
  DecodeOptions options;
  options.beam = 5;
  for (const Translation& t : translate(*model_, text_, lines, options, pool_)) {
    support::inform(stdout, "\n  {}\n  {}\n", options_.plain_source(text_.join(t.source_tokens)),
                    options_.plain_target(t.text));
    if (!t.alpha.empty()) support::inform(stdout, "{}", alignment_text(t, 100));
  }
}

std::vector<std::string> TranslationTask::next_commands(const std::string& program, const std::string& folder) const {
  using support::shell_line;
  const std::string split = options_.builtin() ? "test" : "valid";
  const auto& sources = shown().source;
  const auto short_one = std::find_if(sources.begin(), sources.end(), fits_a_terminal);
  std::vector<std::string> commands;
  if (options_.validation || options_.builtin())
    commands.push_back(shell_line({program, "eval", "--run", folder, "--split", split, "--beam", "12"}));
  commands.push_back(shell_line({"echo", short_one == sources.end() ? "" : options_.plain_source(*short_one)}) +
                     " | " + shell_line({program, "text", "--run", folder, "--align"}));
  return commands;
}

}  // namespace heed::translate
