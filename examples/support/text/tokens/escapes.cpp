#include "examples/support/text/tokens/escapes.h"

#include <algorithm>
#include <iterator>

namespace heed::support {
namespace {

struct Escape {
  char plain;
  std::string_view written;
};

// "&" begins all escapes; "|" stood between the factors of a word (went|VBD); "<", ">" and the quotation marks wrote
// XML in a text; brackets marked the non-terminals of a grammar. The last three are as older versions wrote them: they
// are read, never written.
constexpr Escape kEscapes[] = {
    {'&', "&amp;"}, {'|', "&#124;"}, {'<', "&lt;"},  {'>', "&gt;"},  {'\'', "&apos;"}, {'"', "&quot;"},
    {'[', "&#91;"}, {']', "&#93;"},  {'|', "&bar;"}, {'[', "&bra;"}, {']', "&ket;"},
};

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto* found =
        std::find_if(std::begin(kEscapes), std::end(kEscapes), [c](const Escape& e) { return e.plain == c; });
    if (found == std::end(kEscapes)) result += c;
    else result += found->written;
  }
  return result;
}

std::string unescaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto* found = std::find_if(std::begin(kEscapes), std::end(kEscapes),
                                     [text](const Escape& e) { return text.starts_with(e.written); });
    const bool plain = text.front() != '&' || found == std::end(kEscapes);
    result += plain ? text.front() : found->plain;
    text.remove_prefix(plain ? 1 : found->written.size());
  }
  return result;
}

}  // namespace heed::support
