// What kind of captioner to build: the choices of the paper, those of its authors' released code, the sizes.
#pragma once

#include <cstdint>
#include <string>

namespace heed::caption {

struct ModelSettings {
  // soft   the context of a word is the expectation of the annotations under the attention   (section 4.2)
  // hard   it is the annotation of one place, drawn from the attention                       (section 4.1)
  // none   it is the mean annotation, for every word the same: the control
  std::string attention = "soft";

  // Where the paper and the released code differ. The first of each is the paper's.
  std::string readout = "linear";  // linear: L_o (E y + L_h h + L_z z); tanh: L_o tanh(..), as released
  int64_t initial_layers = 1;  // of the networks for h_0 and c_0; the released code: 2, the first with ReLU
  int64_t key_layers = 1;          // of the annotations' side of the alignment network; released: 2
  // plain: annotations as the encoder gives them; root: their square roots; norm: the roots, scaled so that
  // the mean square of each place is 1. After a ReLU few numbers are not zero, and some of those are fifty
  // times as large as others: the roots are a gentler input.
  std::string annotations = "plain";
  std::string gate = "scalar";     // beta: one number for the context; vector: one for each of its D

  int64_t embedding = 256;  // m, size of word vectors, and of the deep output's layer
  int64_t hidden = 512;     // n, of the LSTM
  int64_t alignment = 256;  // units of the alignment network
  double penalty = 1;       // lambda of the doubly stochastic regulariser, eq. (14)

  bool learned_baseline = false;  // a network that guesses rewards from the state, for hard attention

  double dropout_annotation = 0;  // of the annotations, whole channels of a picture at a time
  double dropout_embedding = 0;   // of word vectors
  double dropout_state = 0;       // of h where the readout sees it, and of the mean annotation
  double dropout_readout = 0;     // of the deep output's layer

  std::string encoder = "squeezenet";  // whose annotations; "small" is trained with the decoder
  std::string encoder_identity;  // of the weights that it had in training; "": not known, or trained along
  int64_t side = 13;                   // the grid has side x side places, ..
  int64_t depth = 512;                 // .. with D numbers each
  int64_t picture = 64;                // of "small": pixels on each edge of what it sees
  int64_t words = 0;                   // V, known once the captions are read

  int64_t locations() const { return side * side; }  // L
};

}  // namespace heed::caption
