#include "examples/support/text/tokens/token_form.h"

#include "autograd/base/error.h"
#include "examples/support/text/words/words.h"
#include "tests/catch.hpp"

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;

namespace {

Tokenization looks_like(const std::vector<std::string>& lines) {
  Looks looks;
  for (const std::string& line : lines) looks.add(line);
  return looks.tokenization();
}

}  // namespace

TEST_CASE("raw text is told from tokenised text", "[text]") {
  CHECK(looks_like({"A man.", "A dog, too."}) == Tokenization::moses);
  CHECK(looks_like({"a man .", "a dog , too ."}) == Tokenization::none);
  CHECK(looks_like({"a man ."}) == Tokenization::none);
  CHECK(looks_like({"A man."}) == Tokenization::moses);
  CHECK(looks_like({"a b c", "who are you"}) == Tokenization::none);
  CHECK(looks_like({"wait ...", "..."}) == Tokenization::none);
  // One abbreviation among many sentences.
  std::vector<std::string> lines(20, "a dog runs .");
  lines.push_back("mr. smith runs .");
  CHECK(looks_like(lines) == Tokenization::none);
  // Some spaces that went wrong among raw sentences.
  lines = std::vector<std::string>(20, "A dog runs.");
  lines.push_back("A dog , runs .");
  CHECK(looks_like(lines) == Tokenization::moses);
}

TEST_CASE("a line as a run reads it", "[text]") {
  const TextForm form = usual_text_form();
  const std::string line = "“It’s Dr. Who”, A MAN said.";
  CHECK(to_tokens(line, "en", {}, form) == line);
  CHECK(to_tokens(line, "en", {Tokenization::none, true}, TextForm::bytes) == "“it’s dr. who”, a man said.");
  CHECK(to_tokens(line, "en", {Tokenization::moses, false}, form) ==
        "&quot; It &apos;s Dr. Who , &quot; A MAN said .");
  CHECK(to_tokens(line, "en", {Tokenization::moses, true}, form) ==
        "&quot; it &apos;s dr. who , &quot; a man said .");
  CHECK_THROWS_WITH(to_tokens(line, "en", {Tokenization::by_looking, false}, form), ContainsSubstring("not settled"));
  CHECK(to_plain("a &quot; b", "en", {}, form) == "a &quot; b");
  CHECK(to_plain("a , b", "en", {Tokenization::moses, false}, form) == "a, b");
}

TEST_CASE("small letters", "[text]") {
  CHECK(to_tokens("ÄB ÉTÉ", "de", {Tokenization::none, true}, TextForm::bytes) == "Äb ÉtÉ");
  if (has_unicode())
    CHECK(to_tokens("ÄB ẞ ΣΑΣ ПРИВЕТ", "de", {Tokenization::none, true}, TextForm::unicode) == "äb ß σασ привет");
}

TEST_CASE("text as code points and back", "[text]") {
  const std::string text = "aé€😀";
  CHECK(code_points(text) == U"aé€😀");
  CHECK(to_utf8(code_points(text)) == text);
  CHECK(code_points("a\xFF") == U"a\uFFFD");
}
