#include "examples/support/program/nearest.h"

#include <algorithm>

namespace heed::support {

int edit_distance(std::string_view a, std::string_view b) {
  const size_t width = b.size() + 1;
  std::vector<int> cost((a.size() + 1) * width);
  const auto at = [&](size_t i, size_t j) -> int& { return cost[i * width + j]; };
  for (size_t i = 0; i <= a.size(); ++i) at(i, 0) = static_cast<int>(i);
  for (size_t j = 0; j <= b.size(); ++j) at(0, j) = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const int replaced = at(i - 1, j - 1) + (a[i - 1] != b[j - 1]);
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(a.size(), b.size());
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  // A longer argument is no misspelt flag, and the table grows with its length.
  constexpr size_t longest = 100;
  if (word.size() > longest) return "";
  std::string best;
  // Half the letters wrong is not a slip of the finger any more.
  const size_t letters = word.size() - std::min(word.find_first_not_of('-'), word.size());
  int least = std::max(1, static_cast<int>(letters) / 2) + 1;
  for (const std::string& candidate : candidates) {
    // Who stopped in the middle of a word made one slip, however much is missing.
    const bool begins = letters > 1 && candidate.compare(0, word.size(), word) == 0;
    const int distance = begins ? 1 : edit_distance(word, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string best = nearest(word, candidates);
  return best.empty() ? "" : "; did you mean " + best + "?";
}

}  // namespace heed::support
