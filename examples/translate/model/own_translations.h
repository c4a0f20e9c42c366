// A translator in training with words of its own (support/own_words): scheduled sampling and minimum risk.
#pragma once

#include "examples/support/own_words/risk.h"
#include "examples/translate/model/translator.h"

namespace heed::translate {

// The batch as its decoder reads it when each word is with probability `share` the model's own (scheduled_sampling.h).
// Goes into LossOptions::read. May be called with a tape alive, which sees nothing of it.
Batch with_own_words(const Translator& model, const Batch& batch, double share, Rng& rng);

// Minus the expected reward of the translations of each source, summed, as `samples` drawn ones estimate it: the
// surrogate of risk.h. They are drawn and scored without dropout, as the model translates, and cut as long as text
// and eval cut theirs. reward(b, words) is asked about the source of target b.
Tensor expected_risk(const Translator& model, const Batch& batch, const support::RewardOf& reward, int64_t samples,
                     Rng& rng);

// The surrogate of translations that were drawn (draw_valued) about the sources of a batch.
Tensor risk_of(const Translator& model, const Batch& batch, const std::vector<support::ValuedText>& texts,
               int64_t samples);

}  // namespace heed::translate
