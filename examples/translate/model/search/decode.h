// Translating with a trained model or several: free running, every word predicted from the model's own words before it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "autograd/base/precision.h"
#include "examples/support/text/beam_search.h"
#include "examples/translate/model/search/ensemble.h"
#include "examples/translate/model/search/shortlist.h"
#include "examples/translate/model/text_model.h"
#include "optim/thread_pool.h"

namespace heed::translate {

struct DecodeOptions {
  int64_t beam = 12;  // 1: greedy
  double length_penalty = 1;
  double prune = 0;             // hypotheses so far below the best are given up (beam_search.h)
  bool replace_unknown = true;  // an <unk> becomes the source word that attention points at
  bool forbid_unknown = false;  // or is not allowed at all
  support::Reading reading = support::Reading::expectation;
  bool weights = true;            // keep where each word looked; this takes the square of a sentence's length
  int64_t best = 1;               // so many translations of each sentence, if the beam finds them
  std::string precision = "f32";  // of what is multiplied (autograd/base/precision.h)
  bool listed = false;            // only words of the run's list of candidates may be written, ..
  std::shared_ptr<const Shortlist> shortlist{};  // .. which is this

  void fields(auto& visit) {
    visit("beam", beam, "width of the search; 1: greedy", {.least = 1, .most = 1000});
    visit("length_penalty", length_penalty, "exponent of the length that scores are divided by", {.most = 10});
    visit("prune", prune,
          "give up what is so far below the best of the beam in log-probability, such as 3: faster; 0: nothing", {});
    visit("replace_unknown", replace_unknown, "leave <unk> where it is instead of copying the source word",
          {.flag = "!--keep-unknown"});
    visit("forbid_unknown", forbid_unknown, "never write <unk>");
    visit("precision", precision, answer_precisions, "of the numbers that are multiplied");
    visit("listed", listed,
          "write only words that the source may call for, by the list that translate shortlist has made: faster",
          {.flag = "--shortlist"});
    visit("reading", reading, support::readings, "which annotations a word is written from");
  }
};

struct Translation {
  std::vector<std::string> source_tokens;  // without </s>
  std::vector<std::string> tokens;         // without </s>
  std::vector<bool> replaced;              // which tokens were <unk>
  std::vector<std::vector<float>> alpha;   // [tokens and </s>][source tokens and </s>]; empty if nobody wants it
  std::string text;
  double log_probability = 0;  // of the tokens and </s>
  double score = 0;            // the same by length (beam_search.h)
};

// For each line, in their order, at most options.best translations, the best first, and at least one; sentences run
// over the threads of the pool. Throws, before it begins, if the longest lines take more memory than there is.
std::vector<std::vector<Translation>> best_translations(const Models& models, const TextModel& text,
                                                        const std::vector<std::string>& lines,
                                                        const DecodeOptions& options, ThreadPool& pool);

// The best one of each.
std::vector<Translation> translate(const Models& models, const TextModel& text, const std::vector<std::string>& lines,
                                   const DecodeOptions& options, ThreadPool& pool);

}  // namespace heed::translate
