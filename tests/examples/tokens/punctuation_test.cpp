#include "examples/support/text/tokens/punctuation.h"

#include "examples/support/text/tokens/escapes.h"
#include "tests/catch.hpp"

using namespace heed::support;

namespace {

struct Normalised {
  std::string written, normal;
};

void check_normal(const std::string& language, const std::vector<Normalised>& lines) {
  for (const Normalised& line : lines) CHECK(normal_punctuation(line.written, language) == line.normal);
}

}  // namespace

TEST_CASE("spaces around punctuation", "[text]") {
  check_normal("en", {{"a(b)c", "a (b) c"},
                      {"a ( b ) .", "a (b)."},
                      {"(a)!", " (a)!"},
                      {"50 % of it", "50% of it"},
                      {"x % of it", "x % of it"},
                      {"he said : so ; and", "he said: so; and"},
                      {"a  b    c", "a b c"},
                      {"a\r", "a"}});
}

TEST_CASE("quotation marks, dashes, apostrophes and dots in one form", "[text]") {
  check_normal("en", {{"„a“ “b”", "\"a\" \"b\""},
                      {"1–2", "1-2"},
                      {"a—b", "a - b"},
                      {"a — b", "a - b"},
                      {"it’s, it‘s, it´s, it`s", "it's, it's, it's, it's"},
                      {"x’y’z", "x'y'z"},
                      {"d’œuvre", "d'œuvre"},  // Moses' older versions made a quotation mark of it
                      {"''a''", " \" a \" "},
                      {"so…", "so..."},
                      {"« a »", "\" a \""},
                      {"«\u00A0a\u00A0»", "\"a\""},
                      {"b\u00A0«\u00A0a\u00A0» c", "b \"a\" c"}});
}

TEST_CASE("no-break spaces", "[text]") {
  check_normal("fr",
               {{"quoi\u00A0? oui\u00A0! ceci\u00A0: cela\u00A0; 5\u00A0%", "quoi? oui! ceci: cela; 5%"},
                {"5\u00A0cm, nº\u00A05, 20\u00A0ºC", "5 cm, nº 5, 20 ºC"},
                {"a,\u00A0b", "a, b"},
                {"10\u00A0000 ou 1\u00A02\u00A03", "10,000 ou 1,2\u00A03"}});  // as in Moses: a digit counts once
  check_normal("en", {{"10\u00A0000", "10.000"}});
  check_normal("German", {{"10\u00A0000", "10,000"}});
}

TEST_CASE("a comma or full stop and a closing quotation mark", "[text]") {
  check_normal("en",
               {{"\"so\", he said \"no\".", "\"so,\" he said \"no.\""}, {"\"a\".,b", "\"a.,\"b"}, {"\"", "\""}});
  for (const char* language : {"de", "fr", "es"})
    check_normal(
        language,
        {{"\"so,\" he said \"no.\"", "\"so\", he said \"no\"."}, {"so...\" b", "so\"... b"}, {".\"<", ".\"<"}});
  check_normal("cs", {{"\"so,\" \"so\",", "\"so,\" \"so\","}});
}

TEST_CASE("long lines take no longer than short ones, word for word", "[text]") {
  for (const std::string part : {".\"", "\".", "''", ") .", "a’", "1\u00A0", "  "}) {
    std::string line;
    for (int i = 0; i < 300'000; ++i) line += part;
    CHECK_FALSE(normal_punctuation(line, "en").empty());
    CHECK_FALSE(normal_punctuation(line, "de").empty());
  }
}

TEST_CASE("escapes go there and back", "[text]") {
  CHECK(escaped("a & b | <c> 'd' \"e\" [f]") == "a &amp; b &#124; &lt;c&gt; &apos;d&apos; &quot;e&quot; &#91;f&#93;");
  for (const std::string text : {"&apos;", "&amp;apos;", "& &a; <>|[]'\"", "", "é&"}) {
    CHECK(unescaped(escaped(text)) == text);
    CHECK(escaped(text).find_first_of("'\"<>|[]") == std::string::npos);
  }
  CHECK(unescaped("&bar;&bra;&ket;") == "|[]");
  CHECK(unescaped("&amp;quot; & &nbsp; &ap") == "&quot; & &nbsp; &ap");
}
