// Exposure bias made visible: how well the next word is known after the right words, as in training, and after the
// model's own, as when it is used, by the position in the sentence.
//
// Both follow the same right translation y_1 .. y_T </s>, so both are asked for the same words:
//
//     told     p(y_t | y_1 .. y_{t-1}, x)
//     own      p(y_t | yhat_1 .. yhat_{t-1}, x),     yhat_t = argmax p(. | yhat_1 .. yhat_{t-1}, x), not </s>
//
// `own` counts a word as right where greedy search has it in the same place: what comes one place too early or too late
// is wrong from there on, even if the sentence is good. So the difference of the two is not exposure bias alone: part of
// it is that there are several good translations. What exposure bias adds shows when two models are compared that know
// the right next word equally well (told), or where the difference grows with the position for one more than the other.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "examples/translate/model/translator.h"
#include "optim/thread_pool.h"

namespace heed::translate {

// How well right words were known.
struct Known {
  double log_probability = 0;  // summed
  int64_t likeliest = 0;       // how many were the likeliest
};

// Positions from .. from + kPositions - 1 of the target, counted from 1, </s> counted.
constexpr int64_t kPositions = 5;
struct PositionBin {
  int64_t from = 1;
  int64_t words = 0;
  Known told, own;
};

// Pairs by the numbers of their tokens. Runs over the threads of the pool; the result does not depend on them.
std::vector<PositionBin> known_by_position(const Translator& model, const std::vector<support::Ids>& sources,
                                           const std::vector<support::Ids>& targets, support::Reading reading,
                                           ThreadPool& pool);

// A table; and for programs [{"from", "to", "middle", "words", "told_accuracy", "own_accuracy", "told_perplexity",
// "own_perplexity"}, ..], accuracies in percent.
std::string position_table(const std::vector<PositionBin>& bins);
nlohmann::json position_json(const std::vector<PositionBin>& bins);

}  // namespace heed::translate
