// Text as files, standard input and captions bring it: lines, words, characters, and its normal forms.
#include <fcntl.h>
#include <unistd.h>

#include "autograd/base/error.h"
#include "examples/caption/data/dataset.h"
#include "examples/support/process/lines.h"
#include "examples/support/text/text.h"
#include "examples/support/text/tokens/token_form.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

using support::TextForm;

// The same lines one by one, as standard input would give them.
void compare_with_input(const std::filesystem::path& path, const std::vector<std::string>& lines) {
  const int descriptor = ::open(path.c_str(), O_RDONLY);
  support::LineReader reader(descriptor);
  for (size_t i = 0; i < lines.size(); ++i) {
    require(reader.ready(), "a file that has to be waited for");
    auto line = reader.next();
    require(line.has_value(), "standard input has fewer lines");
    if (i == 0 && line->starts_with("\xEF\xBB\xBF")) line->erase(0, 3);
    if (line->ends_with('\r')) line->pop_back();
    require(*line == lines[i], "standard input has another line");
  }
  require(!reader.next(), "standard input has more lines");
  ::close(descriptor);
}

void check_line(const std::string& line, TextForm form) {
  const std::string normal = support::normal_form(line, form), folded = support::without_case(line, form);
  require(!support::invalid_utf8(normal) && !support::invalid_utf8(folded), "a normal form is not UTF-8");
  require(support::normal_form(normal, form) == normal, "a normal form has another one");
  require(support::without_case(folded, form) == folded, "without case there is case");
  for (const std::string& token : heed::caption::caption_tokens(line, form))
    require(!support::only_punctuation(token, form), "a word of a caption is punctuation");
}

void check_tokens(const std::string& line, TextForm form) {
  const support::TokenForm moses{support::Tokenization::moses, line.size() % 2 == 0};
  for (const char* language : {"en", "de", "fr", "cs"}) {
    const std::string tokens = support::to_tokens(line, language, moses, form);
    require(!support::invalid_utf8(tokens), "tokens are not UTF-8");
    require(support::join_words(support::split_words(tokens)) == tokens, "tokens have more than a space between");
    require(tokens.find_first_of("'\"<>|[]") == std::string::npos, "a token is not escaped");
    require(!support::invalid_utf8(support::to_plain(tokens, language, moses, form)), "plain text is not UTF-8");
  }
}

void text_lines(std::string_view bytes) {
  const auto path = file_of("text", bytes);
  const std::vector<std::string> lines = support::read_lines(path);
  compare_with_input(path, lines);
  for (const std::string& line : lines) {
    require(line.find('\n') == std::string::npos, "a line holds a newline");
    const auto words = support::split_words(line);
    const std::string joined = support::join_words(words);
    require(support::split_words(joined) == words, "joined words are others");
    std::string all;
    for (const std::string& character : support::split_characters(line)) all += character;
    require(all == line, "the characters of a line are another line");
    require(support::char_count(support::pad_right(line, 30)) >= 30, "a padded line is too short");
    for (const TextForm form : {TextForm::bytes, support::usual_text_form()}) {
      check_line(line, form);
      check_tokens(line, form);
    }
  }
}

REGISTER_READER(text_lines);

}  // namespace
}  // namespace heed::fuzz
