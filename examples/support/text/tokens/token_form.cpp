#include "examples/support/text/tokens/token_form.h"

#include "autograd/base/error.h"
#include "examples/support/text/tokens/characters.h"
#include "examples/support/text/tokens/detokenizer.h"
#include "examples/support/text/tokens/punctuation.h"
#include "examples/support/text/tokens/tokenizer.h"
#include "examples/support/text/words/words.h"

namespace heed::support {

std::string to_tokens(std::string_view line, std::string_view language, const TokenForm& form, TextForm text_form) {
  if (form.tokenize == Tokenization::by_looking) throw Error("text: how it is tokenised was not settled");
  std::string text = form.lowercase ? Characters(text_form).lower(line) : std::string(line);
  if (form.tokenize == Tokenization::none) return text;
  return tokenized(normal_punctuation(text, language), language, text_form);
}

std::string to_plain(std::string_view tokens, std::string_view language, const TokenForm& form, TextForm text_form) {
  return form.tokenize == Tokenization::none ? std::string(tokens) : detokenized(tokens, language, text_form);
}

void Looks::add(std::string_view line) {
  for (const std::string& word : split_words(line)) {
    const bool marked = word.ends_with('.') || word.ends_with(',');
    apart += word == "." || word == ",";
    attached += marked && word.size() > 1 && !word.ends_with("..");
  }
}

}  // namespace heed::support
