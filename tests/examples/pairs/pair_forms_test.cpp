// Each form in which people have pairs gives the same pairs.
#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "autograd/base/error.h"
#include "examples/support/text/corpus.h"
#include "examples/support/text/files/packed.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
using heed::tests::TemporaryDirectory;
using Strings = std::vector<std::string>;

namespace {

constexpr int kAll = 30;

std::string english(int i) { return "the cat " + std::to_string(i) + ", and the dog ."; }
std::string french(int i) { return "le chat " + std::to_string(i) + ", \"et\" le chien ."; }

// A line for each pair, from begin to end.
template <class Line>
std::string lines(const Line& line, int begin = 0, int end = kAll) {
  std::string text;
  for (int i = begin; i < end; ++i) text += line(i) + "\n";
  return text;
}

std::string in_quotes(const std::string& cell) {
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

std::string tabs(int i) { return english(i) + "\t" + french(i); }
std::string manythings(int i) { return tabs(i) + "\tCC-BY 2.0 (France) Attribution: tatoeba.org #1 (CM)"; }
std::string tatoeba(int i) {
  return std::to_string(i) + "\t" + english(i) + "\t" + std::to_string(90 - i) + "\t" + french(i);
}
std::string csv(int i) { return in_quotes(english(i)) + "," + in_quotes(french(i)); }

// All splits together, as sorted "source|target".
Strings all_of(const std::string& data, const std::string& source, const std::string& target,
               const std::string& columns = "") {
  Strings pairs;
  for (const char* split : {"train", "valid", "test"}) {
    const ParallelText text = load_split(data, split, source, target, {.columns = columns});
    CHECK(text.source.size() >= 3);
    CHECK_THAT(text.cut, ContainsSubstring("24 pairs to learn from (train), 3 to validate (valid), 3 to test"));
    for (size_t i = 0; i < text.source.size(); ++i) pairs.push_back(text.source[i] + "|" + text.target[i]);
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

Strings expected(bool turned = false) {
  Strings pairs;
  for (int i = 0; i < kAll; ++i)
    pairs.push_back(turned ? french(i) + "|" + english(i) : english(i) + "|" + french(i));
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

void pack(const TemporaryDirectory& shop, const std::string& command) {
  REQUIRE(std::system(("cd " + shop.string() + " && " + command).c_str()) == 0);
}

}  // namespace

TEST_CASE("one file of pairs, in each form and both directions", "[forms]") {
  const TemporaryDirectory shop;
  struct Form {
    const char* name;
    std::string bytes;
  };
  const Form forms[] = {
      {"two/fra.txt", lines(manythings)},
      {"en-fr.tsv", lines(tabs)},
      {"a/Sentence pairs in English-French - 2024-01-01.tsv", lines(tatoeba)},
      {"header.tsv", "English\tFrench\n" + lines(tabs)},
      {"kaggle.csv", "English words/sentences,French words/sentences\n" + lines(csv)},
      {"turned.csv", "fr;en\r\n" + lines([](int i) { return in_quotes(french(i)) + ";" + english(i) + "\r"; })},
  };
  for (const Form& form : forms) {
    INFO(form.name);
    const std::string data = shop.write(form.name, form.bytes).string();
    CHECK(all_of(data, "en", "fr") == expected());
    CHECK(all_of(data, "fr", "en") == expected(true));
    CHECK_THROWS_WITH(load_split(data, "train", "de", "en"), ContainsSubstring("de to en was asked for"));
  }
  const std::string mute = shop.write("mute", lines([](int i) { return french(i) + "\t" + english(i); })).string();
  CHECK(all_of(mute, "en", "fr", "2,1") == expected());
  CHECK(all_of(mute, "fr", "en") == expected(true));
}

TEST_CASE("quotes of csv may hold ends of lines, and a wrong one is named", "[forms]") {
  const TemporaryDirectory shop;
  const std::string data = shop.write("x.csv", "en,fr\n\"a\nb\",c\nd,\"e \"\"f\"\"\"\ng,h\n").string();
  const ParallelText text = load_split(data, "train", "en", "fr");
  const ParallelText valid = load_split(data, "valid", "en", "fr");
  CHECK(text.source.size() + valid.source.size() == 2);
  for (const ParallelText* each : {&text, &valid})
    for (size_t i = 0; i < each->source.size(); ++i) {
      if (each->source[i] == "a b") CHECK(each->line[i] == 2);
      if (each->source[i] == "d") CHECK(each->target[i] == "e \"f\"");
      if (each->source[i] == "g") CHECK(each->line[i] == 5);
    }
  shop.write("x.csv", "en,fr\na,b\n\"c,d\n");
  CHECK_THROWS_WITH(load_split(data, "train", "en", "fr"), ContainsSubstring("x.csv, line 3: a quote is opened"));
}

TEST_CASE("two files for each split, under several names", "[forms]") {
  const std::pair<const char*, const char*> names[] = {{"src-*.txt", "tgt-*.txt"},
                                                       {"*.src", "*.tgt"},
                                                       {"*.eng", "*.French"},
                                                       {"*_en.txt", "*_fr.txt"},
                                                       {"*.en.tok", "*.fr.tok"}};
  for (const auto& [source, target] : names)
    for (const char* held_out : {"valid", "val", "dev"}) {
      INFO(source << ", " << held_out);
      const TemporaryDirectory shop;
      const auto name = [](std::string pattern, const std::string& split) {
        return pattern.replace(pattern.find('*'), 1, split);
      };
      for (const auto& [split, begin, end] : {std::tuple{"train", 0, 25}, {held_out, 25, kAll}}) {
        shop.write(name(source, split), lines(english, begin, end));
        shop.write(name(target, split), lines(french, begin, end));
      }
      const Corpus corpus = load_corpus(shop.string(), "en", "fr");
      CHECK(list_splits(shop.string(), "en", "fr") == Strings{"train", "valid"});
      CHECK(corpus.train.source.size() == 25);
      CHECK(corpus.valid.target.at(0) == french(25));
      CHECK(corpus.train.cut.empty());
    }
}

TEST_CASE("a table for each split", "[forms]") {
  const TemporaryDirectory shop;
  shop.write("train.csv",
             "fr,en\n" + lines([](int i) { return in_quotes(french(i)) + "," + in_quotes(english(i)); }, 0, 25));
  shop.write("validation.tsv", "en\tfr\n" + lines(tabs, 25));
  const Corpus corpus = load_corpus(shop.string(), "en", "fr");
  CHECK(corpus.train.source.size() == 25);
  CHECK(corpus.valid.source == Strings{english(25), english(26), english(27), english(28), english(29)});
  CHECK_THROWS_WITH(load_split(shop.string(), "test", "en", "fr"), ContainsSubstring("it has train, valid ("));
}

TEST_CASE("two files that are no split's are cut", "[forms]") {
  const TemporaryDirectory shop;
  shop.write("OPUS.en-fr.en", lines(english));
  shop.write("OPUS.en-fr.fr", lines(french));
  shop.write("README", "about it");
  for (const char* data : {"", "OPUS.en-fr", "OPUS.en-fr.en", "OPUS.en-fr.fr"})
    CHECK(all_of((shop / data).string(), "fr", "en") == expected(true));
}

TEST_CASE("packed text is read", "[forms]") {
  const TemporaryDirectory shop;
  shop.write("fra.txt", lines(manythings));
  shop.write("_about.txt", "about it");
  shop.write("deu.txt", "other");
  const auto readable = [&](const std::string& name, const std::string& command) {
    INFO(name);
    pack(shop, command);
    const std::string data = (shop / name).string();
    if (has_libarchive() || name.ends_with("txt.gz")) CHECK(all_of(data, "en", "fr") == expected());
    else CHECK_THROWS_WITH(load_split(data, "train", "en", "fr"), ContainsSubstring("built without libarchive"));
  };
  readable("fra.txt.gz", "gzip -k fra.txt");
  readable("fra.tar", "tar cf fra.tar _about.txt fra.txt");
  readable("fra.tar.gz", "tar czf fra.tar.gz fra.txt");
  for (const auto& [tool, ending] : {std::pair{"xz", "xz"}, {"zstd", "zst"}, {"bzip2", "bz2"}})
    if (std::system(("command -v " + std::string(tool) + " >/dev/null").c_str()) == 0)
      readable(std::string("fra.txt.") + ending, std::string(tool) + " -kq fra.txt");
  if (!has_libarchive()) return;
  pack(shop, "tar cf several.tar fra.txt deu.txt");
  CHECK_THROWS_WITH(load_split((shop / "several.tar").string(), "train", "en", "fr"),
                    ContainsSubstring("holds several files (fra.txt, deu.txt") && ContainsSubstring("tar xf"));
  for (const char* name : {"plain.txt.xz", "plain.zip"})
    CHECK_THROWS_WITH(read_unpacked(shop.write(name, "no such thing at all, only words\n")),
                      ContainsSubstring("cannot unpack"));
}

TEST_CASE("rows that are left out are counted, with the reason", "[forms]") {
  const TemporaryDirectory shop;
  const auto row = [](int i) { return i == 17 ? "torn" : i == 40 ? "half\t" : tabs(i); };
  const ParallelText text = load_split(shop.write("en-fr.tsv", lines(row, 0, 500)).string(), "train", "en", "fr");
  CHECK(text.short_rows == 1);
  CHECK(text.first_short == 18);
  const Strings reasons = left_out(text);
  REQUIRE(reasons.size() == 2);
  CHECK_THAT(reasons[0], ContainsSubstring("1 pairs are left out because one of their sides is empty"));
  CHECK_THAT(reasons[1], ContainsSubstring("too few columns (the first is line 18)"));
  CHECK_THROWS_WITH(load_split(shop.write("en-fr.tsv", lines(row, 10, 90)).string(), "train", "en", "fr"),
                    ContainsSubstring("line 8: one column where at least 2") && ContainsSubstring("--columns"));
}

TEST_CASE("rows with more columns than there are, of sentences with a comma, are not cut in silence", "[forms]") {
  const TemporaryDirectory shop;
  const auto csv = [](int every) {
    return [every](int i) {
      const std::string number = std::to_string(i);
      return i % every == 0 ? "yes, " + number + ",ja, " + number : "word " + number + ",wort " + number;
    };
  };
  const auto read = [&](const std::string& name, const std::string& text) {
    return load_split(shop.write(name, text).string(), "train", "en", "de");
  };
  const ParallelText few = read("few.csv", "en,de\n" + lines(csv(500), 1, 600));
  CHECK(few.long_rows == 1);
  for (const std::string& source : few.source) CHECK_FALSE(source.starts_with("yes"));
  const Strings reasons = left_out(few);
  CHECK(std::any_of(reasons.begin(), reasons.end(), [](const std::string& reason) {
    return reason.find("1 lines have more columns than they should (the first is line 501)") != std::string::npos;
  }));
  CHECK_THROWS_WITH(read("many.csv", "en,de\n" + lines(csv(5), 1, 60)),
                    ContainsSubstring("more columns than the 2 of the first line") && ContainsSubstring("in quotes"));
  const auto tabbed = [](int i) { return std::string(i == 7 ? "x\t" : "") + "word " + std::to_string(i) + "\twort"; };
  const ParallelText table = read("en-de.tsv", lines(tabbed, 0, 600));
  CHECK(table.long_rows == 1);
  CHECK(table.first_long == 8);
}

TEST_CASE("what is no corpus is told what one is", "[forms]") {
  const TemporaryDirectory shop;
  shop.write("folder/notes.md", "x");
  shop.write("pairs.json", "{\"en\": \"a\"}\n");
  for (const char* data : {"folder", "pairs.json", "nowhere", "nowhere.tsv"})
    CHECK_THROWS_WITH(
        load_split((shop / data).string(), "train", "en", "fr"),
        ContainsSubstring(data) && ContainsSubstring("src-train.txt") && ContainsSubstring("docs/translation.md"));
}
