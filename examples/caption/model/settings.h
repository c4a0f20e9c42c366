// What kind of captioner to build: the choices of the paper, those of its authors' released code, the sizes.
#pragma once

#include <cstdint>
#include <string>

#include "examples/caption/model/choices.h"

namespace heed::caption {

struct ModelSettings {
  AttentionKind attention = AttentionKind::soft;
  Readout readout = Readout::linear;
  int64_t initial_layers = 1;  // of the networks for h_0 and c_0; the released code: 2, the first with ReLU
  int64_t key_layers = 1;      // of the annotations' side of the alignment network; released: 2
  AnnotationForm annotations = AnnotationForm::plain;
  Gate gate = Gate::scalar;  // beta

  int64_t embedding = 256;  // m, size of word vectors, and of the deep output's layer
  int64_t hidden = 512;     // n, of the LSTM
  int64_t alignment = 256;  // units of the alignment network
  double forget_bias = 0;   // added to the bias of the LSTM's forget gate as it begins
  double penalty = 1;       // lambda of the doubly stochastic regulariser, Xu et al. (14)

  bool posterior_feeding = false;  // of latent attention: the LSTM that reads a word reads where it came from, too
  int64_t pool = 1;               // latent, soft-linear: words are written from cells of pool x pool places (cells.h)
  bool learned_baseline = false;  // a network that guesses rewards from the state, for hard attention

  double dropout_annotation = 0;  // of the annotations, whole channels of a picture at a time
  double dropout_embedding = 0;   // of word vectors
  double dropout_state = 0;       // of h where the readout sees it, and of the mean annotation
  double dropout_readout = 0;     // of the deep output's layer
  double latent_dropout = 0;      // of what a place adds to it

  Encoder encoder = Encoder::squeezenet;  // whose annotations; `small` is trained with the decoder
  std::string encoder_identity;           // of the weights that it had in training; "": not known, or trained along
  int64_t tuned = 0;                      // so many of its last modules are the captioner's, and learn
  int64_t seen = 512;                     // numbers a place of what the others give; depth if all are fixed
  int64_t side = 13;                      // the grid has side x side places, ..
  int64_t depth = 512;                    // .. with D numbers each
  int64_t picture = 64;                   // of encoder `small`: pixels on each edge of what it sees
  int64_t words = 0;                      // V, known once the captions are read

  int64_t locations() const { return side * side; }           // L
  int64_t given() const { return tuned > 0 ? seen : depth; }  // numbers a place of what the model is given
  bool writes_from_places() const {
    return attention == AttentionKind::latent || attention == AttentionKind::soft_linear;
  }

  void fields(auto& visit) {
    visit("attention", attention, attention_kinds, "what a word sees of the picture");
    visit("encoder", encoder, encoders, "what looks at the pictures");
    visit("readout", readout, readouts, "deep output");
    visit("initial_layers", initial_layers, "of the networks for the first state", {.least = 1, .most = 2});
    visit("key_layers", key_layers, "of the alignment network before the sum with the state",
          {.least = 1, .most = 2, .with = "--attention soft|hard|latent|soft-linear"});
    visit("annotations", annotations, annotation_forms, "of what the encoder gives");
    visit("gate", gate, gates, "beta");
    visit("embedding", embedding, "size of word vectors and of the deep output", {.least = 1});
    visit("hidden", hidden, "size of the decoder's state", {.least = 1});
    visit("alignment", alignment, "hidden units of the alignment network", {.least = 1});
    visit("forget_bias", forget_bias, "added to the bias of the LSTM's forget gate as it begins",
          {.least = -10, .most = 10});
    visit("penalty", penalty, "lambda: places are to be looked at once each, in sum",
          {.with = "--attention soft|hard|latent|soft-linear"});
    visit("pool", pool, "words are written from the means of so many places in a square, each way",
          {.least = 1, .with = "--attention latent|soft-linear"});
    visit("posterior_feeding", posterior_feeding,
          "the LSTM that reads a word also reads where it came from, the expectation under the posterior",
          {.flag = "--posterior-feeding,!--no-posterior-feeding", .with = "--attention latent"});
    visit.saved("learned_baseline", learned_baseline);
    visit("dropout_annotation", dropout_annotation, "of channels of the annotations", {.most = 0.95});
    visit("dropout_embedding", dropout_embedding, "of word vectors", {.most = 0.95});
    visit("dropout_state", dropout_state, "of the state that is read out, and the mean annotation", {.most = 0.95});
    visit("dropout_readout", dropout_readout, "of the deep output", {.most = 0.95});
    visit("latent_dropout", latent_dropout, "of what a place adds to the deep output",
          {.most = 0.95, .with = "--attention latent|soft-linear"});
    visit.saved("encoder_identity", encoder_identity);
    visit.saved("tuned", tuned);
    visit.saved("seen", seen);
    visit.saved("side", side);
    visit.saved("depth", depth);
    visit.saved("picture", picture);
    visit.saved("words", words);
  }
};

}  // namespace heed::caption
