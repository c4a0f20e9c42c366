#include "examples/support/text/corpus.h"

#include "autograd/base/error.h"
#include "examples/support/text/text.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

#include <algorithm>
#include <map>
#include <set>

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
using heed::tests::TemporaryDirectory;
using Strings = std::vector<std::string>;

TEST_CASE("a directory of aligned files") {
  const TemporaryDirectory directory;
  directory.write("train.en", "one\ntwo\n \nfour\nfive\n");
  directory.write("train.de", "eins\nzwei\ndrei\n\nfünf\n");
  directory.write("valid.en", "six\n");
  directory.write("valid.de", "sechs\n");
  directory.write("valid.fr", "six\nsept\n");
  directory.write("test.en", "seven\n");

  const Corpus corpus = load_corpus(directory.string(), "en", "de");
  CHECK(corpus.train.source == Strings{"one", "two", "five"});
  CHECK(corpus.train.target == Strings{"eins", "zwei", "fünf"});
  CHECK(corpus.train.dropped == 2);
  CHECK(corpus.valid.source == Strings{"six"});
  CHECK(list_splits(directory.string(), "en", "de") == Strings{"train", "valid"});

  CHECK_THROWS_WITH(load_split(directory.string(), "valid", "en", "fr"),
                    ContainsSubstring("valid.en has 1 lines") && ContainsSubstring("valid.fr has 2"));
  CHECK_THROWS_WITH(
      load_split(directory.string(), "test", "en", "de"),
      ContainsSubstring("no split 'test' with both sides; it has train, valid") && ContainsSubstring("test.en"));
  CHECK_THROWS_WITH(load_split(directory.string(), "valid", "en", "it"),
                    ContainsSubstring("no text in en and it (it holds test.en, train.de, "));
  CHECK_THROWS_WITH(load_split((directory / "nowhere").string(), "train", "en", "de"),
                    ContainsSubstring("no directory") && ContainsSubstring("train.en and train.de"));
  CHECK(load_split((directory / "train.en").string(), "valid", "en", "de").source == Strings{"six"});
  CHECK_THROWS_WITH(load_split((directory / "test.en").string(), "train", "en", "de"),
                    ContainsSubstring("is no table of pairs: there is no tab") && ContainsSubstring("'seven'"));
}

TEST_CASE("a split of empty pairs alone is an error") {
  const TemporaryDirectory directory;
  directory.write("train.en", "\n \n");
  directory.write("train.de", "a\nb\n");
  CHECK_THROWS_WITH(load_split(directory.string(), "train", "en", "de"), ContainsSubstring("2 pairs with an empty"));
}

TEST_CASE("a file of pairs is split by its sources") {
  const TemporaryDirectory directory;
  std::string rows;
  for (int i = 0; i < 6000; ++i) {
    // Two translations of each source, far apart, and spaced differently.
    const std::string number = std::to_string(i % 3000);
    rows += (i < 3000 ? "source " : " source  ") + number + "\ttarget " + std::to_string(i) + "\tCC-BY\n";
  }
  const std::string path = directory.write("pairs.tsv", rows).string();

  std::map<std::string, std::set<std::string>> splits_of_source;
  size_t count = 0;
  for (const std::string& split : list_splits(path, "en", "fr")) {
    const ParallelText text = load_split(path, split, "en", "fr");
    count += text.source.size();
    if (split != "train") {
      CHECK(text.source.size() > 20);
      CHECK(text.source.size() < 120);
    }
    for (const std::string& source : text.source) splits_of_source[source].insert(split);
    for (const std::string& target : text.target) CHECK(split_words(target).size() == 2);
  }
  CHECK(count == 6000);
  CHECK(splits_of_source.size() == 3000);
  for (const auto& [source, splits] : splits_of_source) CHECK(splits.size() == 1);

  // The same rows in another order give the same splits.
  Strings lines = read_lines(path);
  std::reverse(lines.begin(), lines.end());
  std::string reversed;
  for (const std::string& line : lines) reversed += line + "\n";
  ParallelText valid = load_split(path, "valid", "en", "fr");
  const std::string reversed_path = directory.write("reversed.tsv", reversed).string();
  Strings other = load_split(reversed_path, "valid", "en", "fr").target;
  std::sort(valid.target.begin(), valid.target.end());
  std::sort(other.begin(), other.end());
  CHECK(valid.target == other);
}

TEST_CASE("held-out splits of a large file of pairs stay small", "[slow]") {
  const TemporaryDirectory directory;
  std::string rows;
  for (int i = 0; i < 400000; ++i) rows += std::to_string(i) + "\tx\n";
  const std::string path = directory.write("pairs.tsv", rows).string();
  const size_t valid = load_split(path, "valid", "en", "fr").source.size();
  CHECK(valid <= 2000);
  CHECK(valid > 1800);
}

TEST_CASE("bad files of pairs") {
  const TemporaryDirectory directory;
  const auto load = [&](const std::string& bytes, const std::string& split) {
    return load_split(directory.write("pairs.tsv", bytes).string(), split, "en", "fr");
  };
  CHECK_THROWS_WITH(load("a\tb\nonly one column\n", "train"),
                    ContainsSubstring("pairs.tsv, line 2: one column") && ContainsSubstring("only one column"));
  CHECK_THROWS_WITH(load("a\tb\n", "test2016"), ContainsSubstring("has no split 'test2016'"));
  CHECK_THROWS_WITH(load("a\tb\n", "valid"), ContainsSubstring("has no pair"));
  CHECK_THROWS_WITH(load_split((directory / "none.tsv.gz").string(), "train", "en", "fr"),
                    ContainsSubstring("no such file"));
  CHECK(load("one\tb\n\ntwo\tb\nthree\t\n", "train").dropped == 1);
}

TEST_CASE("the built-in corpus is found by name, in both directions") {
  CHECK(list_splits("builtin", "en", "fr") == Strings{"test", "test_long", "train", "valid"});
  const ParallelText forward = load_split("builtin", "test_long", "en", "fr");
  const ParallelText backward = load_split("builtin", "test_long", "fr", "en");
  CHECK(forward.source == backward.target);
  CHECK(forward.target == backward.source);
  CHECK_THROWS_WITH(load_split("builtin", "train", "en", "de"), ContainsSubstring("English and French"));
  CHECK_THROWS_WITH(load_split("builtin", "test2016", "en", "fr"), ContainsSubstring("has no split 'test2016'"));
}

TEST_CASE("Multi30k loads") {
  const auto path = heed::tests::find_data("multi30k/tok");
  if (!path) return;
  const ParallelText train = load_split(path->string(), "train", "en", "de");
  CHECK(train.source.size() == 29000);
  CHECK(train.target.size() == 29000);
  CHECK(train.dropped == 0);
  CHECK(load_split(path->string(), "valid", "en", "fr").source.size() == 1014);
  CHECK(list_splits(path->string(), "en", "de") == Strings{"test2016", "test2018", "train", "valid"});
}

TEST_CASE("Tatoeba loads", "[slow]") {
  const auto path = heed::tests::find_data("tatoeba/eng-fra.tsv.gz");
  if (!path) return;
  size_t count = 0;
  for (const char* split : {"train", "valid", "test"}) {
    const ParallelText text = load_split(path->string(), split, "en", "fr");
    CHECK(text.dropped == 0);
    if (std::string(split) != "train") {
      CHECK(text.source.size() > 1200);
      CHECK(text.source.size() <= 2000);
    }
    count += text.source.size();
  }
  CHECK(count == 167130);
}
