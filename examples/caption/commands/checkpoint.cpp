#include "examples/caption/commands/checkpoint.h"

#include "examples/caption/encoders/features.h"

namespace heed::caption {

LoadedRun load_run(const support::CheckpointFlags& flags) {
  const support::RunFolder run = support::RunFolder::open(flags.run);
  LoadedRun loaded;
  const auto fields = support::fields_of(loaded.options);
  support::read_options(run, fields, "captioner");
  support::check_files(run, flags.checkpoint, fields);
  loaded.vocabulary = support::Vocabulary::load(run.file(kVocabularyFile));
  ModelSettings settings = loaded.options.model;
  settings.words = loaded.vocabulary.size();
  Rng rng = Rng::none();
  loaded.model = std::make_unique<Captioner>(settings, rng);
  support::load_checkpoint(run, flags.checkpoint, named_tensors(*loaded.model));
  return loaded;
}

Captioners LoadedRun::models() const {
  std::vector<const Captioner*> all{model.get()};
  for (const auto& other : others) all.push_back(other.get());
  return Captioners(std::move(all));
}

namespace {

// What two runs would have to have in common, and have not; or "".
std::string difference(const LoadedRun& a, const LoadedRun& b) {
  const ModelSettings &x = a.model->settings, &y = b.model->settings;
  if (a.vocabulary.words() != b.vocabulary.words()) return "the vocabulary";
  if (a.options.data.text_form != b.options.data.text_form) return "the form of text (--text-form)";
  if (x.encoder != y.encoder || x.tuned != y.tuned || x.encoder_identity != y.encoder_identity) return "the encoder";
  return x.side != y.side || x.depth != y.depth || x.picture != y.picture ? "the size of what is seen" : "";
}

}  // namespace

LoadedRun load_runs(const support::RunsFlags& flags) {
  LoadedRun first = load_run(flags.of(flags.runs.front()));
  for (size_t i = 1; i < flags.runs.size(); ++i) {
    LoadedRun other = load_run(flags.of(flags.runs[i]));
    if (const std::string what = difference(first, other); !what.empty())
      throw Error(
          "{} and {} cannot write together: {} of one is not that of the other; train both on the same --data with the "
          "same encoder and options of text, and different --seed",
          flags.runs.front(), flags.runs[i], what);
    first.others.push_back(std::move(other.model));
  }
  return first;
}

DataOptions data_of(const LoadedRun& run, const std::string& data, const std::string& cache) {
  DataOptions options = run.options.data;
  if (!data.empty() && support::saved_path(data) != options.data) {
    options.data = data;
    options.images.clear();
    const ModelSettings& model = run.options.model;
    const std::string features = features_name(name_of(encoders, model.encoder), model.tuned);
    options.cache = options.builtin() ? "" : usual_cache(data, features).string();
  }
  if (!cache.empty()) options.cache = cache;
  return options;
}

DataOptions encoder_data(const Options& options, const EncoderFlags& flags) {
  DataOptions data = options.data;
  if (!flags.weights.empty()) data.weights = flags.weights;
  if (flags.weights_from != WeightsFrom::automatic) data.weights_from = flags.weights_from;
  if (options.model.encoder != Encoder::small && data.weights.empty())
    throw support::WrongUsage("the run's encoder is {}: give its weights with --weights FILE",
                              name_of(encoders, options.model.encoder));
  return data;
}

}  // namespace heed::caption
