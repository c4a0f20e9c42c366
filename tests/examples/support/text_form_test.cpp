#include "examples/support/text/text_form.h"

#include "autograd/base/error.h"
#include "examples/support/process/lines.h"
#include "examples/support/text/corpus.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

#include <unistd.h>

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
using Strings = std::vector<std::string>;

TEST_CASE("a byte order mark before a line is dropped, and only there", "[text]") {
  for (const TextForm form : {TextForm::bytes, usual_text_form()}) {
    CHECK(normal_form("\uFEFFcat", form) == "cat");
    CHECK(normal_form("\uFEFF\uFEFFé", form) == "é");
    CHECK(normal_form("a\uFEFFb", form) == "a\uFEFFb");
    CHECK(normal_form("\uFEFF", form).empty());
  }
}

TEST_CASE("bytes stay as they are", "[text]") {
  CHECK(normal_form("e\u0301", TextForm::bytes) == "e\u0301");
  CHECK(without_case("ÉA", TextForm::bytes) == "Éa");
  CHECK(only_punctuation("...", TextForm::bytes));
  CHECK_FALSE(only_punctuation("…", TextForm::bytes));
}

TEST_CASE("the same words are the same bytes", "[text]") {
  if (!has_unicode()) {
    CHECK(usual_text_form() == TextForm::bytes);
    CHECK_THROWS_WITH(require(TextForm::unicode), ContainsSubstring("install libicu-dev"));
    CHECK_THROWS_WITH(normal_form("é", TextForm::unicode), ContainsSubstring("install libicu-dev"));
    return;
  }
  const TextForm form = TextForm::unicode;
  CHECK(normal_form("e\u0301te\u0301", form) == "été");
  CHECK(normal_form("\u1100\u1161\u11A8", form) == "\uAC01");  // Hangul, from its letters
  CHECK(normal_form("a\u0323\u0307", form) == normal_form("a\u0307\u0323", form));
  CHECK(normal_form("\u212B", form) == "Å");
  CHECK(normal_form("ﬁ", form) == "ﬁ");  // another character, not another spelling of the same
  for (const auto& [upper, folded] : {std::pair{"ÉTÉ", "été"},
                                      {"E\u0301TE\u0301", "été"},
                                      {"ÄHNLICHE", "ähnliche"},
                                      {"ПРИВЕТ", "привет"},
                                      {"ΟΔΟΣ", "οδοσ"},
                                      {"STRASSE", "strasse"},
                                      {"Straße", "strasse"},
                                      {"Ǆ", "ǆ"}})
    CHECK(without_case(upper, form) == folded);
  for (const char* sign : {"–", "。", "«", "»", "…", "„", "¿", "€", "...", "'", "—!", "、", "\u0301"})
    CHECK(only_punctuation(sign, form));
  for (const char* word : {"«laufen»", "é", "漢", "١", "3", "a.", "ª"}) CHECK_FALSE(only_punctuation(word, form));
}

TEST_CASE("a corpus is read in its normal form", "[text]") {
  if (!has_unicode()) return;
  const heed::tests::TemporaryDirectory directory;
  directory.write("train.en", "summer\n\xEF\xBB\xBFsummer\n");
  directory.write("train.fr", "e\u0301te\u0301\nété\n");
  CHECK(load_split(directory.string(), "train", "en", "fr").target == Strings{"été", "été"});
  CHECK(load_split(directory.string(), "train", "en", "fr").source == Strings{"summer", "summer"});
  CHECK(load_split(directory.string(), "train", "en", "fr", {.form = TextForm::bytes}).target[0] ==
        "e\u0301te\u0301");
  std::string rows;
  for (int i = 0; i < 50; ++i) {
    rows += "e\u0301 " + std::to_string(i) + "\tx\n";
    rows += "é " + std::to_string(i) + "\ty\n";
  }
  const std::string table = directory.write("pairs.tsv", rows).string();
  for (const char* split : {"train", "valid", "test"})  // equal sources, so never in two splits
    CHECK(load_split(table, split, "fr", "en").source.size() % 2 == 0);
}

TEST_CASE("with every line of a split there is a pair for each", "[text]") {
  const heed::tests::TemporaryDirectory directory;
  directory.write("test.en", "one\n\ntwo\n \nthree\n");
  directory.write("test.fr", "un\nrien\n\n\ntrois\n");
  const ParallelText all = load_split(directory.string(), "test", "en", "fr", {.keep_empty = true});
  CHECK(all.source == Strings{"one", "", "two", " ", "three"});
  const ParallelText whole = load_split(directory.string(), "test", "en", "fr");
  CHECK(whole.dropped == 3);
  CHECK(whole.line == std::vector<int64_t>{1, 5});
}

TEST_CASE("lines come as they are written", "[text]") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto put = [&](const std::string& bytes) {
    REQUIRE(::write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  };
  LineReader reader(ends[0]);
  CHECK_FALSE(reader.ready());
  put("one\ntwo\nthr");
  CHECK(reader.ready());
  CHECK(reader.next() == "one");
  CHECK(reader.ready());
  CHECK(reader.next() == "two");
  CHECK_FALSE(reader.ready());
  put("ee\n\n");
  CHECK(reader.next() == "three");
  CHECK(reader.next() == "");
  put(std::string(30000, 'x') + "\n" + "last");
  CHECK(reader.next() == std::string(30000, 'x'));
  CHECK_FALSE(reader.ready());
  ::close(ends[1]);
  CHECK(reader.ready());
  CHECK(reader.next() == "last");
  CHECK(reader.ready());
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.next());
  ::close(ends[0]);
}
