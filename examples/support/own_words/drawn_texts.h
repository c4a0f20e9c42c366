// Whole texts as a model writes them, drawn word by word or the likeliest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "autograd/base/rng.h"
#include "examples/support/text/beam_search.h"

namespace heed::support {

// p(next word) of some rows, given their scores [n, V].
class NextWords {
 public:
  NextWords() = default;
  // Words in `never` have probability 0.
  explicit NextWords(const Tensor& scores, std::span<const int64_t> never = {});
  // One drawn. Throws, as the model is broken, if the probabilities are no numbers.
  int64_t draw(int64_t row, Rng& rng) const;
  int64_t likeliest(int64_t row) const;  // the first of equals

 private:
  std::span<const double> of(int64_t row) const;
  std::vector<double> p_;
  int64_t words_ = 0;
};

struct DrawnText {
  std::vector<int64_t> words;  // without </s>
  bool ended = false;          // with </s>; else cut at its longest
};

// A text for each row of the model: the likeliest words, one after the other, for the first `likeliest` rows, for the
// others words drawn from the model, of all of its vocabulary. longest[r] (1 or more) limits the words of row r.
// Not on a tape.
std::vector<DrawnText> write_texts(StepModel& model, const std::vector<int64_t>& longest, size_t likeliest, Rng& rng);

}  // namespace heed::support
