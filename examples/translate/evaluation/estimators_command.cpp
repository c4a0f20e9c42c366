#include "examples/translate/evaluation/estimators_command.h"

#include <numeric>

#include "examples/support/hard/listed_paths.h"
#include "examples/support/process/interrupt.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/evaluation/judged_run.h"
#include "examples/translate/model/hard_translations.h"

namespace heed::translate {
namespace {

// Sentences so short that all paths of their places can be listed.
class ShortSentences : public support::ShortTexts {
 public:
  explicit ShortSentences(const Translator& model) : model_(model) {}
  void add(const support::Ids& source, const support::Ids& target) {
    sources_.push_back(source);
    targets_.push_back(target);
  }

  size_t size() const override { return sources_.size(); }
  int64_t places(size_t i) const override { return places_of(sources_[i]); }
  int64_t steps(size_t i) const override { return places_of(targets_[i]); }
  void roll(size_t i, int64_t copies, const std::function<void(support::Rollout&)>& use) const override {
    const Batch batch = batch_of({sources_[i]}, {targets_[i]}, copies);
    const LossOptions plain;
    TranslationRollout roll(model_, batch, plain);
    use(roll);
  }
  Tensor loss(const support::HardOptions& options, const support::Baselines& baselines, Rng& random) const override {
    const Batch batch = batch_of(sources_, targets_, options.samples);
    std::vector<int64_t> each(static_cast<size_t>(batch.size()));
    std::iota(each.begin(), each.end(), int64_t{0});
    const support::HardDraw draw = support::draw_hard(options, each.size(), each, false, random);
    return hard_loss(model_, batch, options, draw, baselines).loss;
  }

  // </s> is read and written, too.
  static int64_t places_of(const support::Ids& words) { return static_cast<int64_t>(words.size()) + 1; }

 private:
  static Batch batch_of(const std::vector<support::Ids>& sources, const std::vector<support::Ids>& targets,
                        int64_t copies) {
    std::vector<size_t> index(sources.size());
    std::iota(index.begin(), index.end(), size_t{0});
    return pack_batch(support::make_batch(sources, targets, index), 0, 1, copies);
  }

  const Translator& model_;
  std::vector<support::Ids> sources_, targets_;
};

ShortSentences shortest(const EstimatorFlags& flags, const LoadedRun& run) {
  const support::ParallelText text = load_split_text(flags.text, run.options).whole;
  const std::vector<support::Ids> sources = run.text.encode_source(text.source),
                                  targets = run.text.encode_target(text.target);
  const int64_t most = flags.comparison.paths;
  const auto paths = [&](size_t i) {
    return support::number_of_paths(ShortSentences::places_of(sources[i]), ShortSentences::places_of(targets[i]),
                                    most);
  };
  std::vector<size_t> order(sources.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return paths(a) < paths(b); });
  ShortSentences found(*run.model);
  for (const size_t i : order) {
    if (paths(i) > most || static_cast<int64_t>(found.size()) == flags.sentences) break;
    found.add(sources[i], targets[i]);
  }
  if (found.size() == 0)
    throw Error("no sentence of {} is short enough: the shortest has more than --paths {} paths of places",
                flags.text.split, most);
  return found;
}

}  // namespace

int compare_estimators(const EstimatorFlags& flags) {
  const LoadedRun run = load_run(flags);
  if (run.options.model.attention != AttentionKind::hard)
    throw Error("estimators: {} has {} attention; places are drawn by --attention hard alone", flags.run,
                looks_somewhere(run) ? name_of(attention_kinds, run.options.model.attention) : "no");
  support::catch_interrupts();
  ThreadPool pool(flags.threads);
  const ShortSentences sentences = shortest(flags, run);
  support::compare_estimators(sentences, flags.comparison, run.options.hard,
                              support::attention_of(Parameters(*run.model)), bool(run.model->guess), pool);
  return 0;
}

}  // namespace heed::translate
