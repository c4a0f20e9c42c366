#include "examples/support/text/tokens/parallel_tokens.h"

#include "examples/support/text/text.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
using heed::tests::TemporaryDirectory;
using Lines = std::vector<std::string>;

namespace {

ReadOptions reading(Tokenization how, bool lowercase = false) {
  return {.form = usual_text_form(), .keep_empty = true, .tokens = {how, lowercase}, .keep_plain = true};
}

}  // namespace

TEST_CASE("a corpus is read as its run reads it", "[text]") {
  const TemporaryDirectory directory;
  directory.write("train.en", "It's one, Bob.\n\nTwo.\n");
  directory.write("train.fr", "L'un, dit-il.\nQuoi ?\n\x01\n");
  directory.write("valid.en", "three four\n");
  directory.write("valid.fr", "trois, quatre\n");
  directory.write("apart.en", "it 's one .\n");
  directory.write("apart.fr", "l&apos; un .\n");

  const Corpus corpus = load_corpus(directory.string(), "en", "fr", reading(Tokenization::by_looking));
  CHECK(corpus.train.tokenization == Tokenization::moses);
  CHECK(corpus.train.source == Lines{"It &apos;s one , Bob .", "", "Two ."});
  CHECK(corpus.train.target == Lines{"L&apos; un , dit-il .", "Quoi ?", ""});
  CHECK(corpus.train.plain_target == Lines{"L'un, dit-il.", "Quoi ?", "\x01"});
  CHECK_THAT(corpus.train.tokens, ContainsSubstring("the text is raw: --tokenize moses"));
  // What the training text showed holds for the other, where too little could be seen.
  CHECK(corpus.valid.target == Lines{"trois , quatre"});

  // A line of which nothing is left is empty, and goes with what was written beside it.
  const ParallelText whole = without_empty(corpus.train);
  CHECK(whole.source == Lines{"It &apos;s one , Bob ."});
  CHECK(whole.plain_target == Lines{"L'un, dit-il."});
  CHECK(whole.dropped == 2);
}

TEST_CASE("tokenised text is taken as it is", "[text]") {
  const TemporaryDirectory directory;
  directory.write("train.en", "It 's one .\n");
  directory.write("train.fr", "L&apos; un , dit-il .\n");
  directory.write("none.en", "one\n");
  directory.write("none.fr", "un\n");
  const auto read = [&](const char* split, const ReadOptions& options) {
    return load_split(directory.string(), split, "en", "fr", options);
  };
  const ParallelText found = read("train", reading(Tokenization::by_looking));
  CHECK(found.tokenization == Tokenization::none);
  CHECK(found.source == Lines{"It 's one ."});
  CHECK(found.plain_target.empty());
  CHECK(found.tokens == "the text is tokenised already: --tokenize none");
  CHECK(read("train", reading(Tokenization::none)).tokens.empty());
  CHECK_THAT(read("train", reading(Tokenization::moses)).tokens, ContainsSubstring("tokenised once more"));
  CHECK_THAT(read("none", reading(Tokenization::by_looking)).tokens, ContainsSubstring("no comma and no full stop"));
  CHECK(read("none", {.form = TextForm::unicode}).tokens.empty());
  const ReadOptions bytes{.form = TextForm::bytes, .tokens = {Tokenization::moses, false}};
  CHECK_THAT(read("none", bytes).tokens, ContainsSubstring("only ASCII's letters"));
  CHECK(read("train", reading(Tokenization::none, true)).source == Lines{"it 's one ."});
  CHECK(read("train", reading(Tokenization::none, true)).plain_target == Lines{"L&apos; un , dit-il ."});
}

TEST_CASE("how a table is split does not depend on its tokens", "[text]") {
  const TemporaryDirectory directory;
  std::string rows;
  for (int i = 0; i < 300; ++i)
    rows += "Number " + std::to_string(i % 100) + ", please.\tNombre " + std::to_string(i) + ".\n";
  const std::string path = directory.write("en-fr.tsv", rows).string();
  for (const char* split : {"train", "valid", "test"}) {
    const ParallelText plain = load_split(path, split, "en", "fr", reading(Tokenization::none));
    const ParallelText tokens = load_split(path, split, "en", "fr", reading(Tokenization::moses));
    CHECK(tokens.line == plain.line);
    CHECK(tokens.plain_target == plain.target);
    CHECK(tokens.source.front().ends_with(" , please ."));
  }
}
