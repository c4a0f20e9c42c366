#include "examples/translate/commands/train_options.h"

#include "examples/support/training/training_json.h"

namespace heed::translate {
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ModelSettings, model, cell, score, window, window_width,
                                                variant, embedding, hidden, encoder_hidden, alignment,
                                                readout, output_rank, tied, dropout_embedding,
                                                dropout_annotation, dropout_readout, dropout_word, init,
                                                source_words, target_words)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TextOptions, min_count, max_words, bpe)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TrainOptions, data, source, target, preset, model, text,
                                                batch, training, label_smoothing)

nlohmann::json to_settings(const TrainOptions& options) { return options; }
TrainOptions from_settings(const nlohmann::json& settings, const std::filesystem::path& origin) {
  try {
    settings.at("model");  // what else is missing was not yet a setting when the run began: its default
    return settings.get<TrainOptions>();
  } catch (const nlohmann::json::exception& error) {
    throw Error("{}: these are not the settings of a translator: {}", origin.string(), error.what());
  }
}

std::vector<std::string> preset_names() { return {"demo", "small", "paper"}; }

namespace {

void demo(TrainOptions& o) {
  o.model.embedding = 64;
  o.model.encoder_hidden = 96;
  o.model.hidden = 128;
  o.model.alignment = 96;
  o.model.readout = 64;
  o.text.min_count = 1;
  o.batch.batch_size = 64;
  o.training.learning_rate = 3e-3;
  o.training.epochs = 8;
  o.training.schedule = "cosine";
  o.training.average = 0.99;
}

void small(TrainOptions& o) {
  o.model.embedding = 256;
  o.model.encoder_hidden = 256;
  o.model.hidden = 384;
  o.model.alignment = 256;
  o.model.readout = 256;
  o.model.tied = true;
  o.model.dropout_embedding = 0.3;
  o.model.dropout_annotation = 0.4;
  o.model.dropout_readout = 0.4;
  o.text.min_count = 2;
  o.batch.batch_size = 64;
  o.training.learning_rate = 1e-3;
  o.training.average = 0.998;
  o.training.epochs = 20;
  o.training.schedule = "cosine";
  o.training.warmup = 300;
  o.label_smoothing = 0.1;
}

// Appendix A.2.3 (sizes), B.1 (initialisation), B.2 (training).
void paper(TrainOptions& o) {
  o.model.embedding = 620;
  o.model.encoder_hidden = 1000;
  o.model.hidden = 1000;
  o.model.alignment = 1000;
  o.model.readout = 500;
  o.model.variant = "paper";
  o.model.init = "paper";
  o.text.min_count = 1;
  o.text.max_words = 30000;
  o.batch.batch_size = 80;
  o.batch.pool = 20;
  o.batch.max_length = 50;
  o.training.optimizer = "adadelta";
  o.training.learning_rate = 1;
  o.training.clip = 1;
  o.training.schedule = "constant";
}

}  // namespace

void apply_preset(TrainOptions& options, const std::string& name) {
  options.preset = name;
  if (name == "demo")
    demo(options);
  else if (name == "small")
    small(options);
  else if (name == "paper")
    paper(options);
  else
    throw Error("there is no preset '{}'; take demo, small or paper", name);
}

}  // namespace heed::translate
