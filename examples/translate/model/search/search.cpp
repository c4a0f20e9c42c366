#include "examples/translate/model/search/search.h"

#include "autograd/ops/indexing.h"
#include "examples/translate/model/search/ensemble.h"

namespace heed::translate {

Search::Search(const Translator& model, const Batch& batch, SearchOptions options)
    : model_(model),
      prepared_(model.prepare(batch, options.reading, options.words)),
      weights_(options.weights),
      lengths_(batch.mask->lengths) {
  if (options.words) listed_ = *options.words;
  state_.state = prepared_.encoded.start;
}

Search::Search(const Translator& model, const Batch& batch, const SearchOptions& options, int64_t width)
    : Search(model, batch, options) {
  prepared_.encoded = prepared_.encoded.repeated(width);
  lengths_.resize(static_cast<size_t>(width), lengths_[0]);
}

Tensor Search::step(const std::vector<int64_t>& words) {
  std::vector<int64_t> ids = words;
  if (!listed_.empty())
    for (int64_t& id : ids) id = listed_[static_cast<size_t>(id)];
  DecoderStep next = model_.step(prepared_, state_, Tensor::from(ids));
  state_ = next.next;
  alpha_ = {};
  if (weights_ != Looks::none)
    alpha_ = next.alpha && weights_ == Looks::largest ? places_of(next.alpha, lengths_) : next.alpha;
  return next.logits;
}

void Search::select(const std::vector<int64_t>& rows) {
  const Tensor index = Tensor::from(rows);
  state_.state.h = index_select(state_.state.h, 0, index);
  if (state_.state.c) state_.state.c = index_select(state_.state.c, 0, index);
  if (state_.carried) state_.carried = index_select(state_.carried, 0, index);
}

}  // namespace heed::translate
