#include "examples/translate/reader.h"

#include "autograd/shape_ops.h"

namespace heed::translate {

Reader::Reader(const ModelSettings& settings, int64_t state_size, int64_t annotation_size, Rng& rng)
    : fixed_(settings.model == "fixed") {
  if (fixed_) return;
  query = Linear(state_size, settings.alignment, rng, false);
  key = Linear(annotation_size, settings.alignment, rng, false);
  const double bound = 1 / std::sqrt(static_cast<double>(settings.alignment));
  v = rng.uniform({settings.alignment}, -bound, bound);
}

Source Reader::prepare(const Tensor& annotations, const Batch& batch, const Tensor& last) const {
  Source source;
  source.fixed = last;
  source.annotations = annotations;
  source.sight = batch.sight;
  if (!fixed_) source.keys = key(annotations);
  return source;
}

Reading Reader::operator()(const Source& source, const Tensor& state) const {
  if (fixed_) return {narrow(source.fixed, 0, 0, state.size(0)), {}};
  const auto [context, alpha] = additive_attention(query(state), v, source.keys, source.annotations, source.sight);
  return {context, alpha};
}

}  // namespace heed::translate
