// What is special about captions for the training loop that all programs share.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "examples/caption/commands/options.h"
#include "examples/caption/data/corpus.h"
#include "examples/caption/model/captioner.h"
#include "examples/caption/model/decode.h"
#include "examples/caption/model/hard_captions.h"
#include "examples/support/hard/moving_rewards.h"
#include "examples/support/measures/cider.h"
#include "examples/support/training/training.h"

namespace heed::caption {

class CaptionTask : public support::Task {
 public:
  CaptionTask(const Options& options, std::unique_ptr<Captioner> model, support::Vocabulary vocabulary,
              CaptionSet train, CaptionSet valid);

  std::vector<NamedTensor> model() override { return named_tensors(*model_); }
  int64_t begin_epoch(int64_t epoch) override;
  int64_t tokens(int64_t batch) const override { return batches_[static_cast<size_t>(batch)].target_tokens; }
  Tensor loss(int64_t batch, int shard, int shards, Rng& random) override;
  void end_batch(int64_t batch) override;
  std::string tell(Share shards) const override { return hard() ? earned_.tell(shards) : ""; }
  void hear(Share shards, const std::string& told) override {
    if (hard()) earned_.hear(shards, told);
  }
  std::string data_checksum() const override;
  support::Facts facts() const override;
  support::Evaluation validate(int64_t epoch) override;
  double time_validation() override;
  support::Beforehand beforehand() const override {
    return {train_.seconds_left + valid_.seconds_left, train_.bytes_left + valid_.bytes_left};
  }
  support::Report report(const std::vector<nlohmann::json>& metrics) const override;

  void save_text(const std::filesystem::path& folder) const override;
  std::vector<std::string> text_files() const override;
  std::string summary() const override;
  support::Judgement judgement() const override;
  std::vector<std::string> next_commands(const std::string& program, const std::string& folder) const override;

 private:
  Baselines baselines() const { return support::baselines_of(model_->baseline); }
  // Of the right words, after those that the decoder reads in this epoch.
  Tensor cross_entropy(const CaptionBatch& part, const Tensor& pictures, Rng& random) const;
  // The CIDEr-D of what was written about a picture to learn from, among all of these.
  double reward(int64_t picture, const support::Ids& words) const;
  bool hard() const { return options_.model.attention == AttentionKind::hard; }
  bool drawing() const { return hard() && epoch_ > options_.soft_epochs; }
  int64_t draws() const { return drawing() ? options_.hard.draws() : 1; }  // of each text
  void add_variances(nlohmann::json& figures);

  Options options_;
  std::unique_ptr<Captioner> model_;
  support::Vocabulary vocabulary_;
  CaptionSet train_, valid_;
  ThreadPool pool_;
  CaptionIds ids_, valid_ids_;
  std::vector<support::Ids> no_sources_;  // batches are made of pairs
  std::vector<support::PairBatch> batches_;
  support::MovingRewards earned_;
  std::optional<support::CiderD> cider_;  // of the captions to learn from, for minimum risk
  std::vector<Caption> samples_;          // of the last validation
  int64_t epoch_ = 0;
};

}  // namespace heed::caption
