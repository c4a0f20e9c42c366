#include "examples/translate/commands/joined_lines.h"

#include "autograd/base/rng.h"
#include "examples/support/text/text.h"

#include <algorithm>

namespace heed::translate {
namespace {

std::string lines_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

support::ParallelText joined_lines(const support::ParallelText& text, int64_t most, uint64_t seed) {
  Rng rng(seed);
  support::ParallelText longer;
  const auto count = static_cast<int64_t>(text.source.size());
  for (int64_t at = 0; at < count;) {
    const int64_t end = std::min(count, at + 1 + rng.below(most));
    std::vector<std::string> source(text.source.begin() + at, text.source.begin() + end),
        target(text.target.begin() + at, text.target.begin() + end);
    longer.source.push_back(support::join_words(source));
    longer.target.push_back(support::join_words(target));
    at = end;
  }
  return longer;
}

std::vector<std::pair<std::string, std::string>> joined_files(const Joining& wanted) {
  std::vector<std::string> splits = support::list_splits(wanted.data, wanted.source, wanted.target);
  for (const char* needed : {"train", "valid"})  // its error names what is missing
    if (std::find(splits.begin(), splits.end(), needed) == splits.end()) splits.push_back(needed);
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& split : splits) {
    support::ReadOptions as_it_stands;
    as_it_stands.form = support::TextForm::bytes;
    const bool tested = split != "train" && split != "valid";
    const support::ParallelText longer =
        joined_lines(support::load_split(wanted.data, split, wanted.source, wanted.target, as_it_stands),
                     tested && wanted.test_most > 0 ? wanted.test_most : wanted.most, wanted.seed);
    files.emplace_back(split + "." + wanted.source, lines_of(longer.source));
    files.emplace_back(split + "." + wanted.target, lines_of(longer.target));
  }
  return files;
}

}  // namespace heed::translate
