// What kind of translator to build: the choices between the papers, and the sizes.
#pragma once

#include <cstdint>
#include <string>

namespace heed::translate {

struct ModelSettings {
  // attention: RNNsearch (Bahdanau, Cho, Bengio 2014): a context for each target word, from all annotations.
  // fixed: the plain encoder-decoder that it improves on: the context is the encoder's last state, the same
  // for all words.
  std::string model = "attention";
  std::string cell = "gru";        // gru (Cho et al. 2014), gru-torch (reset gate after the product), lstm
  std::string score = "additive";  // additive, dot, scaled-dot, general, concat, location
  std::string window = "global";   // global, local-m, local-p (Luong, Pham, Manning 2015, section 3.2)
  int64_t window_width = 10;       // D: local windows reach from p - D to p + D

  // Which state the attention and the readout of word i see.
  //   paper      s_{i-1}, computed from y_{i-2} (the appendix of the paper, read literally)
  //   groundhog  a state that has already seen y_{i-1} (what the authors' released code computes)
  std::string variant = "groundhog";

  int64_t embedding = 256;       // m
  int64_t hidden = 512;          // n of the decoder
  int64_t encoder_hidden = 256;  // n of each direction of the encoder
  int64_t alignment = 256;       // n', the hidden layer of the alignment network
  int64_t readout = 256;         // l: maxout units of the deep output, of 2 each
  int64_t output_rank = 0;       // the output matrix as a product of rank r (the released code: 620); 0: full
  bool tied = false;             // target embedding and output matrix are one (needs readout = embedding)

  double dropout_embedding = 0;   // of word vectors, source and target
  double dropout_annotation = 0;  // of the annotations that the decoder reads
  double dropout_readout = 0;     // of the maxout layer
  double dropout_word = 0;        // of whole words of the source, replaced by <unk>
  std::string init = "uniform";   // uniform: PyTorch's; paper: appendix B.1 (orthogonal, N(0, 0.01^2), ..)

  int64_t source_words = 0, target_words = 0;  // vocabulary sizes, known once the data is read
};

}  // namespace heed::translate
