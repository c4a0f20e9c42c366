#include "examples/support/text/tokens/parallel_tokens.h"

#include <algorithm>

namespace heed::support {
namespace {

// Of its first lines.
Looks looks_of(const ParallelText& text) {
  constexpr size_t enough = 10'000;
  Looks looks;
  for (size_t i = 0; i < std::min(text.source.size(), enough); ++i) {
    looks.add(text.source[i]);
    looks.add(text.target[i]);
  }
  return looks;
}

std::string note_on_tokens(const ReadOptions& options, const Looks& looks, const TokenForm& settled) {
  const bool moses = settled.tokenize == Tokenization::moses, marked = looks.apart + looks.attached > 0;
  std::string note;
  if (options.tokens.tokenize == Tokenization::by_looking)
    note = moses    ? "the text is raw: --tokenize moses"
           : marked ? "the text is tokenised already: --tokenize none"
                    : "the text has no comma and no full stop: --tokenize none";
  else if (moses && marked && looks.tokenization() == Tokenization::none)
    note = "the text looks tokenised already, and is tokenised once more: --tokenize moses";
  if (settled.changes() && options.form == TextForm::bytes)
    note += std::string(note.empty() ? "" : "; ") +
            "--text-form bytes: only ASCII's letters are known as small or capital";
  return note;
}

}  // namespace

ParallelText in_tokens(ParallelText text, const std::string& source, const std::string& target,
                       const ReadOptions& options) {
  const Looks looks = looks_of(text);
  TokenForm form = options.tokens;
  if (form.tokenize == Tokenization::by_looking) form.tokenize = looks.tokenization();
  text.tokenization = form.tokenize;
  text.tokens = note_on_tokens(options, looks, form);
  if (!form.changes()) return text;
  if (options.keep_plain) text.plain_target = text.target;
  for (std::string& line : text.source) line = to_tokens(line, source, form, options.form);
  for (std::string& line : text.target) line = to_tokens(line, target, form, options.form);
  return text;
}

}  // namespace heed::support
