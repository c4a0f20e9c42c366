#include "examples/translate/commands/translation_recipe.h"

#include <nlohmann/json.hpp>

#include "examples/support/training/training_state.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/commands/corpus_notes.h"
#include "examples/translate/commands/translation_task.h"
#include "examples/translate/model/paper_init.h"

namespace heed::translate {
namespace {

// Of what makes a model: it cannot be another one when its parameters are those of a run.
std::vector<support::Field> fields_of_model(Options& options) {
  std::vector<support::Field> kept;
  for (support::Field& field : support::fields_of(options))
    for (const char* part : {"/source", "/target", "/preset", "/text/", "/model/"})
      if (field.path.starts_with(part)) {
        kept.push_back(std::move(field));
        break;
      }
  return kept;
}

// The rate that a run with these settings begins with.
double first_rate(const support::TrainingOptions& training) {
  Tensor number = Tensor::zeros({1});
  const Parameters any(std::vector<NamedTensor>{{"any", &number}});
  return make_optimizer(training.optimizer, any, training.learning_rate)->learning_rate;
}

}  // namespace

// Those that the command line gives are set once more after this.
void TranslationRecipe::take_settings_of_start() {
  const std::string start = options_.start;
  const int threads = options_.training.threads;
  try {
    Options found;
    support::read_options(support::RunFolder::open(start), support::fields_of(found), model());
    started_ = found;
  } catch (const Error&) {
    broken_ = std::current_exception();  // told when the command line is known to be right
    return;
  }
  options_ = *started_;
  options_.start = start;
  options_.sampling = {};
  options_.risk = {};
  options_.soft_epochs = 0;
  support::TrainingOptions& training = options_.training;
  training.threads = threads;
  training.schedule = "constant";
  training.warmup = 0;
  training.epochs = 3;
  training.minutes = 0;
  training.patience = 0;
  training.evaluate_from = 1;
  training.learning_rate = 0.1 * first_rate(training);
}

void TranslationRecipe::check() const {
  if (broken_) std::rethrow_exception(broken_);
  check_together(options_);
  if (!started_) return;
  Options was = *started_, is = options_;
  const std::string changed = support::differences(fields_of_model(was), support::settings_of(fields_of_model(was)),
                                                   support::settings_of(fields_of_model(is)));
  if (!changed.empty())
    throw support::WrongUsage("--start goes on with the model of the run in {}: {}; only what concerns data and training "
                              "may be others",
                              options_.start, changed);
}

void TranslationRecipe::apply_preset() {
  if (!options_.start.empty()) return take_settings_of_start();
  if (options_.preset.empty()) options_.preset = "small";
  options_.text.form = support::usual_text_form();
  choose(presets, "preset", options_.preset).make(options_);
}

void TranslationRecipe::fit() {
  // Another optimizer has a rate of its own.
  if (started_ && options_.training.optimizer != started_->training.optimizer) {
    options_.training.learning_rate = 0;
    options_.training.learning_rate = 0.1 * first_rate(options_.training);
  }
  if (!started_) fit_together(options_.model);
}

void TranslationRecipe::complete() {
  if (options_.target.empty()) options_.target = usual_target(options_);
  options_.model.learned_baseline =
      options_.model.attention == AttentionKind::hard && options_.hard.estimator.has_network;
}

std::unique_ptr<support::Task> TranslationRecipe::begin(const std::string& resumed) {
  support::Corpus corpus =
      support::load_corpus(options_.data, options_.source, options_.target, options_.reading());
  print_notes(options_.data, corpus, options_.batch);
  if (resumed.empty() && !options_.start.empty()) {
    support::CheckpointFlags of_start;
    of_start.run = options_.start;
    LoadedRun from = load_run(of_start);
    options_.model = from.model->settings;
    return std::make_unique<TranslationTask>(options_, std::move(from.model), std::move(from.text), std::move(corpus));
  }
  TextModel text = resumed.empty() ? TextModel::build(corpus.train, options_.text)
                                   : TextModel::load(resumed, options_.text);
  ModelSettings& settings = options_.model;
  settings.source_words = text.source.size();
  settings.target_words = text.target.size();
  if (!resumed.empty())
    settings.score_bias |= support::holds(std::filesystem::path(resumed) / "last.safetensors", "attention.bias");
  Rng rng = options_.initial_stream();
  auto model = std::make_unique<Translator>(settings, rng);
  if (settings.init == Init::paper) paper_init(*model, rng);
  if (settings.init == Init::luong) luong_init(*model, rng);
  return std::make_unique<TranslationTask>(options_, std::move(model), std::move(text), std::move(corpus));
}

}  // namespace heed::translate
