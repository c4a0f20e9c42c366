// What is special about translation for the training loop that all programs share.
#pragma once

#include <memory>
#include <vector>

#include "examples/support/hard/moving_rewards.h"
#include "examples/support/text/corpus.h"
#include "examples/support/training/training.h"
#include "examples/translate/commands/options.h"
#include "examples/translate/model/search/decode.h"
#include "examples/translate/model/text_model.h"
#include "examples/translate/model/translator.h"
#include "optim/thread_pool.h"

namespace heed::translate {

class TranslationTask : public support::Task {
 public:
  TranslationTask(const Options& options, std::unique_ptr<Translator> model, TextModel text, support::Corpus corpus);

  std::vector<NamedTensor> model() override { return named_tensors(*model_); }
  int64_t begin_epoch(int64_t epoch) override;
  int64_t tokens(int64_t batch) const override { return batches_[static_cast<size_t>(batch)].target_tokens; }
  Tensor loss(int64_t batch, int shard, int shards, Rng& rng) override;
  void end_batch(int64_t batch) override;
  bool validates() const override { return options_.validation; }
  std::string tell(Share shards) const override { return hard() ? earned_.tell(shards) : ""; }
  void hear(Share shards, const std::string& told) override {
    if (hard()) earned_.hear(shards, told);
  }
  std::string data_checksum() const override;
  support::Evaluation validate(int64_t epoch) override;
  double time_validation() override;
  support::Report report(const std::vector<nlohmann::json>& metrics) const override;

  void save_text(const std::filesystem::path& folder) const override { text_.save(folder); }
  std::vector<std::string> text_files() const override { return text_.files(); }
  std::string summary() const override;
  void print_samples(const support::RunFolder& run) override;
  support::Judgement judgement() const override { return {"BLEU", "greedy", "alignments"}; }
  std::vector<std::string> next_commands(const std::string& program, const std::string& folder) const override;

 private:
  // Sentences to show: held out ones, if there are any.
  const support::ParallelText& shown() const { return options_.validation ? corpus_.valid : corpus_.train; }
  // Of the right words, after those that the decoder reads in this epoch.
  Tensor cross_entropy(const Batch& part, Rng& rng) const;
  // The smoothed BLEU of what was written about a sentence to learn from, by its number in the corpus.
  double reward(size_t sentence, const support::Ids& words) const;
  bool hard() const { return options_.model.attention == AttentionKind::hard; }
  bool drawing() const { return hard() && epoch_ > options_.soft_epochs; }
  int64_t draws() const { return drawing() ? options_.hard.draws() : 1; }  // of each text
  Options options_;
  std::unique_ptr<Translator> model_;
  TextModel text_;
  support::Corpus corpus_;
  ThreadPool pool_;
  std::vector<support::Ids> sources_, targets_, valid_sources_, valid_targets_;
  std::vector<support::PairBatch> batches_;
  support::MovingRewards earned_;
  std::vector<Translation> samples_;  // of the last validation
  int64_t epoch_ = 0;
};

}  // namespace heed::translate
