#include "examples/translate/model/search/search.h"

#include "autograd/ops/indexing.h"

namespace heed::translate {

Search::Search(const Translator& model, const Batch& batch, SearchOptions options)
    : model_(model), prepared_(model.prepare(batch, options.reading, options.words)) {
  if (options.words) listed_ = *options.words;
  state_.state = prepared_.encoded.start;
}

Tensor Search::step(const std::vector<int64_t>& words) {
  std::vector<int64_t> ids = words;
  if (!listed_.empty())
    for (int64_t& id : ids) id = listed_[static_cast<size_t>(id)];
  DecoderStep next = model_.step(prepared_, state_, Tensor::from(ids));
  state_ = next.next;
  alpha_ = next.alpha;
  return next.logits;
}

void Search::select(const std::vector<int64_t>& rows) {
  const Tensor index = Tensor::from(rows);
  state_.state.h = index_select(state_.state.h, 0, index);
  if (state_.state.c) state_.state.c = index_select(state_.state.c, 0, index);
  if (state_.carried) state_.carried = index_select(state_.carried, 0, index);
  if (state_.last) state_.last = state_.last.select(index);
  prepared_.encoded = prepared_.encoded.select(rows);
}

}  // namespace heed::translate
