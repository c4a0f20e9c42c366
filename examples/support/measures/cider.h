// CIDEr-D, a measure of captions that counts what is special about a picture (Vedantam, Zitnick and Parikh,
// "CIDEr: consensus-based image description evaluation", 2015).
//
// Every picture has "a", few have "skateboard". So the n-grams of a sentence are weighted by
//
//     g(w) = (count of w in the sentence) * log(N / df(w))
//
// with N pictures, of which df(w) have w in a reference (1 when none has). For each n = 1..4 a hypothesis c
// is compared with each reference r by the cosine of these vectors, where a word repeated beyond r's count
// earns nothing more, and a difference in length is punished:
//
//     CIDEr-D_n(c, r) = sum_w min(g_c(w), g_r(w)) g_r(w) / (|g_c| |g_r|) * exp(-(l_c - l_r)^2 / (2 * 6^2))
//
// The mean over n, references and pictures, times 10, is the score, from 0 to 10; papers often print 100
// times that. The document frequencies are those of the evaluated set itself, so scores of different sets, or
// of a part of one, cannot be compared; a single picture scores 0.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace heed::support {

// The measure with the document frequencies of these references, a list for each picture: for single hypotheses.
class CiderD {
 public:
  explicit CiderD(const std::vector<std::vector<std::string>>& references);
  // In [0, 10], of one hypothesis about picture i.
  double of(const std::string& hypothesis, size_t i) const;

 private:
  struct Known;
  std::shared_ptr<const Known> known_;
};

// In [0, 10]; 0 for no pictures. Throws what split_sentences throws (scored_text.h).
double corpus_cider_d(const std::vector<std::string>& hypotheses,
                      const std::vector<std::vector<std::string>>& references);

}  // namespace heed::support
