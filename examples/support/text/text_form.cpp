#include "examples/support/text/text_form.h"

#include <algorithm>

#include "autograd/base/error.h"

#ifdef HEED_HAS_ICU
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <string>
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

// ICU counts in 32 bits; a normal form may be three times as long.
void check_length(std::string_view text) {
  constexpr size_t most = size_t{512} << 20;
  if (text.size() > most) throw Error("text: a line of {} bytes; at most {} are accepted", text.size(), most);
}

constexpr size_t kManyMarks = 32;  // behind one letter: as many as Unicode's stream-safe text may have

// What stands behind a letter and has an order among its like, as accents do.
bool is_mark(UChar32 c) { return c >= 0x300 && u_getIntPropertyValue(c, UCHAR_LEAD_CANONICAL_COMBINING_CLASS) != 0; }

void append_sorted(std::string& to, const icu::Normalizer2& form, const std::u32string& marks) {
  std::u32string parts;
  for (const char32_t mark : marks) {
    icu::UnicodeString decomposed;
    if (!form.getDecomposition(static_cast<UChar32>(mark), decomposed)) {
      parts += mark;
      continue;
    }
    for (int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1))
      parts += static_cast<char32_t>(decomposed.char32At(i));
  }
  std::stable_sort(parts.begin(), parts.end(), [](char32_t a, char32_t b) {
    return u_getCombiningClass(static_cast<UChar32>(a)) < u_getCombiningClass(static_cast<UChar32>(b));
  });
  for (const char32_t part : parts) icu::UnicodeString(static_cast<UChar32>(part)).toUTF8String(to);
}

// The marks from `at` on, which is moved behind them.
std::u32string marks_at(std::string_view text, int32_t& at) {
  std::u32string marks;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t next = at; next < length; at = next) {
    UChar32 c = 0;
    U8_NEXT(text.data(), next, length, c);
    if (!is_mark(c)) break;
    marks += static_cast<char32_t>(c);
  }
  return marks;
}

// ICU moves each mark to its place among those before it, one after the other, and a line with a million
// marks behind one letter would take hours. So where there are many they are sorted before, which changes
// nothing (Unicode Standard Annex 15: the canonical order is a stable sort).
std::string with_sorted_marks(std::string_view text, const icu::Normalizer2& form) {
  std::string result;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < length;) {
    const int32_t begin = at;
    const std::u32string marks = marks_at(text, at);
    if (marks.size() > kManyMarks) {
      append_sorted(result, form, marks);
      continue;
    }
    if (marks.empty()) U8_FWD_1(text.data(), at, length);
    result += text.substr(static_cast<size_t>(begin), static_cast<size_t>(at - begin));
  }
  return result;
}

std::string nfc(std::string_view line) {
  check_length(line);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
  check(status, "find its normal form C");
  const std::string text = with_sorted_marks(line, *form);
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr, status);
  check(status, "bring text into normal form C");
  return result;
}

std::string case_folded(std::string_view text) {
  check_length(text);
  UErrorCode status = U_ZERO_ERROR;
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  icu::CaseMap::utf8Fold(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr, status);
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
  return form == TextForm::bytes || is_ascii(word) ? ascii_only_punctuation(word) : unicode_only_punctuation(word);
}

}  // namespace heed::support
