// The tokens that Multi30k's authors ship, of its raw text lower-cased, normalised and tokenised by Moses' scripts.
#include "examples/support/text/text.h"
#include "examples/support/text/tokens/token_form.h"
#include "examples/support/text/words/words.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed::support;

namespace {

const TokenForm kLower{Tokenization::moses, true}, kMoses{Tokenization::moses, false};

std::vector<std::string> lines_of(const std::filesystem::path& folder, const std::string& split,
                                  const std::string& language) {
  return read_lines(folder / (split + "." + language));
}

}  // namespace

TEST_CASE("Multi30k's tokens come out of its raw text", "[text][slow]") {
  const auto folder = heed::tests::find_data("multi30k");
  if (!folder || !has_unicode()) return;
  // What differs, one line in two thousand: Moses' older versions made a quotation mark of
  // "’" before a letter with an accent (d’œuvre), and kept the full stop of a last word that is a single letter or,
  // in French, "sec"; of test2018 they shipped some lines that were tokenised before they were normalised.
  size_t lines = 0, same = 0;
  for (const std::string language : {"en", "de", "fr"})
    for (const std::string split : {"train", "valid", "test2016", "test2018"}) {
      const auto raw = lines_of(*folder, split, language), tokens = lines_of(*folder / "tok", split, language);
      REQUIRE(raw.size() == tokens.size());
      size_t differ = 0;
      for (size_t i = 0; i < raw.size(); ++i)
        differ += split_words(to_tokens(normal_form(raw[i], TextForm::unicode), language, kLower,
                                        TextForm::unicode)) != split_words(tokens[i]);
      INFO(language << " " << split << ": " << differ << " of " << raw.size() << " lines differ");
      CHECK(static_cast<double>(differ) <= 0.004 * static_cast<double>(raw.size()));
      lines += raw.size();
      same += raw.size() - differ;
    }
  CHECK(static_cast<double>(same) > 0.9995 * static_cast<double>(lines));
}

TEST_CASE("plain text of Multi30k's tokens has these tokens again", "[text][slow]") {
  const auto folder = heed::tests::find_data("multi30k");
  if (!folder) return;
  for (const TextForm form : {TextForm::bytes, usual_text_form()})
    for (const std::string language : {"en", "de", "fr"}) {
      size_t differ = 0, changed = 0;
      const auto raw = lines_of(*folder, "train", language);
      for (const std::string& line : raw) {
        const std::string tokens = to_tokens(line, language, kMoses, form);
        const std::string plain = to_plain(tokens, language, kMoses, form);
        differ += to_tokens(plain, language, kMoses, form) != tokens;
        changed += plain != tokens;
      }
      INFO(language << ": " << differ << " of " << raw.size() << " lines differ");
      CHECK(differ == 0);
      CHECK(changed > raw.size() / 2);
    }
}

TEST_CASE("Multi30k's files are told apart", "[text]") {
  const auto folder = heed::tests::find_data("multi30k");
  if (!folder) return;
  for (const std::string language : {"en", "de", "fr"})
    for (const std::string split : {"train", "valid", "test2016", "test2018"}) {
      Looks raw, tokens;
      for (const std::string& line : lines_of(*folder, split, language)) raw.add(line);
      for (const std::string& line : lines_of(*folder / "tok", split, language)) tokens.add(line);
      CHECK(raw.tokenization() == Tokenization::moses);
      CHECK(tokens.tokenization() == Tokenization::none);
    }
}
