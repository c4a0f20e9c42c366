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
  Rng rng(0);
  loaded.model = std::make_unique<Captioner>(settings, rng);
  support::load_checkpoint(run, flags.checkpoint, named_tensors(*loaded.model));
  return loaded;
}

DataOptions data_of(const LoadedRun& run, const std::string& data, const std::string& cache) {
  DataOptions options = run.options.data;
  if (!data.empty() && support::saved_path(data) != options.data) {
    options.data = data;
    options.images.clear();
    options.cache = options.builtin() ? "" : usual_cache(data, name_of(encoders, run.options.model.encoder)).string();
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
