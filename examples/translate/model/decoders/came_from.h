// Posterior feeding while all steps of teacher forcing run: what the step before leaves for the next.
#pragma once

#include <vector>

#include "autograd/views/joins.h"
#include "examples/translate/model/decoders/encoded.h"

namespace heed::translate {

class CameFrom {
 public:
  CameFrom(const PosteriorFeeding& feeding, const Encoded& encoded, const DecoderInputs& inputs)
      : feeding_(feeding),
        scores_(inputs.scores),
        places_{encoded.memory.annotations, inputs.place_scores, encoded.memory.mask} {}

  explicit operator bool() const { return bool(feeding_); }
  // What the output layer reads of words that are still to be known, and where they were looked for.
  void writes(const Tensor& units, const Attended& attended) {
    units_.push_back(units);
    last_ = {scores_(units), attended.choice()};
  }
  // The cell's input, with where the words i64 [n] came from, the first n of those of the last step.
  Tensor onto(const Tensor& input, const Tensor& words) const {
    return last_ ? feeding_.onto(input, last_.first(words.size(0)), words, places_) : input;
  }
  Tensor units() const { return join_steps(units_); }  // of all steps

 private:
  const PosteriorFeeding& feeding_;
  const std::function<Tensor(const Tensor&)>& scores_;
  WordPlaces places_;
  WrittenWords last_;
  std::vector<Tensor> units_;
};

}  // namespace heed::translate
