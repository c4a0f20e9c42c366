// The file of a model of byte pairs: a message of Protocol Buffers, as the library sentencepiece writes it
// (sentencepiece_model.proto).
//
// A run's model may have been damaged or come from anybody. So it is read strictly, and only what heed's own training
// writes is let through: byte pairs, no normalisation, pieces that are text, and the mark of a word before it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heed::support {

struct SubwordPiece {
  std::string text;
  float score = 0;     // the higher, the earlier its halves are joined
  bool normal = true;  // not one of <unk>, <s>, </s>
};

// The pieces in the order of their numbers. Throws heed::Error, saying what is wrong.
std::vector<SubwordPiece> read_subword_model(std::string_view bytes);

}  // namespace heed::support
