#include "examples/caption/evaluation/estimators_command.h"

#include <numeric>

#include "examples/caption/commands/checkpoint.h"
#include "examples/caption/model/hard_captions.h"
#include "examples/support/hard/listed_paths.h"
#include "examples/support/process/interrupt.h"

namespace heed::caption {
namespace {

// The first caption of each picture, cut after so many words that all paths of its places can be listed.
class ShortCaptions : public support::ShortTexts {
 public:
  ShortCaptions(const LoadedRun& run, const CaptionSet& set, int64_t count, int64_t words)
      : model_(*run.model), pictures_(*set.pictures) {
    const CaptionIds ids = caption_ids(set, run.vocabulary);
    for (size_t i = 0; i < ids.words.size() && std::ssize(captions_) < count; ++i) {
      if (i > 0 && ids.picture[i] == ids.picture[i - 1]) continue;
      support::Ids caption = ids.words[i];
      caption.resize(std::min(caption.size(), static_cast<size_t>(words)));
      captions_.push_back(caption);
      picture_of_.push_back(ids.picture[i]);
    }
  }

  size_t size() const override { return captions_.size(); }
  int64_t places(size_t) const override { return model_.settings.locations(); }
  int64_t steps(size_t i) const override { return static_cast<int64_t>(captions_[i].size()) + 1; }
  void roll(size_t i, int64_t copies, const std::function<void(support::Rollout&)>& use) const override {
    const CaptionBatch batch = batch_of({i}, copies);
    const Tensor seen = pictures_.at(batch.pictures);
    const LossOptions plain;
    CaptionRollout roll(model_, batch, seen, plain);
    use(roll);
  }
  Tensor loss(const HardOptions& options, const Baselines& baselines, Rng& random) const override {
    std::vector<size_t> all(captions_.size());
    std::iota(all.begin(), all.end(), size_t{0});
    const CaptionBatch batch = batch_of(all, options.samples);
    const HardDraw draw = draw_hard(options, batch, false, random);
    return hard_loss(model_, batch, pictures_.at(batch.pictures), options, draw, baselines).loss;
  }

 private:
  CaptionBatch batch_of(std::vector<size_t> index, int64_t copies) const {
    const std::vector<support::Ids> no_sources(captions_.size());
    return pack_captions(support::make_batch(no_sources, captions_, std::move(index)), picture_of_, 0, 1, copies);
  }

  const Captioner& model_;
  const Pictures& pictures_;
  std::vector<support::Ids> captions_;
  std::vector<int64_t> picture_of_;
};

void check_paths(const EstimatorFlags& flags, int64_t places) {
  const int64_t most = flags.comparison.paths;
  if (support::number_of_paths(places, flags.words + 1, most) > most)
    throw Error(
        "estimators: {} places and a caption of {} and </s> have more than --paths {} paths; take fewer --words or more "
        "--paths",
        places, flags.words == 1 ? "one word" : fmt::format("{} words", flags.words), most);
}

}  // namespace

int compare_estimators(const EstimatorFlags& flags) {
  const LoadedRun run = load_run(flags);
  if (run.options.model.attention != AttentionKind::hard)
    throw Error("estimators: {} has {} attention; places are drawn by --attention hard alone", flags.run,
                name_of(attention_kinds, run.options.model.attention));
  check_paths(flags, run.model->settings.locations());
  support::catch_interrupts();
  ThreadPool pool(flags.threads);
  const DataOptions options = data_of(run, flags.data, flags.cache);
  const CaptionSet set = load_captions(open_data(options), options, run.model->settings, flags.split, pool);
  const ShortCaptions captions(run, set, flags.captions, flags.words);
  support::compare_estimators(captions, flags.comparison, run.options.hard,
                              support::attention_of(Parameters(*run.model)), bool(run.model->guess), pool);
  return 0;
}

}  // namespace heed::caption
