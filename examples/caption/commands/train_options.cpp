#include "examples/caption/commands/train_options.h"

#include "examples/support/training/training_json.h"

namespace heed::caption {
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ViewOptions, mirror, crops)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(DataOptions, data, weights, cache, skip_broken, views)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ModelSettings, attention, readout, initial_layers, key_layers,
                                                annotations, gate, embedding, hidden, alignment, penalty,
                                                learned_baseline, dropout_annotation, dropout_embedding,
                                                dropout_state, dropout_readout, encoder, encoder_identity,
                                                side, depth, picture, words)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TextOptions, min_count, max_words)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(HardOptions, estimator, expectation, reward, discount, drawn,
                                                lambda_r, lambda_e, temperature)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TrainOptions, data, preset, model, text, batch, training,
                                                label_smoothing, hard, soft_epochs, compare_estimators,
                                                reading, validation_beam)

std::string validation_search(const TrainOptions& options) {
  return options.validation_beam == 1 ? "greedy" : fmt::format("beam {}", options.validation_beam);
}

nlohmann::json to_settings(const TrainOptions& options) { return options; }
TrainOptions from_settings(const nlohmann::json& settings, const std::filesystem::path& origin) {
  try {
    settings.at("model");  // what else is missing was not yet a setting when the run began: its default
    return settings.get<TrainOptions>();
  } catch (const nlohmann::json::exception& error) {
    throw Error("{}: these are not the settings of a captioner: {}", origin.string(), error.what());
  }
}

std::vector<std::string> preset_names() { return {"demo", "small", "paper"}; }

namespace {

void demo(TrainOptions& o) {
  o.model.encoder = "small";
  o.model.side = 8;
  o.model.depth = 64;
  o.model.embedding = 64;
  o.model.hidden = 128;
  o.model.alignment = 64;
  o.model.penalty = 0;
  o.model.dropout_state = 0.5;  // else the LSTM reads ahead, and attention is elsewhere when a word is said
  o.label_smoothing = 0.1;  // words that are certain teach attention nothing more: it points 7 % worse
  o.hard.reward = "mean";
  o.hard.lambda_r = 0.1;
  o.hard.lambda_e = 0.002;
  o.text.min_count = 1;
  o.batch.batch_size = 16;
  o.training.learning_rate = 4e-3;
  o.training.epochs = 14;
  o.soft_epochs = 3;  // of hard attention
  o.training.schedule = "cosine";
  o.training.average = 0.99;
}

void small(TrainOptions& o) {
  o.data.views = {.mirror = true, .crops = 6};
  o.model.annotations = "norm";
  o.model.embedding = 384;
  o.model.hidden = 512;
  o.model.alignment = 256;
  o.model.penalty = 0.01;
  o.model.key_layers = 2;
  o.model.dropout_annotation = 0.2;
  o.model.dropout_embedding = 0.5;
  o.model.dropout_state = 0.5;
  o.model.dropout_readout = 0.5;
  o.batch.batch_size = 64;
  o.training.learning_rate = 1e-3;
  o.training.average = 0.998;
  o.training.epochs = 14;
  o.training.schedule = "cosine";
  o.training.warmup = 300;
  o.label_smoothing = 0.1;
  o.validation_beam = 5;
}

// Drawn places are noise, so fewer are drawn than in the paper, and less is left out. Each answers for its
// own word only, and against what expectation would have earned: else nothing but noise would reach the
// attention (docs/captions.md).
void small_hard(TrainOptions& o) {
  o.model.dropout_annotation = 0.1;
  o.model.dropout_embedding = 0.4;
  o.model.dropout_readout = 0.4;
  o.hard.estimator = "self-critical";
  o.hard.reward = "future";
  o.hard.discount = 0;
  o.hard.drawn = 0.25;
  o.hard.lambda_r = 0.1;
  o.hard.lambda_e = 0.002;
  o.soft_epochs = 4;
}

// Section 4.3: what the paper states; the sizes are those of the released code for Flickr8k's bigger sisters.
void paper(TrainOptions& o) {
  o.model.embedding = 512;
  o.model.hidden = 1000;
  o.model.alignment = 512;
  o.model.penalty = 1;
  o.model.dropout_state = 0.5;
  o.model.dropout_readout = 0.5;
  o.text.min_count = 1;
  o.text.max_words = 10000;
  o.batch.batch_size = 64;
  o.training.optimizer = "rmsprop";
  o.training.learning_rate = 1e-4;
  o.training.clip = 0;
  o.training.schedule = "constant";
  o.training.epochs = 100;
  o.training.patience = 10;
}

}  // namespace

void apply_preset(TrainOptions& options, const std::string& name) {
  options.preset = name;
  if (name == "demo")
    demo(options);
  else if (name == "small") {
    small(options);
    if (options.model.attention == "hard") small_hard(options);
  } else if (name == "paper")
    paper(options);
  else
    throw Error("there is no preset '{}'; take demo, small or paper", name);
}

}  // namespace heed::caption
