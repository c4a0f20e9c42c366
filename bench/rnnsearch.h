// The sizes and the synthetic batches of the translation cases.
#pragma once

#include "autograd/base/rng.h"
#include "examples/support/training/batches.h"
#include "examples/translate/model/translator.h"

namespace heed::bench {

struct TranslationSize {
  int64_t words, embedding, encoder, hidden, alignment, readout, steps, batch, shortest;
};
constexpr TranslationSize kSmall{8000, 256, 256, 512, 256, 256, 20, 64, 8};
constexpr TranslationSize kPaper{30000, 620, 1000, 1000, 1000, 500, 30, 80, 30};

// RNNsearch as its paper has it, with the GRU that LibTorch has.
translate::Translator make_translator(const TranslationSize& size, Rng& rng);
// The same with latent attention.
translate::Translator make_latent(const TranslationSize& size, Rng& rng);
// And with posterior feeding.
translate::Translator make_posterior(const TranslationSize& size, Rng& rng);
// Luong et al.: two layers of LSTM, the general score, input feeding.
translate::Translator make_luong(const TranslationSize& size, Rng& rng);

// Lengths spread over shortest .. longest, the longest first.
std::vector<int64_t> spread_lengths(int64_t batch, int64_t shortest, int64_t longest);

// [steps, lengths.size()] ids from 3 on, 0 past each length.
std::vector<int64_t> random_words(int64_t steps, const std::vector<int64_t>& lengths, int64_t words, Rng& rng);

// The ids one step later, behind a 1.
std::vector<int64_t> shift_right(const std::vector<int64_t>& ids, const std::vector<int64_t>& lengths);

// Source and target of these sizes; without `targets` as for translating.
support::PairBatch make_pairs(const TranslationSize& size, bool targets, Rng& rng);

}  // namespace heed::bench
