// How well a soft alignment, attention's weights for instance, agrees with the links that people have drawn.
//
// Each target word is linked to the source word with its largest weight: the links A. With the sure links S
// and the possible ones P, of which S are a part (text/alignments/word_links.h), summed over all sentences,
//
//     AER = 1 - (|A and S| + |A and P|) / (|A| + |S|)          the alignment error rate
//     precision = |A and P| / |A|,   recall = |A and S| / |S|
//
// (Och and Ney, "A systematic comparison of various statistical alignment models", 2003). So Luong et al. 5.4 measure
// attention, the right translation being given. What AER does not see, the weights that are not the largest, is in
// two more figures: the share of the weight that lies on right words, and the entropy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "examples/support/text/alignments/word_links.h"

namespace heed::support {

// Where each target token looked among the source tokens: attention's weights, or a posterior of some other
// kind. Tokens are words or pieces of words.
struct SoftAlignment {
  std::vector<size_t> source_words, target_words;  // of each token, </s> left out, the number of its word
  size_t columns = 0;                              // source tokens and, behind them, </s>
  std::vector<float> weights;                      // [target tokens, columns], none negative
  float weight(size_t target, size_t source) const { return weights[target * columns + source]; }
};

// Each target token's link is the source token with its largest weight, the first of several as large; none
// if </s> has a larger one than any of them, or if all are 0. Two words are linked if any of their tokens
// are. Throws for NaN.
WordLinks links_of(const SoftAlignment& alignment);

struct AlignmentScore {
  int64_t found = 0, found_sure = 0, found_possible = 0;  // |A|, |A and S|, |A and P|
  int64_t sure = 0;                                       // |S|
  double right = 0, weight = 0;                           // of target tokens whose word has a link
  double entropy = 0;                                     // summed over target tokens
  int64_t tokens = 0, sentences = 0;

  // Adds a sentence; one without gold links says nothing, and is not counted.
  void add(const SoftAlignment& alignment, const WordLinks& gold);
  AlignmentScore& operator+=(const AlignmentScore& other);

  // All as fractions, NaN where there is nothing to divide by.
  double error_rate() const;
  double precision() const;
  double recall() const;
  // Of the weight of target tokens whose word has a link, sure or possible, the share on the words it is
  // linked to.
  double right_share() const;
  // Of the weights of a target token, scaled to the sum 1, </s> among them; in nats, in the mean over target
  // tokens.
  double mean_entropy() const;
};

}  // namespace heed::support
