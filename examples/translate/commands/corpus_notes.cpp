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

void print_left_out(const std::string& data, const char* split, const support::ParallelText& text) {
  for (const std::string& reason : support::left_out(text))
    support::inform(stderr, "{}: {}: {}\n", data, split, reason);
}

// As people see at once whether source and target are the right way round.
void print_first_pair(const support::ParallelText& text) {
  constexpr size_t most = 100;
  const auto shown = [](const std::string& line) {
    const std::vector<std::string> words = support::split_words(line);
    std::string start;
    for (const std::string& word : words)
      if (start.size() + word.size() < most) start += (start.empty() ? "" : " ") + word;
      else return start + " ..";
    return start;
  };
  support::inform(stderr, "first pair: {} -> {}\n", shown(text.source[0]), shown(text.target[0]));
}

}  // namespace

void print_notes(const std::string& data, const support::Corpus& corpus, const support::BatchOptions& batch) {
  for (const std::string& note : {corpus.train.columns, corpus.train.cut, corpus.train.tokens})
    if (!note.empty() && data != "builtin") support::inform(stderr, "{}: {}\n", data, note);
  print_left_out(data, "train", corpus.train);
  print_left_out(data, "valid", corpus.valid);
  if (corpus.valid.source.empty())
    support::inform(
        stderr, "{}: nothing is held out and no epoch is judged: the last one's model counts as the best\n", data);
  if (data != "builtin") print_first_pair(corpus.train);
  print_long_lines(data, corpus.train, batch);
}

}  // namespace heed::translate
