#include "examples/support/measures/ter.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "examples/support/measures/scored_text.h"

namespace heed::support {
namespace {

constexpr int longest_block = 10, furthest = 50, most_tried = 1000, beam = 25;

using Numbers = std::vector<int>;  // words, each word always by the same number

enum class Edit : char { match, substitute, remove, insert };

// Levenshtein's distance to one reference; the edits are kept.
class EditDistance {
 public:
  explicit EditDistance(const Numbers& reference) : reference_(reference) {}

  int of(const Numbers& hypothesis) {
    rows_ = static_cast<int>(hypothesis.size());
    cells_.assign(static_cast<size_t>((rows_ + 1) * columns()), {});
    for (int j = 0; j < columns(); ++j) at(0, j) = {j, Edit::insert};
    const double ratio = rows_ ? static_cast<double>(reference_.size()) / rows_ : 1;
    const int width = ratio / 2 > beam ? static_cast<int>(std::ceil(ratio / 2 + beam)) : beam;
    for (int i = 1; i <= rows_; ++i) {
      const int diagonal = static_cast<int>(std::floor(i * ratio));
      const int end = i == rows_ ? columns() : std::min(columns(), diagonal + width);
      for (int j = std::max(0, diagonal - width); j < end; ++j) fill(i, j, hypothesis[static_cast<size_t>(i - 1)]);
    }
    return at(rows_, columns() - 1).edits;
  }

  // Of the last hypothesis, from its first word to its last.
  std::vector<Edit> edits() {
    std::vector<Edit> found;
    for (int i = rows_, j = columns() - 1; i > 0 || j > 0;) {
      found.push_back(at(i, j).last);
      if (found.back() != Edit::insert) --i;
      if (found.back() != Edit::remove) --j;
    }
    std::reverse(found.begin(), found.end());
    return found;
  }

 private:
  struct Cell {
    int edits = std::numeric_limits<int>::max() / 2;
    Edit last = Edit::match;
  };

  int columns() const { return static_cast<int>(reference_.size()) + 1; }
  Cell& at(int i, int j) { return cells_[static_cast<size_t>(i * columns() + j)]; }

  // The first of several as cheap.
  void fill(int i, int j, int word) {
    Cell& cell = at(i, j);
    const auto offer = [&](int edits, Edit last) {
      if (edits < cell.edits) cell = {edits, last};
    };
    if (j > 0) {
      const bool same = word == reference_[static_cast<size_t>(j - 1)];
      offer(at(i - 1, j - 1).edits + !same, same ? Edit::match : Edit::substitute);
    }
    offer(at(i - 1, j).edits + 1, Edit::remove);
    if (j > 0) offer(at(i, j - 1).edits + 1, Edit::insert);
  }

  const Numbers& reference_;
  int rows_ = 0;
  std::vector<Cell> cells_;
};

// What the edits say of each word.
struct Alignment {
  std::vector<bool> wrong, unmet;  // words of the hypothesis, and of the reference
  Numbers place;  // of each word of the reference: the word of the hypothesis at it, or the last before

  explicit Alignment(const std::vector<Edit>& edits) {
    for (const Edit edit : edits) {
      if (edit != Edit::insert) wrong.push_back(edit != Edit::match);
      if (edit == Edit::remove) continue;
      unmet.push_back(edit != Edit::match);
      place.push_back(static_cast<int>(wrong.size()) - 1);
    }
  }
};

bool any(const std::vector<bool>& of, int begin, int length) {
  const auto from = of.begin() + begin;
  return std::find(from, from + length, true) != from + length;
}

Numbers shifted(Numbers words, int begin, int length, int to) {
  const auto at = words.begin();
  if (to < begin) {
    std::rotate(at + to, at + begin, at + begin + length);
  } else {  // to a place inside itself, as tercom counts it: as many words further, if there are so many
    const int end = to > begin + length ? to : std::min(to + length, static_cast<int>(words.size()));
    std::rotate(at + begin, at + begin + length, at + end);
  }
  return words;
}

struct Shift {
  int saved, length, begin, to;
  auto rank() const { return std::tuple(saved, length, -begin, -to); }
};

// Looks for the shift that saves most.
class Shifts {
 public:
  Shifts(const Numbers& hypothesis, const Numbers& reference, EditDistance& distance, int& tried)
      : hypothesis_(hypothesis),
        reference_(reference),
        distance_(distance),
        tried_(tried),
        now_(distance.of(hypothesis)),
        alignment_(distance.edits()) {}

  std::optional<Shift> best() {
    const int rows = static_cast<int>(hypothesis_.size()), columns = static_cast<int>(reference_.size());
    for (int i = 0; i < rows; ++i)
      for (int j = std::max(0, i - furthest); j < std::min(columns, i + furthest + 1); ++j)
        for (int n = 1; n <= longest_block && i + n <= rows && j + n <= columns; ++n) {
          if (hypothesis_[static_cast<size_t>(i + n - 1)] != reference_[static_cast<size_t>(j + n - 1)]) break;
          try_block(i, j, n);
          if (tried_ >= most_tried) return best_;
        }
    return best_;
  }

 private:
  // The words from i, which stand in the reference from j: before the word that stands at j now, or behind any of the
  // n that stand at them.
  void try_block(int i, int j, int n) {
    const int there = alignment_.place[static_cast<size_t>(j)];
    if (!any(alignment_.wrong, i, n) || !any(alignment_.unmet, j, n) || (there >= i && there < i + n)) return;
    int last = -1;
    for (int k = j - 1; k < j + n; ++k) {
      const int to = k < 0 ? 0 : alignment_.place[static_cast<size_t>(k)] + 1;
      if (to == last) continue;
      last = to;
      ++tried_;
      const Shift shift{now_ - distance_.of(shifted(hypothesis_, i, n, to)), n, i, to};
      if (!best_ || shift.rank() > best_->rank()) best_ = shift;
    }
  }

  const Numbers& hypothesis_;
  const Numbers& reference_;
  EditDistance& distance_;
  int& tried_;
  int now_;
  Alignment alignment_;
  std::optional<Shift> best_;
};

}  // namespace

int64_t edits_with_shifts(const std::vector<std::string>& hypothesis, const std::vector<std::string>& reference) {
  std::unordered_map<std::string, int> numbers;
  const auto numbered = [&](const std::vector<std::string>& words) {
    Numbers result;
    for (const std::string& word : words)
      result.push_back(numbers.emplace(word, static_cast<int>(numbers.size())).first->second);
    return result;
  };
  Numbers now = numbered(hypothesis);
  const Numbers wanted = numbered(reference);
  EditDistance distance(wanted);
  int shifts = 0;
  for (int tried = 0; !wanted.empty();) {
    const std::optional<Shift> best = Shifts(now, wanted, distance, tried).best();
    // A search that was cut short makes no shift.
    if (!best || best->saved <= 0 || tried >= most_tried) break;
    now = shifted(now, best->begin, best->length, best->to);
    ++shifts;
  }
  return shifts + distance.of(now);
}

void Ter::add(const std::string& hypothesis, const std::vector<std::string>& references) {
  const ScoredSentence sentence = split_sentences("TER", {hypothesis}, {references}).front();
  int64_t fewest = std::numeric_limits<int64_t>::max();
  double sum = 0;
  for (const Words& reference : sentence.references) {
    fewest = std::min(fewest, edits_with_shifts(sentence.hypothesis, reference));
    sum += static_cast<double>(reference.size());
  }
  edits += fewest;
  words += sum / static_cast<double>(sentence.references.size());
}

Ter& Ter::operator+=(const Ter& other) {
  edits += other.edits;
  words += other.words;
  return *this;
}

double Ter::score() const {
  if (words == 0) return edits > 0 ? 1 : 0;
  return static_cast<double>(edits) / words;
}

}  // namespace heed::support
