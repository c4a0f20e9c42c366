// Chapter 8.
#pragma once

#include <algorithm>
#include <map>

#include "tests/book/given/forget.h"

namespace book_forget {

struct right {
  // 8.1: the longest length such that of it and all shorter ones nine letters in ten are right; right[0] is
  // the share for one letter.
  static int knee(const std::vector<double>& right) {
    int length = 0;
    while (length < static_cast<int>(right.size()) && right[static_cast<size_t>(length)] >= 0.9) ++length;
    return length;
  }
  // 8.1: the knee for 64 numbers: one letter more than for 32, since they have to be learnt from the same
  // strings.
  static int of_double_the_state() { return 6; }
  // 8.2: the share of the runs of n words that stand in the reference, each at most as often as it stands
  // there.
  static double share(const Words& written, const Words& reference, size_t n) {
    const auto runs = [n](const Words& words) {
      std::map<Words, int> count;
      for (size_t i = 0; i + n <= words.size(); ++i)
        ++count[Words(words.begin() + long(i), words.begin() + long(i + n))];
      return count;
    };
    std::map<Words, int> there = runs(reference);
    int correct = 0, all = 0;
    for (const auto& [run, times] : runs(written)) {
      correct += std::min(times, there[run]);
      all += times;
    }
    return all == 0 ? 0 : double(correct) / all;
  }
};

struct wrong {
  // It counts the lengths behind a gap, too.
  static int knee(const std::vector<double>& right) {
    return static_cast<int>(std::count_if(right.begin(), right.end(), [](double share) { return share >= 0.9; }));
  }
  // Twice the numbers, twice the letters.
  static int of_double_the_state() { return 10; }
  // A run counts as often as it was written.
  static double share(const Words& written, const Words& reference, size_t n) {
    int correct = 0, all = 0;
    for (size_t i = 0; i + n <= written.size(); ++i, ++all)
      correct += std::search(reference.begin(), reference.end(), written.begin() + long(i),
                             written.begin() + long(i + n)) != reference.end();
    return all == 0 ? 0 : double(correct) / all;
  }
};

}  // namespace book_forget
