#include "examples/translate/commands/translation_recipe.h"

#include "examples/support/training/training_state.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/commands/corpus_notes.h"
#include "examples/translate/commands/translation_task.h"
#include "examples/translate/model/paper_init.h"
#include "nn/recurrent/lstm.h"

namespace heed::translate {
namespace {

// The model that --start names, with the attention that is asked for.
std::unique_ptr<Translator> begin_with(Translator& run, Options& options) {
  ModelSettings& settings = options.model;
  settings.source_words = run.settings.source_words;
  settings.target_words = run.settings.target_words;
  settings.score_bias = run.settings.score_bias;
  Rng rng = options.initial_stream();
  auto model = std::make_unique<Translator>(settings, rng);
  support::take_over(named_tensors(*model), named_tensors(run), options.start);
  return model;
}

}  // namespace

void TranslationRecipe::apply_preset() {
  if (start_.take(options_, model())) return;
  if (options_.preset.empty()) options_.preset = "small";
  options_.text.form = support::usual_text_form();
  options_.text.tokens.tokenize = support::Tokenization::by_looking;
  choose(presets, "preset", options_.preset).make(options_);
}

void TranslationRecipe::fit() {
  start_.fit(options_.training);
  if (!start_.taken()) fit_together(options_.model);
}

void TranslationRecipe::check() const {
  start_.check(options_, {"/source", "/target", "/preset", "/text/", "/model/"});
  check_together(options_);
}

void TranslationRecipe::complete() {
  if (options_.target.empty()) options_.target = usual_target(options_);
  options_.model.learned_baseline |=  // a run that this one begins with may have it
      options_.model.attention == AttentionKind::hard && options_.hard.estimator.has_network;
}

std::unique_ptr<support::Task> TranslationRecipe::begin(const std::string& resumed) {
  support::Corpus corpus = support::load_corpus(options_.data, options_.source, options_.target, options_.reading());
  options_.text.tokens.tokenize = corpus.train.tokenization;
  print_notes(options_.data, corpus, options_.batch);
  if (resumed.empty() && !options_.start.empty()) {
    support::CheckpointFlags of_start;
    of_start.run = options_.start;
    LoadedRun from = load_run(of_start);
    return std::make_unique<TranslationTask>(options_, begin_with(*from.model, options_), std::move(from.text),
                                             std::move(corpus));
  }
  TextModel text =
      resumed.empty() ? TextModel::build(corpus.train, options_.text) : TextModel::load(resumed, options_.text);
  ModelSettings& settings = options_.model;
  settings.source_words = text.source.size();
  settings.target_words = text.target.size();
  if (!resumed.empty())
    settings.score_bias |= support::holds(std::filesystem::path(resumed) / "last.safetensors", "attention.bias");
  Rng rng = options_.initial_stream();
  auto model = std::make_unique<Translator>(settings, rng);
  if (settings.init == Init::paper) paper_init(*model, rng);
  if (settings.init == Init::luong) luong_init(*model, rng);
  if (settings.forget_bias != 0) add_forget_bias(named_tensors(*model), settings.forget_bias);
  return std::make_unique<TranslationTask>(options_, std::move(model), std::move(text), std::move(corpus));
}

}  // namespace heed::translate
