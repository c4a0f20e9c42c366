// What kind of translator to build: the choices between the papers, and the sizes.
#pragma once

#include <cstdint>
#include <string>

#include "examples/translate/model/choices.h"
#include "nn/attention/choices.h"
#include "nn/recurrent/cells.h"

namespace heed::translate {

// The positions that the score location has weights for. A source may be longer: words after them are not looked at.
// (The help of --score says so.)
constexpr int64_t kLongestSource = 200;

struct ModelSettings {
  // attention: RNNsearch (Bahdanau, Cho, Bengio 2014) or Luong et al. (2015): a context for each target word, from all
  // annotations. fixed: the plain encoder-decoder that they improve on: the context is the encoder's last state, the
  // same for all words; in Luong's order it only starts the decoder (Sutskever et al. 2014).
  ModelKind model = ModelKind::attention;
  AttentionKind attention = AttentionKind::soft;
  bool learned_baseline = false;  // of hard attention: a network that guesses rewards from the state
  Order order = Order::bahdanau;
  std::string cell = "gru";        // of recurrent_cells
  std::string score = "additive";  // of attention_scores
  std::string window = "global";   // of attention_windows
  int64_t window_width = 10;       // D: local windows reach from p - D to p + D
  Variant variant = Variant::groundhog;
  int64_t layers = 1;           // of encoder and decoder
  bool bidirectional = true;    // the encoder; not for a fixed context
  bool reverse_source = false;  // the encoder reads the words from the last to the first, then </s>
  bool feed = false;            // order luong: h~ of the step before goes into the cell (input feeding)

  bool posterior_feeding = false;  // of latent attention: the cell that reads a word reads where it came from, too

  int64_t embedding = 256;       // m
  int64_t hidden = 512;          // n of the decoder
  int64_t encoder_hidden = 256;  // n of each direction of the encoder
  int64_t alignment = 256;       // n', the hidden layer of the alignment network
  int64_t readout = 256;         // l: units of the deep output; order luong: size of h~
  ReadoutUnit readout_unit = ReadoutUnit::maxout;
  int64_t output_rank = 0;  // the output matrix as a product of rank r (the released code: 620); 0: full
  bool tied = false;        // target embedding and output matrix are one (needs readout = embedding)

  double dropout_embedding = 0;   // of word vectors, source and target
  double dropout_annotation = 0;  // of the annotations that the decoder reads
  double dropout_layer = 0;       // between layers, of encoder and decoder
  double dropout_readout = 0;     // of what the output reads: the maxout layer, or h~
  double dropout_word = 0;        // of whole words of the source, replaced by <unk>
  double latent_dropout = 0;      // latent, soft-linear: of what a place adds to what the output reads
  Init init = Init::uniform;
  double forget_bias = 0;  // of an LSTM: added to the bias of its forget gates as they begin

  bool score_bias = false;                     // of the additive score: only of older runs with a local window
  int64_t source_words = 0, target_words = 0;  // vocabulary sizes, known once the data is read

  // Of the encoder that this builds.
  int directions() const { return bidirectional && (model == ModelKind::attention || order == Order::luong) ? 2 : 1; }
  int64_t annotation() const { return directions() * encoder_hidden; }
  // The decoder begins where the encoder ended, layer by layer, without a layer between them.
  bool takes_over_states() const { return order == Order::luong && directions() == 1; }

  void fields(auto& visit) {
    kinds(visit);
    sizes(visit);
    visit("dropout_embedding", dropout_embedding, "of word vectors", {.most = 0.95});
    visit("dropout_annotation", dropout_annotation, "of what the attention reads",
          {.most = 0.95, .with = "--model attention"});
    visit("dropout_layer", dropout_layer, "between layers", {.most = 0.95});
    visit("dropout_readout", dropout_readout, "of what the output reads", {.most = 0.95});
    visit("dropout_word", dropout_word, "source words read as <unk>", {.most = 0.95});
    visit("latent_dropout", latent_dropout, "of what a place adds to what the output reads",
          {.most = 0.95, .with = "--attention latent|soft-linear"});
    visit("init", init, inits, "how parameters begin");
    visit("forget_bias", forget_bias, "added to the bias of the forget gates as they begin",
          {.least = -10, .most = 10, .with = "--cell lstm"});
    visit.saved("learned_baseline", learned_baseline);
    visit.saved("score_bias", score_bias);
    visit.saved("source_words", source_words);
    visit.saved("target_words", target_words);
  }

 private:
  void kinds(auto& visit) {
    visit("model", model, model_kinds, "what the decoder reads of the source");
    visit("attention", attention, attention_kinds, "how a word is written from what the decoder looks at");
    visit("order", order, orders, "whether the decoder looks before its step or after");
    visit("cell", cell, recurrent_cells, "recurrent cell");
    visit("score", score, attention_scores,
          "how well a source position h fits the state q; location knows 200 positions and ignores words after them",
          {.with = "--model attention"});
    visit("window", window, attention_windows, "which positions may be read", {.with = "--model attention"});
    visit("window_width", window_width, "D: local windows reach D to both sides",
          {.least = 1, .with = "--window local-m|local-p"});
    visit("variant", variant, variants, "which state the attention and the readout see",
          {.with = "--order bahdanau"});
    visit("layers", layers, "of the encoder and of the decoder", {.least = 1, .most = 16});
    visit("bidirectional", bidirectional, "the encoder reads in both directions",
          {.flag = "--bidirectional,!--forward-only"});
    visit("reverse_source", reverse_source, "the encoder reads the source from its end",
          {.flag = "--reverse-source,!--no-reverse-source"});
    visit("feed", feed, "order luong: the cell reads h~ of the step before", {.flag = "--feed,!--no-feed"});
    visit("posterior_feeding", posterior_feeding,
          "the cell that reads a word also reads where it came from, the expectation under the posterior",
          {.flag = "--posterior-feeding,!--no-posterior-feeding", .with = "--attention latent"});
  }
  void sizes(auto& visit) {
    visit("embedding", embedding, "size of word vectors", {.least = 1});
    visit("hidden", hidden, "size of the decoder's state", {.least = 1});
    visit("encoder_hidden", encoder_hidden, "size of each direction of the encoder", {.least = 1});
    visit("alignment", alignment, "hidden units of the alignment network", {.least = 1});
    visit("readout", readout, "units before the output; order luong: size of h~", {.least = 1});
    visit("readout_unit", readout_unit, readout_units, "what these units are", {.with = "--order bahdanau"});
    visit("output_rank", output_rank, "factorise the output matrix; 0: full");
    visit("tied", tied, "target embedding and output matrix are one", {.flag = "--tied,!--not-tied"});
  }
};

}  // namespace heed::translate
