// A translator as beam search and its relatives see it: one that writes a word after another.
#pragma once

#include <vector>

#include "examples/support/text/beam_search.h"
#include "examples/translate/model/translator.h"

namespace heed::translate {

// What is written about a source of so many words is cut here.
inline int64_t longest_translation(size_t source_words) { return static_cast<int64_t>(2 * source_words + 10); }

// Not on a tape; the model must neither change nor move while it lives.
class Search : public support::StepModel {
 public:
  // Which weights alpha() gives: none, where each word looked, or only the place where it looked most, [n, 1].
  enum class Weights { none, all, largest };

  // A row for each target of the batch.
  Search(const Translator& model, const Batch& batch, support::Reading reading = support::Reading::expectation,
         Weights weights = Weights::none);
  // The hypotheses, `width` at most, about the one source of the batch.
  Search(const Translator& model, const Batch& batch, support::Reading reading, Weights weights, int64_t width);

  Tensor step(const std::vector<int64_t>& words) override;
  Tensor alpha() const override { return alpha_; }
  // Rows about one source may be taken in any order; of rows about several only the first ones may be kept.
  void select(const std::vector<int64_t>& rows) override;

 private:
  const Translator& model_;
  Prepared prepared_;
  DecoderState state_;
  Weights weights_;
  std::vector<int64_t> lengths_;  // of the sources, with </s>
  Tensor alpha_;
};

}  // namespace heed::translate
