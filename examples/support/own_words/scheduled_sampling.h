// Scheduled sampling (Bengio, Vinyals, Jaitly and Shazeer 2015, arXiv:1506.03099): training reads, word by word and
// with probability e, the model's own word in the place of the right one, so that it learns to go on after its own.
//
//     yhat_t ~ p(. | y~_1 .. y~_{t-1}, x),     y~_t = yhat_t with probability e, else y_t
//     loss   = - sum_t log p(y_t | y~_1 .. y~_{t-1}, x)
//
// Two passes. The first, which nothing records, goes step by step and draws what is read, each word after the words
// that were read before it, as in the paper. The second is teacher forcing with these words, packed and differentiated;
// no gradient passes through the draw. What differs from the paper: e belongs to an epoch instead of a minibatch; the
// model draws without dropout; and since the text goes on as the right one does, </s>, <s> and <pad> are not drawn.
#pragma once

#include <functional>

#include "autograd/base/rng.h"
#include "examples/support/own_words/choices.h"
#include "examples/support/text/beam_search.h"
#include "nn/recurrent/packed.h"

namespace heed::support {

// e in an epoch, counted from 1, of so many.
double share_of_epoch(const SamplingOptions& options, int64_t epoch, int64_t epochs);

// Given <s> y_1 .. y_T of each text, i64 [N] packed, what is read in their place: <s> y~_1 .. y~_T. The model has a row
// for each text, in packed order. Not on a tape.
Tensor mix_own_words(StepModel& model, const Packed& right, double share, Rng& rng);

// Shown every step: its first row among all, and the scores of its words, [n, V].
using SeeStep = std::function<void(int64_t first, const Tensor& scores)>;
// The same with the likeliest word in the place of each: what the decoder reads when it is used, in texts as long as the
// right ones. And with none: what it reads in training.
Tensor likeliest_words(StepModel& model, const Packed& right, const SeeStep& see = {});
void step_through_right(StepModel& model, const Packed& right, const SeeStep& see);

// What the decoder has read once its step is done, i64 [N]: of each word the one that is read next, of a text's last
// word </s>.
Tensor read_next(const Packed& read);

}  // namespace heed::support
