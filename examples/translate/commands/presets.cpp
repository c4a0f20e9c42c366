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

// Luong et al.'s decoder in the regime of `small`, in which a laptop learns it: attention after the step, h~ fed back.
void luong_small_preset(Options& o) {
  small_preset(o);
  o.model.order = Order::luong;
  o.model.cell = "lstm";
  o.model.score = "general";
  o.model.feed = true;
  o.model.layers = 1;
}

// Section 4.1: sizes, initialisation, training; the best single model, local-p with the general score and input feeding.
// There the loss of a minibatch is divided by its sentences, here by its words, some 25 a sentence: rate 1 and norm 5
// are converted.
void luong_preset(Options& o) {
  constexpr double words = 25;
  o.model.order = Order::luong;
  o.model.cell = "lstm";
  o.model.layers = 4;
  o.model.bidirectional = false;
  o.model.reverse_source = true;
  o.model.feed = true;
  o.model.score = "general";
  o.model.window = "local-p";
  o.model.window_width = 10;
  o.model.embedding = o.model.hidden = o.model.encoder_hidden = o.model.alignment = o.model.readout = 1000;
  o.model.dropout_embedding = o.model.dropout_layer = o.model.dropout_readout = 0.2;
  o.model.init = Init::luong;
  o.text.vocabulary.min_count = 1;
  o.text.vocabulary.max_words = 50000;
  o.batch.batch_size = 128;
  o.batch.max_length = 50;
  o.training.optimizer = "sgd";
  o.training.learning_rate = words;
  o.training.clip = 5 / words;
  o.training.epochs = 12;  // with dropout; without it 10, halved after 5
  o.training.schedule = "halve";
  o.training.halve_from = 8;
}

// Bahdanau et al. A.2.3, B.1, B.2: sizes, initialisation, training.
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
