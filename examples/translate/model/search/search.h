// A translator as beam search and its relatives see it: one that writes a word after another.
#pragma once

#include <vector>

#include "examples/support/text/beam_search.h"
#include "examples/translate/model/translator.h"

namespace heed::translate {

// What is written about a source of so many words is cut here.
inline int64_t longest_translation(size_t source_words) { return static_cast<int64_t>(2 * source_words + 10); }

struct SearchOptions {
  support::Reading reading = support::Reading::expectation;
  const std::vector<int64_t>* words = nullptr;  // the only ones that may be written (shortlist.h); null: all
};

// Not on a tape; the model must neither change nor move while it lives. With options.words, the words that it scores
// and is given are places in that list.
class Search : public support::StepModel {
 public:
  // A row for each target of the batch.
  Search(const Translator& model, const Batch& batch, SearchOptions options = {});

  Tensor step(const std::vector<int64_t>& words) override;
  Tensor alpha() const override { return alpha_; }
  void select(const std::vector<int64_t>& rows) override;

 private:
  const Translator& model_;
  Prepared prepared_;
  DecoderState state_;
  std::vector<int64_t> listed_;  // options.words
  Tensor alpha_;
};

}  // namespace heed::translate
