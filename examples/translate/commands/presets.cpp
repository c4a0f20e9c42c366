#include "examples/translate/commands/options.h"

namespace heed::translate {

void demo_preset(Options& o) {
  o.model.embedding = 64;
  o.model.encoder_hidden = 96;
  o.model.hidden = 128;
  o.model.alignment = 96;
  o.model.readout = 64;
  o.text.vocabulary.min_count = 1;
  o.batch.batch_size = 64;
  o.training.learning_rate = 3e-3;
  o.training.epochs = 8;
  o.training.schedule = "cosine";
  o.training.average = 0.99;
}

void small_preset(Options& o) {
  o.model.embedding = 256;
  o.model.encoder_hidden = 256;
  o.model.hidden = 384;
  o.model.alignment = 256;
  o.model.readout = 256;
  o.model.tied = true;
  o.model.dropout_embedding = 0.3;
  o.model.dropout_annotation = 0.4;
  o.model.dropout_readout = 0.4;
  o.text.vocabulary.min_count = 2;
  o.batch.batch_size = 64;
  o.training.learning_rate = 1e-3;
  o.training.average = 0.998;
  o.training.epochs = 20;
  o.training.schedule = "cosine";
  o.training.warmup = 300;
  o.label_smoothing = 0.1;
}

// Appendix A.2.3 (sizes), B.1 (initialisation), B.2 (training).
void paper_preset(Options& o) {
  o.model.embedding = 620;
  o.model.encoder_hidden = 1000;
  o.model.hidden = 1000;
  o.model.alignment = 1000;
  o.model.readout = 500;
  o.model.variant = Variant::paper;
  o.model.init = Init::paper;
  o.text.vocabulary.min_count = 1;
  o.text.vocabulary.max_words = 30000;
  o.batch.batch_size = 80;
  o.batch.pool = 20;
  o.batch.max_length = 50;
  o.training.optimizer = "adadelta";
  o.training.learning_rate = 1;
  o.training.clip = 1;
  o.training.schedule = "constant";
}

}  // namespace heed::translate
