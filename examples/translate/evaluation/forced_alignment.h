// Where a translator looks while it is told the right words: forced decoding, so that models compare that
// would each write something else (Luong et al. 5.4).
#pragma once

#include <functional>
#include <vector>

#include "examples/support/measures/alignment_error.h"
#include "examples/translate/model/translator.h"
#include "optim/thread_pool.h"

namespace heed::translate {

// What is held to be the alignment of a batch: [N, S], a row for each target word and </s> in packed order, a
// column for each source word and </s>, none negative. Attention's weights, or a posterior of some other
// model.
using AlignmentOf = std::function<Tensor(const Batch& batch)>;
// What Translator::score gives: attention's weights; with latent attention the posterior of the places.
AlignmentOf attention_of(const Translator& model, support::Reading reading);

// Pairs of sentences: the numbers of their tokens, without </s>, and of each token the number of its word.
// With subwords several tokens have one word.
struct TokenPairs {
  std::vector<support::Ids> sources, targets;
  std::vector<std::vector<size_t>> source_words, target_words;
};

// How well it agrees with the gold links, for each pair; one without gold links is not looked at. Two words
// are linked if any of their tokens are; </s> is left out on both sides. Runs over the threads of the pool;
// the result does not depend on them.
std::vector<support::AlignmentScore> score_alignments(const AlignmentOf& alignment, const TokenPairs& pairs,
                                                      const std::vector<support::WordLinks>& gold, ThreadPool& pool);

}  // namespace heed::translate
