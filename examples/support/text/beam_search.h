// Beam search: the best sentence that a model can write, among those that a narrow search finds.
//
// A model gives log p(y_t | y_1 .. y_{t-1}, x). The search keeps the `width` best beginnings, extends each by
// every word, keeps the best again, and sets aside those that have ended; the beam narrows by one for each. What is far
// below the best of a step may be given up before (Freitag and Al-Onaizan 2017, 2.1: relative threshold pruning).
// In the end the scores are compared per word, because a sum of log-probabilities only falls with length:
// score = log p / length^penalty, where length counts what p is the probability of: the words, and </s> for
// those that have ended. One that was cut at max_length has no </s>, and so its p is not that of a sentence.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed::support {

// A model that writes one word after another. Its rows are hypotheses; it starts with one for each text.
class StepModel {
 public:
  virtual ~StepModel() = default;
  // Scores of the next word, [n, V], before the softmax, after `words` (one for each row; <s>
  // in the first step).
  virtual Tensor step(const std::vector<int64_t>& words) = 0;
  // Where the step looked, [n, S]; undefined if the model has no attention.
  virtual Tensor alpha() const = 0;
  // Goes on with these rows of the step (or of the start), in this order; rows may be dropped and repeated.
  virtual void select(const std::vector<int64_t>& rows) = 0;
};

struct BeamOptions {
  int64_t width = 12;
  double length_penalty = 1;            // exponent of the length; 0 compares plain log-probabilities
  int64_t max_length = 100;             // words, </s> not counted; what has not ended by then is cut there
  int64_t min_length = 0;               // no </s> before
  int64_t start = 1, end = 2;           // <s>, </s>
  std::vector<int64_t> forbidden = {};  // words that are never written: <pad>, <s>, <unk>
  double prune = 0;  // hypotheses this much below the step's best, in log-probability, are given up; 0: none
};

struct Hypothesis {
  std::vector<int64_t> words;             // without </s>
  double log_probability = 0;             // of the words, and of </s> where it has ended
  double score = 0;                       // the same by length; 0 for no words, cut at once
  std::vector<std::vector<float>> alpha;  // [words and </s>][S]; empty without attention
};

// At most `width` hypotheses, the best first; with max_length 0 the one without words. Throws for a width
// below 1 and a max_length below 0. All searches throw Interrupted (../process/interrupt.h) when the user asks to stop.
std::vector<Hypothesis> beam_search(StepModel& model, const BeamOptions& options);
// The same of several texts side by side, whose rows the model starts with: for each, hypotheses of at most longest[i]
// words. (Of `options` all but max_length count.) A product of many rows takes less time than many products of few.
std::vector<std::vector<Hypothesis>> beam_search(StepModel& model, const std::vector<int64_t>& longest,
                                                 const BeamOptions& options);

// Texts written side by side, at most longest[i] (0 or more) words of text i. The model's rows are the texts; those that
// have ended are taken out. After each step `write` gets the scores [n, V] and which text each row is, and gives the word
// of each, or no_word where the text has ended.
constexpr int64_t no_word = -1;
using WriteStep = std::function<std::vector<int64_t>(const Tensor& scores, const std::vector<int64_t>& texts)>;
void write_together(StepModel& model, const std::vector<int64_t>& longest, int64_t start, const WriteStep& write);

// Greedy: the likeliest word at each step, for many sentences at once. Of `options` all but width, max_length and prune
// count.
std::vector<Hypothesis> greedy_search(StepModel& model, const std::vector<int64_t>& longest,
                                      const BeamOptions& options);

// The `count` largest entries of base[r] + log softmax(scores)[r, j], largest first; ties by row, then word. Neither
// forbidden words are among them nor the one that would come too early.
struct Candidate {
  double log_probability;
  int64_t row, word;
};
std::vector<Candidate> best_words(const Tensor& scores, const std::vector<double>& base, int64_t count,
                                  const std::vector<int64_t>& forbidden = {}, int64_t too_early = -1);

}  // namespace heed::support
