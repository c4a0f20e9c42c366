// How good a translator is: perplexity (teacher-forced) and BLEU (free-running). The two are never mixed up.
#pragma once

#include "examples/support/measures/bleu.h"
#include "examples/translate/model/search/decode.h"

namespace heed::translate {

struct Perplexity {
  double log_probability = 0;  // summed over all target tokens and </s>
  int64_t tokens = 0;
  double value() const;  // exp(- log_probability / tokens)
};

// Of several models by the mean of what they give each word.
Perplexity perplexity(const Models& models, const std::vector<std::vector<int64_t>>& sources,
                      const std::vector<std::vector<int64_t>>& targets, support::Reading reading, ThreadPool& pool);

// On the words of the text: tokens of both sides are those between white space.
support::Bleu bleu(const std::vector<Translation>& translations, const std::vector<std::string>& references);

}  // namespace heed::translate
