#include "examples/support/text/tokens/tokenizer.h"

#include "examples/support/text/tokens/abbreviations.h"
#include "examples/support/text/tokens/detokenizer.h"
#include "tests/catch.hpp"

using namespace heed::support;

namespace {

struct Tokenised {
  std::string plain, tokens;
};

// In both forms of text: what is here needs ASCII's classes, and letters that are beyond it.
void check_tokens(const std::string& language, const std::vector<Tokenised>& lines) {
  for (const TextForm form : {TextForm::bytes, usual_text_form()})
    for (const Tokenised& line : lines) CHECK(tokenized(line.plain, language, form) == line.tokens);
}

void check_back(const std::string& language, const std::vector<Tokenised>& lines) {
  for (const TextForm form : {TextForm::bytes, usual_text_form()})
    for (const Tokenised& line : lines) {
      CHECK(detokenized(line.tokens, language, form) == line.plain);
      CHECK(tokenized(line.plain, language, form) == line.tokens);
    }
}

}  // namespace

TEST_CASE("symbols, dots and commas stand apart", "[text]") {
  check_tokens("en", {{"", ""},
                      {" a\tb\u00A0c\x01 ", "a b c"},
                      {"Hello, world!", "Hello , world !"},
                      {"a(b)c?d:e;f/g", "a ( b ) c ? d : e ; f / g"},
                      {"one-two--three -four", "one-two--three -four"},  // hyphens stay: not aggressive
                      {"5,300.20 and 1,a b,2 3, 4 5,", "5,300.20 and 1 , a b , 2 3 , 4 5 ,"},
                      {",5 ,a", ",5 , a"},
                      {"a,,b", "a , , b"},
                      {"well...so..", "well ... so .."},
                      {"a & b | c [d] <e> \"f\"", "a &amp; b &#124; c &#91; d &#93; &lt; e &gt; &quot; f &quot;"},
                      {"größe «ein» ½", "größe « ein » ½"}});
}

TEST_CASE("apostrophes by language", "[text]") {
  check_tokens("en", {{"I don't", "I don &apos;t"},
                      {"the dogs' bowl", "the dogs &apos; bowl"},
                      {"the 1990's", "the 1990 &apos;s"},
                      {"rock 'n' roll", "rock &apos; n &apos; roll"},
                      {"5'6", "5 &apos; 6"},
                      {"he said 'no.'", "he said &apos; no . &apos;"},
                      {"'start", "&apos;start"}});
  for (const char* language : {"fr", "it", "French"})
    check_tokens(language, {{"l'homme d'en face", "l&apos; homme d&apos; en face"},
                            {"l'été", "l&apos; été"},
                            {"1990's", "1990 &apos; s"},
                            {"les 'bons' mots", "les &apos; bons &apos; mots"}});
  for (const char* language : {"de", "es", "unknown"})
    check_tokens(language, {{"geht's", "geht &apos; s"}, {"'a", "&apos; a"}});
}

TEST_CASE("a full stop belongs to an abbreviation, or before a small letter", "[text]") {
  check_tokens("en", {{"A man. A dog.", "A man . A dog ."},
                      {"Mr. Smith met Dr. Who.", "Mr. Smith met Dr. Who ."},
                      {"J. Smith of the U.S. Army", "J. Smith of the U.S. Army"},
                      {"No. 7, but No. Never.", "No. 7 , but No . Never ."},
                      {"approx. five", "approx. five"},
                      {"ends. small", "ends. small"},  // as Moses has it: an abbreviation that it does not know
                      {"3. May", "3 . May"},
                      {". a", ". a"}});
  check_tokens("de", {{"Der 3. Mann und Heinrich VIII. Tudor.", "Der 3. Mann und Heinrich VIII. Tudor ."},
                      {"Es gibt z.B. Äpfel bzw. Birnen.", "Es gibt z.B. Äpfel bzw. Birnen ."},
                      {"Mr. Smith", "Mr . Smith"}});
  check_tokens("fr", {{"M. Dupont et Mme. Curie.", "M. Dupont et Mme. Curie ."}, {"av. J.-C. Un", "av. J.-C. Un"}});
  CHECK(abbreviations("de").always.contains("31"));
  CHECK(&abbreviations("sv") == &abbreviations("en"));
}

TEST_CASE("letters beyond ASCII that only Unicode's tables know", "[text]") {
  if (!has_unicode()) return;
  CHECK(tokenized("etc. été", "en", TextForm::unicode) == "etc. été");  // a small letter follows
  CHECK(tokenized("etc. été", "en", TextForm::bytes) == "etc . été");
  CHECK(tokenized("etc. Été", "en", TextForm::unicode) == "etc . Été");
  CHECK(tokenized("Ⅷ,Ⅷ", "en", TextForm::unicode) == "Ⅷ,Ⅷ");
  CHECK(tokenized("日本。語", "en", TextForm::unicode) == "日本 。 語");
}

TEST_CASE("what belongs to the character before it is not torn off, and comes back", "[text]") {
  check_back("hi", {{"हिन्दी में लिखो, मित्र।", "हिन्दी में लिखो , मित्र ।"}, {"क्\u200Dष", "क्\u200Dष"}});
  check_back("th", {{"ไม่มี ที่นี่, ครับ.", "ไม่มี ที่นี่ , ครับ ."}});
  check_back("yo", {{"o\u0323\u0300ro\u0323\u0300 kan, e\u0323\u0301.",
                     "o\u0323\u0300ro\u0323\u0300 kan , e\u0323\u0301 ."}});
  check_back("fa", {{"می\u200Cخواهم بروم، دوست؟", "می\u200Cخواهم بروم ، دوست ؟"}});
  // A family, a coloured thumb, a red heart, two flags, the key 1, Wales.
  const std::string family = "👨\u200D👩\u200D👧", thumb = "👍🏽", heart = "❤\uFE0F", flags = "🇩🇪 🇫🇷",
                    key = "1\uFE0F\u20E3", wales = "🏴\U000E0067\U000E0062\U000E0077\U000E007F";
  for (const std::string& one : {family, thumb, heart, flags, key, wales}) {
    check_back("en", {{one, one}, {"so " + one + " it is", "so " + one + " it is"}});
    check_back("en", {{"see " + one + ", and go", "see " + one + " , and go"}});
  }
  check_back("en", {{"👍 👍", "👍 👍"}, {"a (👍)", "a ( 👍 )"}});
  check_tokens("en", {{"👍👍a", "👍 👍 a"}, {"\u0301a", "\u0301 a"}});
  check_back("zh", {{"你好，世界。", "你好 ， 世界 。"}});
}

TEST_CASE("tokens become plain text", "[text]") {
  check_back("en", {{"", ""},
                    {"Hello, world!", "Hello , world !"},
                    {"I don't know the dogs' bowl.", "I don &apos;t know the dogs &apos; bowl ."},
                    {"He said \"no\" (twice) to \"us\".", "He said &quot; no &quot; ( twice ) to &quot; us &quot; ."},
                    {"It costs $5, or 5%: [so].", "It costs $ 5 , or 5 % : &#91; so &#93; ."},
                    {"a & b < c | d", "a &amp; b &lt; c &#124; d"}});
  check_back("de", {{"Geht's zu McDonald's?", "Geht &apos; s zu McDonald &apos; s ?"},
                    {"Andreas' Hund sagt \"wau\".", "Andreas &apos; Hund sagt &quot; wau &quot; ."}});
  check_back("fr", {{"L'homme d'en face dit\u00A0: \"quoi\u00A0?\"",
                     "L&apos; homme d&apos; en face dit : &quot; quoi ? &quot;"},
                    {"50\u00A0% des gens, non\u00A0!", "50 % des gens , non !"},
                    {"C'est (presque) l'été.", "C&apos; est ( presque ) l&apos; été ."}});
  CHECK(detokenized("? a", "fr", TextForm::bytes) == "? a");
  CHECK(detokenized("l&apos; &quot;", "fr", TextForm::bytes) == "l' \"");
}
