// Which words choose among the same places: the words of one sentence, of all captions of one picture. What
// they have in common is computed once for them.
#pragma once

#include <vector>

#include "nn/attention/rows/attention_mask.h"

namespace heed::latent {

constexpr int64_t kNoPlace = -1;  // in place of a row of annotations: one of zeros, which says nothing

struct Group {
  std::vector<int64_t> words;  // rows of the readout's units
  std::vector<int64_t> rows;   // their places, rows of annotations; or the one kNoPlace
};
// Some groups whose scores lie in memory at a time.
using Block = std::vector<Group>;

// The words 0 .. n - 1 that count, query t of the mask being word t; `chooses` says which of them have a
// place. In blocks of few rows, words and places together; a large group is cut by its words.
std::vector<Block> blocks(const AttentionMask& mask, const std::vector<bool>& counts,
                          const std::vector<bool>& chooses);

}  // namespace heed::latent
