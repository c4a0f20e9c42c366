#include "examples/support/text/pairs/parallel_text.h"

#include <fmt/format.h>

#include <utility>

#include "examples/support/text/words/words.h"

namespace heed::support {

void ParallelText::add(std::string of_source, std::string of_target, int64_t at_line) {
  source.push_back(std::move(of_source));
  target.push_back(std::move(of_target));
  line.push_back(at_line);
}

bool ParallelText::whole(size_t pair) const {
  return !split_words(source[pair]).empty() && !split_words(target[pair]).empty();
}

ParallelText without_empty(const ParallelText& text) {
  ParallelText whole;
  whole.dropped = text.dropped;
  whole.short_rows = text.short_rows;
  whole.first_short = text.first_short;
  whole.beyond = text.beyond;
  whole.long_rows = text.long_rows;
  whole.first_long = text.first_long;
  whole.columns = text.columns;
  whole.cut = text.cut;
  whole.tokenization = text.tokenization;
  whole.tokens = text.tokens;
  for (size_t i = 0; i < text.source.size(); ++i) {
    if (!text.whole(i)) {
      ++whole.dropped;
      continue;
    }
    whole.source.push_back(text.source[i]);
    whole.target.push_back(text.target[i]);
    if (!text.line.empty()) whole.line.push_back(text.line[i]);
    if (!text.plain_target.empty()) whole.plain_target.push_back(text.plain_target[i]);
  }
  return whole;
}

std::vector<std::string> left_out(const ParallelText& text) {
  std::vector<std::string> reasons;
  if (text.dropped > 0)
    reasons.push_back(fmt::format("{} pairs are left out because one of their sides is empty", text.dropped));
  if (text.short_rows > 0)
    reasons.push_back(fmt::format("{} lines are left out because they have too few columns (the first is line {})",
                                  text.short_rows, text.first_short));
  if (text.long_rows > 0)
    reasons.push_back(fmt::format(
        "{} lines have more columns than they should (the first is line {}): in a .csv, where they are left out, a ',' of a "
        "sentence must stand in quotes; in another table look whether a tab stands where none should",
        text.long_rows, text.first_long));
  if (text.beyond > 0)
    reasons.push_back(fmt::format("{} pairs are not used: enough are held out without them", text.beyond));
  return reasons;
}

}  // namespace heed::support
