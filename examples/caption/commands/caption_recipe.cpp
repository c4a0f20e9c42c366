#include "examples/caption/commands/caption_recipe.h"

#include <fmt/format.h>

#include <filesystem>

#include "examples/caption/commands/caption_task.h"
#include "examples/caption/commands/checkpoint.h"
#include "examples/support/images/orientation.h"
#include "examples/support/process/console.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/text/text.h"
#include "nn/recurrent/lstm.h"

namespace heed::caption {
namespace {

void print_left_out(const CaptionSet& set, const char* split) {
  for (const std::string& why : set.left_out) support::inform(stderr, "{}\n", why);
  if (!set.left_out.empty())
    support::inform(stderr, "{}: {} pictures are left out, {} are there\n", split, set.left_out.size(), set.size());
  if (set.dropped > 0)
    support::inform(stderr, "{}: {} captions are left out because no word is in them\n", split, set.dropped);
}

// As the encoder has them; its weights may be missing where all features are kept.
FireTail tail_of(const Options& options) {
  if (options.data.weights.empty())
    throw support::WrongUsage("--tune-encoder begins with the encoder's weights: give them with --weights FILE");
  return run_encoder(options.model, options.data)->tail();
}

void print_long_captions(const std::string& data, const CaptionSet& train, const support::BatchOptions& batch) {
  std::vector<size_t> words, picture;
  for (size_t i = 0; i < train.images.size(); ++i)
    for (const std::string& caption : train.references[i]) {
      words.push_back(support::split_words(caption).size());
      picture.push_back(i);
    }
  const std::string note = support::long_sentences_note(
      words, batch, [&](size_t n) { return "a caption of " + train.images[picture[n]]; });
  if (!note.empty()) support::inform(stderr, "{}: train, {}\n", data, note);
}

// The model that --start names, with the attention that is asked for.
std::unique_ptr<Captioner> begin_with(Captioner& run, const Options& options) {
  Rng rng = options.initial_stream();
  auto model = std::make_unique<Captioner>(options.model, rng);
  // A tail that begins to learn is the encoder's, which the run has not.
  if (options.model.tuned > run.settings.tuned) run.tail = tail_of(options);
  support::take_over(named_tensors(*model), named_tensors(run), options.start);
  return model;
}

}  // namespace

void CaptionRecipe::apply_preset() {
  if (start_.take(options_, model())) return;
  if (options_.preset.empty()) options_.preset = options_.data.builtin() ? "demo" : "small";
  choose(presets, "preset", options_.preset).make(options_);
  options_.data.text_form = support::usual_text_form();
  // No other encoder sees the built-in pictures, whichever preset.
  if (options_.data.builtin()) options_.model.encoder = Encoder::small;
}

std::unique_ptr<support::Task> CaptionRecipe::begin(const std::string& resumed) {
  support::catch_interrupts();  // what was computed of the features is kept
  ModelSettings& settings = options_.model;
  if (!options_.data.builtin()) support::inform(stderr, "{}", support::orientation_note());
  const Dataset data = open_data(options_.data);
  if (!data.taken().empty()) support::inform(stderr, "{}\n", data.taken());
  ThreadPool pool(options_.training.threads);
  CaptionSet train = load_captions(data, options_.data, settings, "train", pool);
  settings.encoder_identity = train.encoder;
  CaptionSet valid = load_captions(data, options_.data, settings, "dev", pool);
  if (!train.encoder_note.empty()) support::inform(stderr, "{}\n", train.encoder_note);
  print_left_out(train, "train");
  print_left_out(valid, "dev");
  print_long_captions(options_.data.data, train, options_.batch);
  if (resumed.empty() && !options_.start.empty()) {
    support::CheckpointFlags of_start;
    of_start.run = options_.start;
    LoadedRun from = load_run(of_start);
    settings.words = from.model->settings.words;
    return std::make_unique<CaptionTask>(options_, begin_with(*from.model, options_), std::move(from.vocabulary),
                                         std::move(train), std::move(valid));
  }
  support::Vocabulary vocabulary = resumed.empty()
                                       ? caption_vocabulary(train, options_.text)
                                       : support::Vocabulary::load(std::filesystem::path(resumed) / kVocabularyFile);
  settings.words = vocabulary.size();
  Rng rng = options_.initial_stream();
  auto model = std::make_unique<Captioner>(settings, rng);
  if (resumed.empty() && settings.tuned > 0) model->tail = tail_of(options_);
  if (settings.forget_bias != 0) add_forget_bias(named_tensors(*model), settings.forget_bias);
  return std::make_unique<CaptionTask>(options_, std::move(model), std::move(vocabulary), std::move(train),
                                       std::move(valid));
}

}  // namespace heed::caption
