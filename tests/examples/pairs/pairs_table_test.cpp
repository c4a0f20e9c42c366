// Which columns of a table are read as what.
#include "examples/support/text/pairs/pairs_table.h"

#include "autograd/base/error.h"
#include "examples/support/text/corpus.h"
#include "examples/support/text/pairs/languages.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
using Strings = std::vector<std::string>;

namespace {

constexpr size_t kPairs = 40;

// Rows from a pattern: E and F become the sentences of a pair, I a number, another letter itself.
Strings rows(const std::string& pattern) {
  Strings lines;
  for (size_t i = 0; i < kPairs; ++i) {
    std::string line;
    for (const char c : pattern) {
      const std::string number = std::to_string(i);
      line += c == 'E'   ? "the cat " + number + " ."
              : c == 'F' ? "le chat " + number + " ."
              : c == 'I' ? number
                         : std::string(1, c);
    }
    lines.push_back(line);
  }
  return lines;
}

PairColumns columns(const std::string& file, Strings lines, const std::string& source, const std::string& target,
                    const std::string& given = "") {
  return find_columns(file, lines, {source, target, given});
}

void check(const PairColumns& found, size_t source, size_t target, bool header = false) {
  CHECK(found.source == source);
  CHECK(found.target == target);
  CHECK(found.header == header);
}

Strings with_header(const std::string& header, Strings lines) {
  lines.insert(lines.begin(), header);
  return lines;
}

}  // namespace

TEST_CASE("languages go by several names", "[table]") {
  for (const char* name : {"fr", "FR", "fra", "fre", "French", "fr-CA", "fr_FR"}) CHECK(language_code(name) == "fr");
  CHECK(language_code("xx").empty());
  CHECK(language_code("").empty());
  CHECK(same_language("deu", "German"));
  CHECK(same_language("xx", "XX"));
  CHECK_FALSE(same_language("xx", "yy"));
  CHECK_FALSE(same_language("xx", "en"));
}

TEST_CASE("the name of a table tells the languages of its columns", "[table]") {
  for (const char* file : {"en-fr.tsv", "x/eng-fra.tsv.gz", "news.2016.en-fr.tsv", "corpus_en_fr.tsv",
                           "Sentence pairs in English-French - 2024-01-01.tsv"}) {
    INFO(file);
    check(columns(file, rows("E\tF"), "en", "fr"), 0, 1);
    check(columns(file, rows("E\tF"), "fr", "en"), 1, 0);
    check(columns(file, rows("E\tF\tCC-BY"), "French", "eng"), 1, 0);
    CHECK_THROWS_WITH(columns(file, rows("E\tF"), "de", "en"),
                      ContainsSubstring("its name says en, fr") && ContainsSubstring("de to en was asked for"));
  }
  // The folder's name says nothing, nor do words that are languages by chance.
  for (const char* file : {"en-fr/pairs.tsv", "no-it.tsv", "is_it.tsv"}) {
    check(columns(file, rows("E\tF"), "fr", "en"), 0, 1);
    CHECK_THAT(columns(file, rows("E\tF"), "fr", "en").why, ContainsSubstring("nothing tells its languages"));
  }
}

TEST_CASE("a header tells the languages, and is no pair", "[table]") {
  for (const char* header : {"en\tfr", "English\tFrench", "eng\tfra", "text_en\ttext_fr", "EN\tFR",
                             "English words/sentences\tFrench words/sentences"}) {
    INFO(header);
    check(columns("fr-en.tsv", with_header(header, rows("E\tF")), "fr", "en"), 1, 0, true);
    CHECK_THROWS_WITH(columns("x.tsv", with_header(header, rows("E\tF")), "fr", "de"), ContainsSubstring("en, fr"));
  }
  check(columns("x.tsv", with_header("source\ttarget", rows("F\tE")), "fr", "en"), 0, 1, true);
  check(columns("x.tsv", with_header("target\tsource", rows("E\tF")), "fr", "en"), 1, 0, true);
  check(columns("x.tsv", with_header("id\tde\ten\tfr", rows("I\tD\tE\tF")), "fr", "en"), 3, 2, true);
  check(columns("x.tsv", with_header("xx\tyy", rows("E\tF")), "yy", "xx"), 1, 0, true);
  // A sentence is none, even if a word of it is a language.
  check(columns("x.tsv", with_header("French\tFrançais", rows("E\tF")), "en", "fr"), 0, 1);
  check(columns("x.tsv", with_header("It is\tNo it", rows("E\tF")), "en", "fr"), 0, 1);
  check(columns("x.tsv", with_header("No\tIt", rows("E\tF")), "en", "fr"), 0, 1);
}

TEST_CASE("numbers and labels are no text", "[table]") {
  check(columns("x.tsv", rows("I\tE\tI\tF"), "en", "fr"), 1, 3);  // as Tatoeba exports it
  check(columns("en-fr.tsv", rows("I\tE\tI\tF"), "fr", "en"), 3, 1);
  check(columns("x.tsv", with_header("id\tsentence\tid\ttranslation", rows("I\tE\tI\tF")), "en", "fr"), 1, 3, true);
  check(columns("x.tsv", rows("I\tE\tF"), "en", "fr"), 1, 2);
  check(columns("x.tsv", rows("0.I\tE\tF"), "en", "fr"), 1, 2);
  Strings labelled, behind;
  for (size_t i = 0; i < kPairs; ++i) {
    labelled.push_back("eng\tthe cat " + std::to_string(i) + "\tfra\tle chat " + std::to_string(i));
    behind.push_back("the cat " + std::to_string(i) + "\teng\tle chat " + std::to_string(i) + "\tfra");
  }
  check(columns("x.tsv", labelled, "fr", "en"), 3, 1);
  check(columns("x.tsv", behind, "fr", "en"), 2, 0);
  CHECK_THROWS_WITH(columns("x.tsv", labelled, "de", "en"), ContainsSubstring("it says en, fr"));
  check(columns("x.tsv", rows("I\tF"), "en", "fr"), 0,
        1);  // where nothing else is there, numbers are sentences
}

TEST_CASE("columns can be given", "[table]") {
  check(columns("en-fr.tsv", rows("I\tE\tI\tF"), "fr", "en", "2,4"), 1, 3);
  for (const char* wrong : {"2", "2,", ",1", "0,1", "1,1", "a,b", "1,2,3", "-1,2", "1, 2"}) {
    INFO(wrong);
    CHECK_THROWS_WITH(columns("x.tsv", rows("E\tF"), "en", "fr", wrong), ContainsSubstring("two numbers"));
  }
}

TEST_CASE("a table in Tatoeba's form is read as sentences", "[table]") {
  const heed::tests::TemporaryDirectory directory;
  std::string bytes = "\xEF\xBB\xBF";
  for (const std::string& row : rows("I\tE\tI\tF")) bytes += row + "\n";
  const std::string path = directory.write("Sentence pairs in English-French.tsv", bytes).string();
  const ParallelText text = load_split(path, "train", "fr", "en");
  CHECK_THAT(text.source.at(0), ContainsSubstring("le chat"));
  CHECK_THAT(text.target.at(0), ContainsSubstring("the cat"));
  CHECK_THAT(text.columns, ContainsSubstring("column 4 is fr, column 2 is en"));
}

TEST_CASE("a small table is cut into three splits, too", "[table]") {
  const heed::tests::TemporaryDirectory directory;
  for (const size_t count : {3, 4, 12, 40, 150, 299}) {
    INFO(count);
    std::string bytes;
    for (size_t i = 0; i < count; ++i)
      bytes += "the cat " + std::to_string(i) + "\tle chat " + std::to_string(i) + "\n";
    const std::string path = directory.write("pairs.tsv", bytes).string();
    size_t sum = 0;
    for (const char* split : {"train", "valid", "test"}) {
      const size_t size = load_split(path, split, "en", "fr").source.size();
      CHECK(size > 0);
      if (split != std::string("train")) CHECK(size <= std::max<size_t>(1, count / 5));
      sum += size;
    }
    CHECK(sum == count);
  }
  const std::string two = directory.write("two.tsv", "a\tb\nc\td\na\te\n").string();
  CHECK(load_split(two, "train", "en", "fr").source.size() == 3);
  CHECK_THROWS_WITH(load_split(two, "valid", "en", "fr"), ContainsSubstring("at least 3 different source sentences"));
}
