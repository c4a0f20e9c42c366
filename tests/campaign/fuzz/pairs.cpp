// Parallel text: a table of pairs, the same packed, and two files side by side.
#include <set>

#include "autograd/base/error.h"
#include "examples/support/text/corpus.h"
#include "examples/support/text/text.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

using support::ParallelText;

void check(const ParallelText& text) {
  require(!text.source.empty() && text.source.size() == text.target.size(), "not as many on each side");
  require(text.line.size() == text.source.size(), "a pair without its line");
  for (size_t i = 0; i < text.source.size(); ++i) {
    require(i == 0 || text.line[i] > text.line[i - 1], "lines out of order");
    for (const std::string* side : {&text.source[i], &text.target[i]})
      require(!support::split_words(*side).empty() && !support::invalid_utf8(*side), "a side that is no text");
  }
}

// Both splits of a corpus, which have no source in common.
void check_splits(const std::string& data, const support::ReadOptions& options) {
  const support::Corpus corpus = support::load_corpus(data, "en", "fr", options);
  check(corpus.train);
  check(corpus.valid);
  const std::set<std::string> learnt(corpus.train.source.begin(), corpus.train.source.end());
  for (const std::string& source : corpus.valid.source) require(!learnt.contains(source), "a source in two splits");
}

void pairs_table(std::string_view bytes) {
  const std::string path = file_of("pairs.tsv", bytes).string();
  support::ReadOptions options;
  for (const char* columns : {"", "2,1"}) {
    options.columns = columns;
    check_splits(path, options);
  }
}

void pairs_packed(std::string_view bytes) { check_splits(file_of("pairs.tsv.gz", bytes).string(), {}); }

void pairs_files(std::string_view bytes) {
  const auto sides = pieces_of(bytes, 2);
  file_of("train.en", sides[0]);
  file_of("train.fr", sides[1]);
  check(support::load_split(scratch().string(), "train", "en", "fr"));
}

REGISTER_READER(pairs_table);
REGISTER_READER(pairs_packed);
REGISTER_READER(pairs_files);

}  // namespace
}  // namespace heed::fuzz
