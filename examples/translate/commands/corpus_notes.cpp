#include "examples/translate/commands/corpus_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "examples/support/process/console.h"
#include "examples/support/text/text.h"

namespace heed::translate {
namespace {

constexpr size_t long_line = 1000;  // words; memory and time grow with the product of both sides

void print_long_lines(const std::string& data, const support::ParallelText& train, int64_t max_length) {
  int64_t count = 0;
  size_t longest = 0, which = 0;
  for (size_t i = 0; i < train.source.size(); ++i) {
    const size_t words =
        std::max(support::split_words(train.source[i]).size(), support::split_words(train.target[i]).size());
    if (max_length > 0 && words > static_cast<size_t>(max_length)) continue;
    count += words > long_line;
    if (words <= longest) continue;
    longest = words;
    which = i;
  }
  if (count == 0) return;
  const std::string where =
      train.line.empty() ? fmt::format("pair {}", which + 1) : fmt::format("line {}", train.line[which]);
  fmt::print(
      stderr,
      "{}: train, {} has {} words ({} lines have more than {}): such steps are slow and take much memory; "
      "--max-length 100, for instance, leaves them out\n",
      data, where, longest, count, long_line);
}

void print_dropped(const std::string& data, const char* split, int64_t count) {
  if (count > 0)
    support::inform(stderr, "{}: {}: {} pairs are left out because one of their sides is empty\n", data,
                    split, count);
}

}  // namespace

void print_notes(const std::string& data, const support::Corpus& corpus, int64_t max_length) {
  if (!corpus.train.columns.empty()) support::inform(stderr, "{}: {}\n", data, corpus.train.columns);
  print_dropped(data, "train", corpus.train.dropped);
  print_dropped(data, "valid", corpus.valid.dropped);
  print_long_lines(data, corpus.train, max_length);
}

}  // namespace heed::translate
