#include "examples/support/text/text_form.h"

#include <algorithm>

#include "autograd/base/error.h"

#ifdef HEED_HAS_ICU
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#endif

namespace heed::support {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view without_mark(std::string_view line) {
  while (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  return line;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string ascii_without_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool ascii_only_punctuation(std::string_view word) {
  return is_ascii(word) && std::none_of(word.begin(), word.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

#ifdef HEED_HAS_ICU

void check(UErrorCode status, const char* what) {
  if (U_FAILURE(status)) throw Error("text: ICU cannot {}: {}", what, u_errorName(status));
}

std::string nfc(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
  check(status, "find its normal form C");
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr,
                      status);
  check(status, "bring text into normal form C");
  return result;
}

std::string case_folded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  icu::CaseMap::utf8Fold(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr,
                         status);
  check(status, "fold case");
  return result;
}

bool is_punctuation_or_symbol(UChar32 c) {
  return u_ispunct(c) || (U_GET_GC_MASK(c) & (U_GC_S_MASK | U_GC_M_MASK | U_GC_CF_MASK)) != 0;
}

bool unicode_only_punctuation(std::string_view word) {
  const auto length = static_cast<int32_t>(word.size());
  for (int32_t at = 0; at < length;) {
    UChar32 c = 0;
    U8_NEXT(word.data(), at, length, c);
    if (c < 0 || !is_punctuation_or_symbol(c)) return false;
  }
  return true;
}

#else

[[noreturn]] void not_built() {
  throw Error(
      "text: --text-form unicode needs ICU, which this build has not: install libicu-dev and build again (a "
      "new run "
      "may take --text-form bytes)");
}
std::string nfc(std::string_view) { not_built(); }
std::string case_folded(std::string_view) { not_built(); }
bool unicode_only_punctuation(std::string_view) { not_built(); }

#endif

}  // namespace

#ifdef HEED_HAS_ICU
bool has_unicode() { return true; }
void require(TextForm) {}
#else
bool has_unicode() { return false; }
void require(TextForm form) {
  if (form == TextForm::unicode) not_built();
}
#endif

TextForm usual_text_form() { return has_unicode() ? TextForm::unicode : TextForm::bytes; }

std::string normal_form(std::string_view line, TextForm form) {
  line = without_mark(line);
  if (form == TextForm::bytes || is_ascii(line)) return std::string(line);
  return nfc(line);
}

std::string without_case(std::string_view text, TextForm form) {
  // Folding ASCII gives ASCII.
  if (form == TextForm::bytes || is_ascii(text)) return ascii_without_case(text);
  return nfc(case_folded(text));
}

bool only_punctuation(std::string_view word, TextForm form) {
  return form == TextForm::bytes || is_ascii(word) ? ascii_only_punctuation(word)
                                                   : unicode_only_punctuation(word);
}

}  // namespace heed::support
