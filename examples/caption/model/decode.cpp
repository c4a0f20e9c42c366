#include "examples/caption/model/decode.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "autograd/base/immutable.h"
#include "examples/support/ranks/deal_out.h"
#include "examples/support/text/text.h"
#include "examples/support/training/batches.h"

namespace heed::caption {
namespace {

using support::Hypothesis;
using support::Vocabulary;
using Ids = std::vector<int64_t>;

support::BeamOptions beam_options(const DecodeOptions& options) {
  support::BeamOptions beam;
  beam.width = options.beam;
  beam.length_penalty = options.length_penalty;
  beam.max_length = options.max_length;
  beam.forbidden = {Vocabulary::pad, Vocabulary::start};
  if (options.forbid_unknown) beam.forbidden.push_back(Vocabulary::unknown);
  return beam;
}

// The best caption of each picture, if it is any.
std::vector<Hypothesis> search(const Captioners& models, const Pictures& pictures, const Ids& numbers,
                               const DecodeOptions& options) {
  Ids place(numbers.size());
  std::iota(place.begin(), place.end(), 0);
  const auto model = make_search(models, pictures.at(numbers), place, options.reading,
                                 Rng(options.seed).split(static_cast<uint64_t>(numbers.at(0))));
  const Ids longest(numbers.size(), options.max_length);
  if (options.beam == 1) return support::greedy_search(*model, longest, beam_options(options));
  std::vector<Hypothesis> best;
  for (std::vector<Hypothesis>& found : support::beam_search(*model, longest, beam_options(options)))
    if (!found.empty()) best.push_back(std::move(found.front()));
  return best;
}

// Puts the posterior of the places, which is known once the words are, in the place of where they looked before.
void look_back(const Captioner& model, const Pictures& pictures, const Ids& numbers, std::vector<Hypothesis>& found) {
  std::vector<Ids> captions;
  for (const Hypothesis& caption : found) captions.push_back(caption.words);
  std::vector<size_t> index(found.size());
  std::iota(index.begin(), index.end(), size_t{0});
  const support::PairBatch padded = support::make_batch(std::vector<Ids>(found.size()), captions, index);
  const CaptionBatch batch = pack_captions(padded, numbers);
  const Tensor posterior = densify(model.score(batch, pictures.at(batch.pictures), Reading::expectation).second);
  int64_t first = 0;
  for (size_t t = 0; t < batch.out.active.size(); first += batch.out.active[t++])
    for (int64_t b = 0; b < batch.out.active[t]; ++b) {
      auto& looked = found[padded.index[static_cast<size_t>(b)]].alpha;
      if (t >= looked.size()) continue;  // cut before its </s>
      const std::vector<double> row = posterior[first + b].to_vector();
      looked[t].assign(row.begin(), row.end());
    }
}

Caption caption_of(Hypothesis found, const Vocabulary& vocabulary) {
  Caption caption;
  for (const int64_t id : found.words) caption.words.push_back(vocabulary.word(id));
  caption.text = support::join_words(caption.words);
  caption.log_probability = found.log_probability;
  caption.alpha = std::move(found.alpha);
  return caption;
}

}  // namespace

std::vector<Caption> describe(const Captioners& models, const Vocabulary& vocabulary, const Pictures& pictures,
                              const Ids& numbers, const DecodeOptions& options, ThreadPool& pool) {
  std::vector<Caption> captions(numbers.size());
  const auto rows = static_cast<size_t>(std::max<int64_t>(64 / options.beam, 1));
  Immutable weights;  // no parameter changes while this writes
  const auto first = [&](int64_t k) { return std::min(static_cast<size_t>(k) * rows, numbers.size()); };
  const auto write = [&](int64_t k) {
    const Immutable::Scope scope(weights);
    const size_t begin = first(k), end = first(k + 1);
    const Ids mine(numbers.begin() + static_cast<int64_t>(begin), numbers.begin() + static_cast<int64_t>(end));
    std::vector<Hypothesis> found = search(models, pictures, mine, options);
    if (found.size() < mine.size() ||
        std::any_of(found.begin(), found.end(), [](const Hypothesis& h) { return std::isnan(h.log_probability); }))
      throw Error(
          "caption: the model gives every word the probability NaN, its training has diverged; lower --lr, "
          "or see with --check-finite where it begins");
    const Captioner& model = models.first();
    if (!models.several() && model.settings.attention == AttentionKind::latent &&
        options.reading == Reading::expectation)
      look_back(model, pictures, mine, found);
    for (size_t i = begin; i < end; ++i) captions[i] = caption_of(std::move(found[i - begin]), vocabulary);
  };
  support::deal_out(pool, static_cast<int64_t>((numbers.size() + rows - 1) / rows), write,
                    [&](int64_t k, auto& visit) {
                      for (size_t i = first(k); i < first(k + 1); ++i) visit(captions[i]);
                    });
  return captions;
}

std::vector<Caption> describe(const Captioners& models, const Vocabulary& vocabulary, const CaptionSet& set,
                              const DecodeOptions& options, ThreadPool& pool) {
  Ids numbers(set.images.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  return describe(models, vocabulary, *set.pictures, numbers, options, pool);
}

}  // namespace heed::caption
