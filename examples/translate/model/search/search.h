// A translator as beam search and its relatives see it: one that writes a word after another.
#pragma once

#include <vector>

#include "examples/support/text/beam_search.h"
#include "examples/translate/model/translator.h"

namespace heed::translate {

// What is written about a source of so many words is cut here.
inline int64_t longest_translation(size_t source_words) { return static_cast<int64_t>(2 * source_words + 10); }

// Which weights alpha() gives: none, where each word looked, or only the place where it looked most, [n, 1].
enum class Looks { none, all, largest };

struct SearchOptions {
  support::Reading reading = support::Reading::expectation;
  Looks weights = Looks::none;
  const std::vector<int64_t>* words = nullptr;  // the only ones that may be written (shortlist.h); null: all
};

// Not on a tape; the model must neither change nor move while it lives. With options.words, the words that it scores
// and is given are places in that list.
class Search : public support::StepModel {
 public:
  // A row for each target of the batch.
  Search(const Translator& model, const Batch& batch, SearchOptions options = {});
  // The hypotheses, `width` at most, about the one source of the batch.
  Search(const Translator& model, const Batch& batch, const SearchOptions& options, int64_t width);

  Tensor step(const std::vector<int64_t>& words) override;
  Tensor alpha() const override { return alpha_; }
  // Rows about one source may be taken in any order; of rows about several only the first ones may be kept.
  void select(const std::vector<int64_t>& rows) override;

 private:
  const Translator& model_;
  Prepared prepared_;
  DecoderState state_;
  Looks weights_;
  std::vector<int64_t> lengths_;  // of the sources, with </s>
  std::vector<int64_t> listed_;   // options.words
  Tensor alpha_;
};

}  // namespace heed::translate
