// Posterior feeding: the cell that reads a word also reads where the word came from (Shankar and Sarawagi 2019).
//
//     before a word is known    c = sum_i alpha_i a_i                     the expected context, under the prior
//     once it is                c^ = sum_i p(s = i | y) a_i               under the posterior (latent_readout.h)
//     the cell that reads y     cell(W E y + .. + P c^, s)
//
// The first cell reads <s>, which was not written, and so no c^. The likelihood of a sentence stays the product of
// those of its words: given the words before it, c^ is known.
//
//     WrittenWords last;                                                                   // at each step:
//     if (last) input = feeding.onto(input, last, words, places);
//     ..                                                                                   // cell, attention, readout
//     last = {output(x), attended.alignment()};
#pragma once

#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "nn/attention/latent/latent_posterior.h"
#include "nn/attention/rows/weighted_rows.h"
#include "nn/layers/linear.h"

namespace heed {

// What is known of n words before it is known which they are: the scores B [n, V] and the prior alpha [n, S]. Undefined
// before the first.
struct WrittenWords {
  Tensor scores, alpha;

  explicit operator bool() const { return bool(scores); }
  WrittenWords first(int64_t n) const { return {narrow(scores, 0, 0, n), narrow(alpha, 0, 0, n)}; }
  WrittenWords select(const Tensor& rows) const {
    return {index_select(scores, 0, rows), index_select(alpha, 0, rows)};
  }
};

// Where words may come from: annotations [M, C], what they add to the scores of words G [M, V], and which are whose.
struct WordPlaces {
  Tensor annotations, scores;
  SharedMask mask;
};

struct PosteriorFeeding {
  Linear to_cell;  // P [G*H, C], no bias

  PosteriorFeeding() = default;
  PosteriorFeeding(int64_t annotation, int64_t cell_inputs, Rng& rng)
      : to_cell(annotation, cell_inputs, rng, false) {}
  explicit operator bool() const { return bool(to_cell.weight); }

  // The cell's input [n, G*H] and P c^ of the words i64 [n] that came.
  Tensor onto(const Tensor& input, const WrittenWords& written, const Tensor& words, const WordPlaces& places) const {
    const Tensor r = latent_posterior(written.scores, places.scores, written.alpha, places.mask, words);
    return linear_onto(input, weighted_rows(r, places.annotations, places.mask), to_cell.weight);
  }
  void parts(auto& visit) { visit("to_cell", to_cell); }
};

}  // namespace heed
