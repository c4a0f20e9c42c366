#include "examples/support/report/align_print.h"

#include "autograd/base/error.h"
#include "examples/support/text/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace heed::support {

namespace {

struct Picture {
  const std::vector<std::string>& source;
  const std::vector<std::string>& target;
  const std::vector<double>& weights;
  const AlignmentStyle& style;
  size_t label = 0;  // columns of the widest target word

  double weight(size_t row, size_t column) const { return weights[row * source.size() + column]; }
};

std::string shade(double weight, bool unicode) {
  static const std::vector<std::string> blocks = {" ", "░", "▒", "▓", "█"};
  static const std::vector<std::string> letters = {" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"};
  const auto& shades = unicode ? blocks : letters;
  // Not a number is drawn like no weight: a picture of a broken model should still appear.
  const double clean = weight > 0 ? std::min(weight, 1.0) : 0.0;
  return shades[static_cast<size_t>(std::lround(clean * static_cast<double>(shades.size() - 1)))];
}

std::string repeat(const std::string& text, size_t count) {
  std::string repeated;
  for (size_t i = 0; i < count; ++i) repeated += text;
  return repeated;
}

std::string without_trailing_spaces(std::string line) {
  line.resize(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

// Rows of shaded cells, cell i being widths[i] columns wide with `gap` columns between cells.
std::string cells(const Picture& picture, const std::vector<size_t>& widths, size_t gap) {
  std::string text;
  for (size_t row = 0; row < picture.target.size(); ++row) {
    std::string line = pad_right(picture.target[row], picture.label);
    for (size_t column = 0; column < widths.size(); ++column) {
      line +=
          std::string(gap, ' ') + repeat(shade(picture.weight(row, column), picture.style.unicode), widths[column]);
    }
    text += without_trailing_spaces(line);
  }
  return text;
}

std::string horizontal(const Picture& picture, const std::vector<size_t>& widths) {
  std::string head(picture.label, ' ');
  for (size_t i = 0; i < widths.size(); ++i) head += "  " + pad_right(picture.source[i], widths[i]);
  return without_trailing_spaces(head) + cells(picture, widths, 2);
}

std::string vertical(const Picture& picture) {
  std::vector<std::vector<std::string>> letters;
  size_t height = 0;
  for (const std::string& word : picture.source) {
    letters.push_back(split_characters(word));
    height = std::max(height, letters.back().size());
  }
  std::string text;
  for (size_t row = 0; row < height; ++row) {
    std::string line(picture.label, ' ');
    for (const auto& word : letters) {
      const size_t missing = height - word.size();  // words stand on the first row of cells
      line += ' ' + pad_right(row < missing ? "" : word[row - missing], 1);
    }
    text += without_trailing_spaces(line);
  }
  return text + cells(picture, std::vector<size_t>(picture.source.size(), 1), 1);
}

std::string list(const Picture& picture) {
  std::string text;
  for (size_t row = 0; row < picture.target.size(); ++row) {
    std::vector<size_t> order(picture.source.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return picture.weight(row, a) > picture.weight(row, b); });
    std::string line = pad_right(picture.target[row], picture.label) + " ->";
    for (size_t i = 0; i < std::min<size_t>(2, order.size()); ++i) {
      const double weight = picture.weight(row, order[i]);
      if (i > 0 && weight < 0.2) break;
      line += fmt::format("{}{} ({:.2f})", i > 0 ? ", " : " ", picture.source[order[i]], weight);
    }
    text += without_trailing_spaces(line);
  }
  return text;
}

}  // namespace

std::string print_alignment(const std::vector<std::string>& source, const std::vector<std::string>& target,
                            const std::vector<double>& weights, const AlignmentStyle& style) {
  if (weights.size() != source.size() * target.size()) {
    throw Error("alignment: {} weights for {} target and {} source words; {} were expected", weights.size(),
                target.size(), source.size(), source.size() * target.size());
  }
  Picture picture{source, target, weights, style};
  for (const std::string& word : target) picture.label = std::max(picture.label, char_count(word));
  std::vector<size_t> widths;
  size_t total = picture.label;
  for (const std::string& word : source) {
    widths.push_back(std::max<size_t>(1, char_count(word)));
    total += widths.back() + 2;
  }
  if (total <= style.width) return horizontal(picture, widths);
  if (picture.label + 2 * source.size() <= style.width) return vertical(picture);
  return list(picture);
}

}  // namespace heed::support
