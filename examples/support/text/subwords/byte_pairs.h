// A word in the pieces of a trained model of byte pairs.
//
// It starts from the characters. Of all neighbours that together are a piece, those of the best score are joined, of
// equal ones the leftmost; and again, until no two neighbours are a piece. This is what the library sentencepiece makes
// of a text (model/bpe_model.cc), piece for piece, in a time that grows as n log n of its length n. It needs no library,
// so a page can do it, too.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "examples/support/text/subwords/subword_model.h"

namespace heed::support {

class BytePairs {
 public:
  explicit BytePairs(std::vector<SubwordPiece> pieces);
  BytePairs(BytePairs&&) = default;  // what the table views stays where it is

  size_t size() const { return pieces_.size(); }
  // Whether the text is a piece, and its score: null if it is none.
  const float* score(std::string_view text) const;

  // The pieces of `text`, which has its word marks already. Neighbouring characters that no piece holds come as one.
  std::vector<std::string> split(std::string_view text) const;

 private:
  std::vector<SubwordPiece> pieces_;
  std::unordered_map<std::string_view, float> scores_;  // of the normal ones
};

}  // namespace heed::support
