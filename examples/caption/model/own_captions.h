// A captioner in training with words of its own (support/own_words): scheduled sampling and minimum risk.
#pragma once

#include "examples/caption/model/captioner.h"
#include "examples/support/own_words/risk.h"

namespace heed::caption {

// What the decoder reads when each word is with probability `share` its own (scheduled_sampling.h), in the order of
// batch.in. Goes into LossOptions::read. May be called with a tape alive, which sees nothing of it.
Packed with_own_words(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures, double share,
                      Rng& rng);

// Minus the expected reward of the captions of each caption's picture, summed, as `samples` drawn ones of at most
// `longest` words estimate it: the surrogate of risk.h. They are drawn and scored without dropout. reward(b, words) is
// asked about the picture of caption b.
Tensor expected_risk(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
                     const support::RewardOf& reward, int64_t samples, int64_t longest, Rng& rng);

// The surrogate of captions that were drawn (draw_valued) about the captions of a batch.
Tensor risk_of(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
               const std::vector<support::ValuedText>& texts, int64_t samples);

}  // namespace heed::caption
