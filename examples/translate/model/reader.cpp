#include "examples/translate/model/reader.h"

#include <algorithm>

#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"

namespace heed::translate {
namespace {

constexpr int64_t kLongestSource = 200;  // for location scores, which have a weight for each position

AnyWindow make_window(const ModelSettings& settings, int64_t state_size, Rng& rng) {
  if (settings.window == "global") return {GlobalWindow{}};
  if (settings.window == "local-m") return {LocalMonotonicWindow{settings.window_width}};
  if (settings.window == "local-p")
    return {LocalPredictiveWindow(state_size, settings.alignment, settings.window_width, rng)};
  throw Error("translator: there is no window '{}'; take global, local-m or local-p", settings.window);
}

// [B, S, C], zeros beyond each length.
Tensor pad_rows(const Tensor& rows, const Sight& sight) {
  const Tensor index = Tensor::from(sight.rows);
  const Tensor all = reshape(index_select(rows, 0, index), {sight.queries(), sight.width, rows.size(1)});
  const Tensor mask = length_mask(sight.lengths, sight.width);
  return all * unsqueeze(to(mask, rows.dtype()), 2);
}

}  // namespace

Reader::Reader(const ModelSettings& settings, int64_t state_size, int64_t annotation_size, Rng& rng) {
  if (settings.model == ModelKind::fixed) {
    way_ = Way::fixed;
  } else if (settings.score == "additive" && settings.window == "global") {
    way_ = Way::additive;
    additive = AdditiveScore(state_size, annotation_size, settings.alignment, rng, false);
    additive.v_bias = {};
  } else {
    way_ = Way::general;
    by_location_ = settings.score == "location";
    std::string score = settings.score;
    std::replace(score.begin(), score.end(), '-', '_');
    general.score = make_score(score, {state_size, annotation_size, settings.alignment, kLongestSource}, rng);
    general.window = make_window(settings, state_size, rng);
  }
}

Source Reader::prepare(const Tensor& annotations, const Batch& batch, const Tensor& last) const {
  Source source;
  source.sight = batch.sight;
  if (way_ == Way::fixed) {
    source.fixed = last;
  } else if (way_ == Way::additive) {
    source.annotations = annotations;
    source.keys = linear(annotations, additive.key_weight);
  } else {
    if (by_location_ && batch.sight->width > kLongestSource)
      throw Error(
          "--score location has weights for the first {} positions of a sentence, but one has {} words with "
          "</s>; "
          "leave it out (in training: --max-length {}) or train with another score",
          kLongestSource, batch.sight->width, kLongestSource - 1);
    source.padded = general.remember(pad_rows(annotations, *batch.sight),
                                     length_mask(batch.sight->lengths, batch.sight->width));
  }
  return source;
}

Reading Reader::operator()(const Source& source, const Tensor& state, int64_t time) const {
  const int64_t n = state.size(0);
  if (way_ == Way::fixed) return {narrow(source.fixed, 0, 0, n), {}};
  if (way_ == Way::additive) {
    const Tensor query = linear(state, additive.query_weight);
    const auto [context, alpha] =
        additive_attention(query, additive.v, source.keys, source.annotations, source.sight);
    return {context, alpha};
  }
  const auto first = [n](const Tensor& x) { return narrow(x, 0, 0, n); };
  const AttentionMemory& all = source.padded;
  const Tensor here = Tensor::full({n}, static_cast<double>(time), DType::i64);
  const Attended look = general(state, {first(all.keys), first(all.prepared), first(all.mask)}, here);
  return {look.context, look.alpha};
}

Source Source::repeated(int64_t rows) const {
  const Tensor same = Tensor::zeros({rows}, DType::i64);
  const auto repeat = [&](const Tensor& x) { return x ? index_select(x, 0, same) : x; };
  Source result = *this;
  auto wide = std::make_shared<Sight>();
  wide->width = sight->width;
  wide->lengths.assign(static_cast<size_t>(rows), sight->lengths.at(0));
  for (int64_t k = 0; k < rows; ++k)
    wide->rows.insert(wide->rows.end(), sight->rows.begin(), sight->rows.begin() + sight->width);
  result.sight = std::move(wide);
  result.fixed = repeat(fixed);
  result.padded = {repeat(padded.keys), repeat(padded.prepared), repeat(padded.mask)};
  return result;
}

Source Source::mapped(const std::function<Tensor(const Tensor&)>& f) const {
  Source result = *this;
  for (Tensor* read : {&result.fixed, &result.annotations, &result.padded.keys})
    if (*read) *read = f(*read);
  return result;
}

}  // namespace heed::translate
