// What a word is written from with latent attention: the places of the grid, or cells of P x P of them.
//
// Attention stays on the fine grid. A cell k is the mean of its places, and as likely as they are together:
//
//     a'_k  = 1/|k| sum_{i in k} a_i      [M L, D] -> [M L', D],  L' = ceil(side / P)^2, M pictures
//     p(k)  = sum_{i in k} alpha_ti       [N, L]   -> [N, L'],    of N words
//
// Cells at the right and the lower edge have fewer places where P does not divide the side. With P = 1 cells are
// places, and nothing is computed.
#pragma once

#include <vector>

#include "nn/attention/rows/attention_mask.h"

namespace heed::caption {

class Cells {
 public:
  Cells(int64_t side, int64_t pool);

  int64_t count() const { return edge_ * edge_; }  // L'
  Tensor means(const Tensor& annotations) const;   // a'
  Tensor sums(const Tensor& alpha) const;          // p(k)
  // The other way round, once p(k | y) [N, L'] is known: p(i | y) = p(k | y) alpha_i / p(k) of the places i of cell
  // k, [N, L]. (Within a cell the word says nothing about the place.)
  Tensor of_places(const Tensor& posterior, const Tensor& alpha) const;
  // Caption b chooses among the cells of picture place[b].
  SharedMask mask(const std::vector<int64_t>& place) const { return attend_to_blocks(count(), place); }

 private:
  bool are_places() const { return pool_ == 1; }
  Tensor members(DType dtype) const;  // [L, L']: 1 where place i is in cell k
  int64_t side_, pool_, edge_;
};

}  // namespace heed::caption
