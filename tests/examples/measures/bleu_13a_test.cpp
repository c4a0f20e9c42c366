// The tokens and figures are those of bleu_13a.py beside this file, which is written by other means.
#include "examples/support/measures/bleu_13a.h"

#include "examples/support/text/text.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed::support;
using Strings = std::vector<std::string>;

namespace {

double percent_13a(const Strings& hypotheses, const Strings& references) {
  REQUIRE(hypotheses.size() == references.size());
  Bleu13a bleu;
  for (size_t i = 0; i < hypotheses.size(); ++i) bleu.add(hypotheses[i], {references[i]});
  return 100 * bleu.score();
}

// A line without each seventh word.
std::string with_gaps(const std::string& line) {
  Strings kept;
  const Strings words = split_words(line);
  for (size_t i = 0; i < words.size(); ++i)
    if (i % 7 != 6) kept.push_back(words[i]);
  return join_words(kept);
}

}  // namespace

TEST_CASE("the tokens of mteval-v13a") {
  for (const auto& [line, tokens] : std::vector<std::pair<std::string, std::string>>{
           {"", ""},
           {"Hello, world!", "Hello , world !"},
           {"It's 5,300.20, or 5,a and a,5.", "It's 5,300.20 , or 5 , a and a , 5 ."},
           {"l'homme - 3-4 x-3 3-x", "l'homme - 3 - 4 x-3 3 - x"},
           {"a/b (c) [d] {e} <f> \"g\" $5 50%", "a / b ( c ) [ d ] { e } < f > \" g \" $ 5 50 %"},
           {"&quot;a&quot; &amp;lt; &gt;", "\" a \" < >"},
           {"„Größe“ … é. è,", "„Größe“ … é . è ,"},
           {"U.S. ... end.", "U . S . . . . end ."},
           {".5 5. ,", ". 5 5 . ,"},
           {"a,,b 1.,2", "a , , b 1 . , 2"},
           {"<skipped>x_y^z`", "x _ y ^ z `"}})
    CHECK(tokens_13a(line) == tokens);
}

TEST_CASE("BLEU of plain text") {
  const auto near = [](double value) { return Catch::Approx(value).epsilon(0).margin(1e-9); };
  CHECK(percent_13a({"the cat sat on the mat."}, {"the cat sat on a mat."}) == near(48.8923022435));
  CHECK(percent_13a({"a b c d", "e f"}, {"a b x d", "e f g, h"}) == near(24.3651984487));
  CHECK(percent_13a({"x y z w"}, {"y, x z"}) == near(21.0224103813));
  CHECK(percent_13a({"a b c"}, {"a b c"}) == 0);
  CHECK(percent_13a({"q"}, {"a b c d e"}) == 0);
  CHECK(percent_13a({""}, {"a"}) == 0);
  CHECK(percent_13a({"It's 5,300 people, he said.", "No!"}, {"It's 5,300 men, he said.", "No, no!"}) ==
        near(38.0139038890));
}

TEST_CASE("BLEU of plain text, over a corpus") {
  const auto folder = heed::tests::find_data("multi30k");
  if (!folder) return;
  for (const auto& [language, figure] :
       {std::pair{"en", 70.9278388049}, {"de", 72.0321873398}, {"fr", 70.7906929845}}) {
    const Strings references = read_lines(*folder / (std::string("test2016.") + language));
    Strings hypotheses;
    for (const std::string& line : references) hypotheses.push_back(with_gaps(line));
    CHECK(percent_13a(hypotheses, references) == Catch::Approx(figure).epsilon(0).margin(1e-9));
  }
}

TEST_CASE("how BLEU of plain text is signed") {
  Bleu13a bleu, small(true);
  bleu.add("the cat sat on the mat.", {"the cat sat on a mat."});
  CHECK(bleu.line() ==
        "BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp = 48.89 85.7/66.7/40.0/25.0 (BP = 1.000 ratio = "
        "1.000 "
        "hyp_len = 7 ref_len = 7)");
  CHECK(small.signature() == "nrefs:1|case:lc|eff:no|tok:13a|smooth:exp");
  CHECK(small.line() ==
        "BLEU|nrefs:1|case:lc|eff:no|tok:13a|smooth:exp = 0.00 0.0/0.0/0.0/0.0 (BP = 0.000 ratio = 0.000 "
        "hyp_len = 0 "
        "ref_len = 0)");
}

TEST_CASE("BLEU of plain text is made of its sentences") {
  const Strings lines = {"the cat sat on the mat.", "A dog, a dog!", "no"};
  Bleu13a whole(true), sum;
  for (size_t i = 0; i < lines.size(); ++i) {
    const Strings references(i + 1, lines[0] + " " + lines[i]);
    Bleu13a one(true);
    one.add(lines[i], references);
    whole.add(lines[i], references);
    sum += one;
  }
  CHECK(sum.line() == whole.line());
  CHECK(sum.signature() == "nrefs:var|case:lc|eff:no|tok:13a|smooth:exp");
  CHECK((sum += Bleu13a()).line() == whole.line());
}

TEST_CASE("BLEU of plain text against several references") {
  Bleu13a bleu;
  // "dog" is in neither; "sat on" is in the first alone, "the mat" and "the mat ." are in the second alone.
  bleu.add("the dog sat on the mat.", {"a cat sat on a mat.", "the bird, the mat."});
  CHECK(bleu.signature().starts_with("nrefs:2|"));
  CHECK_THAT(bleu.line(), Catch::Matchers::ContainsSubstring(" 85.7/50.0/20.0/12.5 (BP = 1.000 ratio = 1.000 "));
  bleu.add("a b", {"a b"});
  CHECK(bleu.signature().starts_with("nrefs:var|"));
  CHECK_THROWS_WITH(bleu.add("a", {}), Catch::Matchers::ContainsSubstring("has no reference"));
}
