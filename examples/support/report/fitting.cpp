#include "examples/support/report/fitting.h"

#include <fmt/format.h>

#include <algorithm>

#include "examples/support/text/text.h"

namespace heed::support {
namespace {

using Words = std::vector<std::string>;
using Weights = std::vector<std::vector<float>>;

std::string shortened(const std::string& word) {
  if (word.size() <= most_shown_letters) return word;
  Words letters = split_characters(word);
  if (letters.size() <= most_shown_letters) return word;
  letters.resize(most_shown_letters);
  std::string text;
  for (const std::string& letter : letters) text += letter;
  return text + "…";
}

Words first_words(const Words& words) {
  Words result;
  for (size_t i = 0; i < std::min(words.size(), most_shown_words); ++i) result.push_back(shortened(words[i]));
  return result;
}

bool fits(const Weights& weights, size_t rows, size_t columns) {
  return weights.size() == rows &&
         std::all_of(weights.begin(), weights.end(), [&](const auto& row) { return row.size() == columns; });
}

Weights corner(const Weights& weights, size_t rows, size_t columns) {
  Weights result;
  for (size_t t = 0; t < std::min(weights.size(), rows); ++t) {
    const auto begin = weights[t].begin();
    result.emplace_back(begin, begin + static_cast<int64_t>(std::min(weights[t].size(), columns)));
  }
  return result;
}

std::vector<int> first_places(const std::vector<int>& places) {
  std::vector<int> result;
  for (const int place : places)
    if (place < static_cast<int>(most_shown_words)) result.push_back(place);
  return result;
}

Translation fitting(const Translation& item) {
  const bool whole = fits(item.weights, item.hypothesis.size(), item.source.size());
  Translation shown{first_words(item.source),
                    first_words(item.reference),
                    first_words(item.hypothesis),
                    whole ? corner(item.weights, most_shown_words, most_shown_words) : item.weights,
                    first_places(item.unknown_source),
                    first_places(item.replaced),
                    item.note};
  const size_t longest = std::max({item.source.size(), item.reference.size(), item.hypothesis.size()});
  if (longest > most_shown_words)
    shown.note +=
        fmt::format("{}cut after {} of up to {} words", shown.note.empty() ? "" : "; ", most_shown_words, longest);
  return shown;
}

PictureStory fitting(PictureStory story) {
  for (std::string& reference : story.references) reference = join_words(first_words(split_words(reference)));
  for (PictureStory::Telling& telling : story.tellings) {
    const bool whole = telling.weights.empty() || telling.weights.size() == telling.words.size();
    if (!whole) continue;
    telling.words = first_words(telling.words);
    telling.weights.resize(std::min(telling.weights.size(), telling.words.size()));
  }
  return story;
}

// Every so manieth point, and the last.
Curve fitting(const Curve& curve) {
  const size_t step = (curve.points.size() + most_shown_points - 1) / most_shown_points;
  if (step <= 1) return curve;
  Curve shown{curve.name, {}};
  for (size_t i = 0; i < curve.points.size(); i += step) shown.points.push_back(curve.points[i]);
  shown.points.back() = curve.points.back();
  return shown;
}

}  // namespace

Report fitting(const Report& report) {
  Report shown{report.title, report.summary, report.headline, report.settings, {}, {}, {}};
  for (auto& [name, value] : shown.settings) value = shortened(value);
  for (const Curve& curve : report.curves) shown.curves.push_back(fitting(curve));
  size_t cells = 0;
  for (const Translation& item : report.translations) {
    Translation next = fitting(item);
    cells += (next.source.size() + 1) * (next.hypothesis.size() + 1);
    if (cells > most_shown_cells) break;
    shown.translations.push_back(std::move(next));
  }
  if (shown.translations.size() < report.translations.size())
    shown.summary += fmt::format(" These are the first {} of {} sentences.", shown.translations.size(),
                                 report.translations.size());
  for (const PictureStory& story : report.pictures) shown.pictures.push_back(fitting(story));
  return shown;
}

}  // namespace heed::support
