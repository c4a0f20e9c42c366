// Chapter 10, beside the model of examples/first_steps/reverser.h.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/book/given/write.h"

namespace heed::book_write {

// Beam search, of candidates that are compared by rank(log p of all words, log p of the last one).
template <class Rank>
Words search(const Next& next, int width, int length, Rank rank) {
  struct Candidate {
    double rank, log_probability;
    Words words;
  };
  std::vector<Candidate> beam = {{0, 0, {}}};
  for (int step = 0; step < length; ++step) {
    std::vector<Candidate> longer;
    for (const Candidate& candidate : beam) {
      const std::vector<double> log_p = next(candidate.words);
      for (size_t word = 0; word < log_p.size(); ++word) {
        const double all = candidate.log_probability + log_p[word];
        longer.push_back({rank(all, log_p[word]), all, candidate.words});
        longer.back().words.push_back(static_cast<int>(word));
      }
    }
    std::stable_sort(longer.begin(), longer.end(), [](const auto& a, const auto& b) { return a.rank > b.rank; });
    longer.resize(std::min(longer.size(), static_cast<size_t>(width)));
    beam = std::move(longer);
  }
  return beam.front().words;
}

struct right {
  // 10.1: the loss of the right letters, ids [T, B] from the end and then kStop, where the decoder reads
  // what it would write itself. No gradient passes through the choice of a letter.
  static Tensor loss(const Reverser& model, const Tensor& ids) {
    const int64_t count = ids.size(1);
    const Tensor wanted = concat({flip(ids, {0}), unsqueeze(symbols(kStop, count), 0)}, 0);
    auto [source, state] = model.encode(ids);
    std::vector<Tensor> scores;
    Tensor before = symbols(kStart, count);
    for (int64_t t = 0; t < wanted.size(0); ++t) {
      scores.push_back(model.step(source, before, state).scores);
      before = argmax(scores.back(), 1);
    }
    return cross_entropy(concat(scores, 0), reshape(wanted, {-1}));
  }
  // 10.2: the likeliest `length` words that a beam of this width finds.
  static Words beam(const Next& next, int width, int length) {
    return search(next, width, length, [](double all, double) { return all; });
  }
};

struct wrong {
  // With the teacher.
  static Tensor loss(const Reverser& model, const Tensor& ids) { return model.loss(ids); }
  // What came before the last word is forgotten.
  static Words beam(const Next& next, int width, int length) {
    return search(next, width, length, [](double, double last) { return last; });
  }
};

}  // namespace heed::book_write
