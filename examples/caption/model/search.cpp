#include "examples/caption/model/search.h"

#include "autograd/ops/indexing.h"

namespace heed::caption {

Search::Search(const Captioner& model, const Tensor& pictures, const std::vector<int64_t>& place, Reading reading,
               Rng random)
    : model_(model),
      reading_(reading),
      random_(random),
      encoded_(model.prepare(pictures, place)),
      state_{encoded_.start} {}

Tensor Search::step(const std::vector<int64_t>& words) {
  CaptionStep next = model_.step(encoded_, state_, Tensor::from(words), reading_, &random_);
  state_ = next.next;
  alpha_ = reading_ == Reading::sample ? next.attended.weights : next.attended.alpha;
  return next.logits;
}

void Search::select(const std::vector<int64_t>& rows) {
  const Tensor index = Tensor::from(rows);
  state_.state = {index_select(state_.state.h, 0, index), index_select(state_.state.c, 0, index)};
  if (state_.last) state_.last = state_.last.select(index);
  encoded_ = encoded_.select(rows);
}

std::unique_ptr<support::StepModel> make_search(const Captioners& models, const Tensor& pictures,
                                                const std::vector<int64_t>& place, Reading reading,
                                                const Rng& random) {
  std::vector<std::unique_ptr<support::StepModel>> members;
  for (const Captioner* model : models.all()) {
    const Rng own = members.empty() ? random : random.split(members.size());
    members.push_back(std::make_unique<Search>(*model, pictures, place, reading, own));
  }
  return models.several() ? support::search_together(std::move(members)) : std::move(members.front());
}

}  // namespace heed::caption
