#include "examples/caption/commands/options.h"

namespace heed::caption {

void demo_preset(Options& o) {
  o.model.encoder = Encoder::small;
  o.model.side = 8;
  o.model.depth = 64;
  o.model.embedding = 64;
  o.model.hidden = 128;
  o.model.alignment = 64;
  o.model.penalty = 0;
  o.model.dropout_state = 0.5;  // else the LSTM reads ahead, and attention is elsewhere when a word is said
  o.label_smoothing = 0.1;      // words that are certain teach attention nothing more: it points 7 % worse
  o.hard.reward = Reward::mean;
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

namespace {

// Drawn places are noise, so fewer are drawn than in the paper, and less is left out. Each answers for its
// own word only, and against what expectation would have earned: else nothing but noise would reach the
// attention (docs/captions.md).
void small_hard(Options& o) {
  o.model.dropout_annotation = 0.1;
  o.model.dropout_embedding = 0.4;
  o.model.dropout_readout = 0.4;
  o.hard.estimator = {estimate::self_critical};
  o.hard.reward = Reward::future;
  o.hard.discount = 0;
  o.hard.drawn = 0.25;
  o.hard.lambda_r = 0.1;
  o.hard.lambda_e = 0.002;
  o.soft_epochs = 4;
}

}  // namespace

void small_preset(Options& o) {
  o.data.views = {.mirror = true, .crops = 6};
  o.model.annotations = AnnotationForm::norm;
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
  if (o.model.attention == AttentionKind::hard) small_hard(o);
}

// Section 4.3: what the paper states; the sizes are those of the released code for Flickr8k's bigger sisters.
void paper_preset(Options& o) {
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

}  // namespace heed::caption
