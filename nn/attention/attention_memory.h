// What attention looks at: one line of annotations per sentence (or image), and which of them are really
// there.
//
// Letters: B batch, T positions (words or image locations), U queries of one sentence, Q, K, A sizes of a
// query, of an annotation (key) and of the hidden layer of a score. Everywhere in attention a query is [B,
// Q], giving scores [B, T], or [B, U, Q] for U queries at once, giving [B, U, T]. An encoder's output [T, B,
// K] is seen as [B, T, K] by transpose().
#pragma once

#include <cstdint>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

// Made once for a batch of sentences (Attention::remember), used at every step.
struct AttentionMemory {
  Tensor keys;      // [B, T, K], the annotations
  Tensor prepared;  // what the score computes from them in advance
  Tensor mask;      // i64 [B, T], 1 where there is an annotation; undefined: everywhere
};

// i64 [B, steps]: 1 for the first lengths[b] positions, then 0.
Tensor length_mask(const std::vector<int64_t>& lengths, int64_t steps);

// How many annotations each sentence has, [B], of the type of the keys.
Tensor lengths_of(const AttentionMemory& memory);

// 1 where both are not 0; a, b i64, broadcasting. An undefined one counts as all 1.
Tensor both(const Tensor& a, const Tensor& b);

// The mask [B, T] as it broadcasts to scores [B, T] or [B, U, T].
Tensor mask_for(const Tensor& scores, const Tensor& mask);

}  // namespace heed
