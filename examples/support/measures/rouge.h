// ROUGE-L, a measure of captions: how much of a sentence is also in a reference, in the same order (Lin,
// "ROUGE: a package for automatic evaluation of summaries", 2004), as evaluations of captions define it.
//
// The longest common subsequence of two sentences is the longest row of words that both contain in this
// order, other words between allowed: "a dog runs" and "a big dog barks and runs" share "a dog runs". With
// LCS_k its length with reference k,
//
//     P = max_k LCS_k / words of the hypothesis,     R = max_k LCS_k / words of reference k
//     ROUGE-L = (1 + b^2) P R / (R + b^2 P),         b = 1.2
//
// for one sentence (0 when P or R is), and the mean over sentences for a corpus. P and R may come from
// different references.
#pragma once

#include <string>
#include <vector>

namespace heed::support {

// As a fraction in [0, 1]; 0 for no sentences. Throws what split_sentences throws (scored_text.h).
double corpus_rouge_l(const std::vector<std::string>& hypotheses,
                      const std::vector<std::vector<std::string>>& references);

}  // namespace heed::support
