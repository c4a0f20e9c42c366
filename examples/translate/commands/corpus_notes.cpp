#include "examples/translate/commands/corpus_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "examples/support/process/console.h"
#include "examples/support/text/text.h"

namespace heed::translate {
namespace {

void print_long_lines(const std::string& data, const support::ParallelText& train,
                      const support::BatchOptions& batch) {
  std::vector<size_t> words;
  for (size_t i = 0; i < train.source.size(); ++i)
    words.push_back(
        std::max(support::split_words(train.source[i]).size(), support::split_words(train.target[i]).size()));
  const std::string note = support::long_sentences_note(words, batch, [&](size_t i) {
    return train.line.empty() ? fmt::format("pair {}", i + 1) : fmt::format("line {}", train.line[i]);
  });
  if (!note.empty()) support::inform(stderr, "{}: train, {}\n", data, note);
}

void print_dropped(const std::string& data, const char* split, int64_t count) {
  if (count > 0)
    support::inform(stderr, "{}: {}: {} pairs are left out because one of their sides is empty\n", data,
                    split, count);
}

}  // namespace

void print_notes(const std::string& data, const support::Corpus& corpus, const support::BatchOptions& batch) {
  if (!corpus.train.columns.empty()) support::inform(stderr, "{}: {}\n", data, corpus.train.columns);
  if (!corpus.train.tokens.empty() && data != "builtin") support::inform(stderr, "{}: {}\n", data, corpus.train.tokens);
  print_dropped(data, "train", corpus.train.dropped);
  print_dropped(data, "valid", corpus.valid.dropped);
  print_long_lines(data, corpus.train, batch);
}

}  // namespace heed::translate
