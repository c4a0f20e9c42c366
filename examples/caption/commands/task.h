// What is special about captions for the training loop that all programs share.
#pragma once

#include <vector>

#include "examples/caption/commands/train_options.h"
#include "examples/caption/data/corpus.h"
#include "examples/caption/model/captioner.h"
#include "examples/caption/model/describe.h"
#include "examples/caption/model/estimators.h"
#include "examples/support/training/training.h"

namespace heed::caption {

class CaptionTask : public support::Task {
 public:
  CaptionTask(Captioner& model, const support::Vocabulary& vocabulary, CaptionSet train, CaptionSet valid,
              const TrainOptions& options, support::RunFolder& folder);

  int64_t begin_epoch(int64_t epoch) override;
  int64_t tokens(int64_t batch) const override { return batches_[static_cast<size_t>(batch)].target_tokens; }
  Tensor loss(int64_t batch, int shard, int shards, Rng& random) override;
  void end_batch(int64_t batch) override;
  support::Evaluation validate(int64_t epoch) override;
  void report(const std::vector<nlohmann::json>& metrics) override;
  std::map<std::string, std::string> metadata() const override;

 private:
  struct Reward {
    Baselines sum;
    int64_t captions = 0, words = 0;
  };
  Baselines baselines() const;
  bool hard() const { return model_.settings.attention == "hard"; }
  void add_variances(nlohmann::json& figures);

  Captioner& model_;
  const support::Vocabulary& vocabulary_;
  CaptionSet train_, valid_;
  TrainOptions options_;
  support::RunFolder& folder_;
  ThreadPool pool_;
  CaptionIds ids_, valid_ids_;
  std::vector<support::Ids> no_sources_;  // batches are made of pairs
  std::vector<support::PairBatch> batches_;
  std::vector<Reward> rewards_;  // of the shards of the batch in work
  std::vector<Caption> samples_;
  int64_t epoch_ = 0;
};

}  // namespace heed::caption
