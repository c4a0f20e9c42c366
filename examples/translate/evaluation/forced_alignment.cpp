#include "examples/translate/evaluation/forced_alignment.h"

#include "examples/support/process/interrupt.h"
#include "examples/support/training/batches.h"

namespace heed::translate {
namespace {

// The rows of column b of the packed batch, without that of </s>.
support::SoftAlignment alignment_of(const support::PairBatch& pairs, const Batch& batch, const Tensor& weights,
                                    size_t b) {
  support::SoftAlignment alignment;
  const int64_t width = weights.size(1), words = pairs.target_lengths[b] - 1;
  alignment.columns = static_cast<size_t>(pairs.source_lengths[b]);
  int64_t step_begin = 0;
  for (int64_t t = 0; t < words; ++t) {
    const int64_t row = step_begin + static_cast<int64_t>(b);
    dispatch_float(weights.dtype(), "alignment", [&]<class T>(T) {
      const T* from = weights.data<T>() + row * width;
      for (size_t j = 0; j < alignment.columns; ++j) alignment.weights.push_back(static_cast<float>(from[j]));
    });
    step_begin += batch.target_out.active[static_cast<size_t>(t)];
  }
  return alignment;
}

}  // namespace

AlignmentOf attention_of(const Translator& model, support::Reading reading) {
  return [&model, reading](const Batch& batch) { return model.score(batch, reading).second; };
}

std::vector<support::AlignmentScore> score_alignments(const AlignmentOf& alignment, const TokenPairs& pairs,
                                                      const std::vector<support::WordLinks>& gold, ThreadPool& pool) {
  std::vector<size_t> which;  // those with gold links
  std::vector<support::Ids> sources, targets;
  for (size_t i = 0; i < gold.size(); ++i) {
    if (gold[i].empty()) continue;
    which.push_back(i);
    sources.push_back(pairs.sources[i]);
    targets.push_back(pairs.targets[i]);
  }
  std::vector<support::AlignmentScore> scores(gold.size());
  if (which.empty()) return scores;
  support::BatchOptions options;
  options.batch_size = 32;
  const auto batches = support::make_evaluation_batches(sources, targets, options);
  pool.run(static_cast<int64_t>(batches.size()), [&](int64_t k) {
    support::stop_if_interrupted();
    const support::PairBatch& padded = batches[static_cast<size_t>(k)];
    const Batch batch = pack_batch(padded);
    const Tensor weights = densify(alignment(batch));
    for (size_t b = 0; b < padded.index.size(); ++b) {
      const size_t i = which[padded.index[b]];
      support::SoftAlignment found = alignment_of(padded, batch, weights, b);
      found.source_words = pairs.source_words[i];
      found.target_words = pairs.target_words[i];
      scores[i].add(found, gold[i]);
    }
  });
  return scores;
}

}  // namespace heed::translate
