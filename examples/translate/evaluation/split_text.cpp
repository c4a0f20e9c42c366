#include "examples/translate/evaluation/split_text.h"

#include "examples/support/text/alignments/gold_file.h"
#include "examples/support/text/grammar.h"
#include "examples/support/text/text.h"

namespace heed::translate {
namespace {

const std::string& data_of(const SplitFlags& flags, const Options& trained) {
  return flags.data.empty() ? trained.data : flags.data;
}

support::ParallelText all_lines(const SplitFlags& flags, const Options& trained) {
  support::ReadOptions reading = trained.reading();
  reading.keep_empty = reading.keep_plain = true;
  if (!flags.data.empty() && support::saved_path(flags.data) != trained.data) reading.columns.clear();
  if (!flags.columns.empty()) reading.columns = flags.columns;
  return support::load_split(data_of(flags, trained), flags.split, trained.source, trained.target, reading);
}

// Of all lines.
std::vector<support::WordLinks> gold_of(const SplitFlags& flags, const Options& trained,
                                        const support::ParallelText& lines) {
  if (flags.gold != "builtin") return support::read_gold(flags.gold, lines.source, lines.target, flags.swap_gold);
  if (data_of(flags, trained) != "builtin")
    throw support::WrongUsage("--gold builtin is for the built-in corpus, and this is {}; give a file of links",
                              data_of(flags, trained));
  std::vector<support::WordLinks> links = support::builtin_aligned(flags.split).links;
  if (trained.source != "en")
    for (support::WordLinks& of_pair : links) of_pair = support::turned(of_pair);
  return links;
}

}  // namespace

SplitText load_split_text(const SplitFlags& flags, const Options& trained) {
  SplitText text;
  text.lines = all_lines(flags, trained);
  text.whole = support::without_empty(text.lines);
  for (size_t i = 0; i < text.lines.source.size(); ++i)
    if (!support::split_words(text.lines.source[i]).empty() && !support::split_words(text.lines.target[i]).empty())
      text.line_of.push_back(i);
  text.references = read_references(flags.references, text.lines, text.line_of, trained);
  if (flags.gold.empty()) return text;
  const std::vector<support::WordLinks> gold = gold_of(flags, trained, text.lines);
  for (const size_t i : text.line_of) text.gold.push_back(gold[i]);
  return text;
}

}  // namespace heed::translate
