#include "examples/support/text/tokens/characters.h"

#include "examples/support/text/words/words.h"

#ifdef HEED_HAS_ICU
#include <unicode/uchar.h>
#endif

namespace heed::support {
namespace {

bool in(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

bool ascii_digit(char32_t c) { return in(c, '0', '9'); }
bool ascii_small(char32_t c) { return in(c, 'a', 'z'); }
bool ascii_letter(char32_t c) { return ascii_small(c) || in(c, 'A', 'Z'); }

// Beyond ASCII, where nothing is known of single characters: the blocks that hold no letters, and the commas and stops
// of Arabic and of India.
bool letter_by_block(char32_t c) {
  if (std::u32string_view(U"،؛؟।॥").find(c) != std::u32string_view::npos) return false;
  if (c < 0x100) return c >= 0xC0 ? c != 0xD7 && c != 0xF7 : c == 0xAA || c == 0xB5 || c == 0xBA;
  return !in(c, 0x300, 0x36F) && !in(c, 0x2000, 0x2BFF) && !in(c, 0x3000, 0x3004) && !in(c, 0x3008, 0x3020) &&
         !in(c, 0xFE30, 0xFE6F) && !in(c, 0xFF00, 0xFF0F) && !in(c, 0x1F000, 0x1FAFF);
}

// Joiners, selectors of a form, the colours of emoji, and tags.
bool always_mark(char32_t c) {
  return in(c, 0x200C, 0x200D) || in(c, 0xFE00, 0xFE0F) || in(c, 0x1F3FB, 0x1F3FF) || in(c, 0xE0020, 0xE007F);
}
bool mark_by_block(char32_t c) {
  return in(c, 0x300, 0x36F) || in(c, 0x1AB0, 0x1AFF) || in(c, 0x1DC0, 0x1DFF) || in(c, 0x20D0, 0x20FF) ||
         in(c, 0xFE20, 0xFE2F);
}

bool currency_by_block(char32_t c) { return in(c, 0xA2, 0xA5) || in(c, 0x20A0, 0x20CF); }

#ifdef HEED_HAS_ICU
UChar32 icu(char32_t c) { return static_cast<UChar32>(c); }
bool unicode_letter(char32_t c) { return u_hasBinaryProperty(icu(c), UCHAR_ALPHABETIC) != 0; }
bool unicode_digit(char32_t c) { return u_isdigit(icu(c)) != 0; }
bool unicode_number(char32_t c) { return (U_GET_GC_MASK(icu(c)) & U_GC_N_MASK) != 0; }
bool unicode_small(char32_t c) { return u_hasBinaryProperty(icu(c), UCHAR_LOWERCASE) != 0; }
bool unicode_mark(char32_t c) { return (U_GET_GC_MASK(icu(c)) & U_GC_M_MASK) != 0; }
bool unicode_currency(char32_t c) { return (U_GET_GC_MASK(icu(c)) & U_GC_SC_MASK) != 0; }
char32_t unicode_lower(char32_t c) { return static_cast<char32_t>(u_tolower(icu(c))); }
#else
// Never asked: text of this form is refused where it is read (text_form.h: require).
bool unicode_letter(char32_t c) { return letter_by_block(c); }
bool unicode_digit(char32_t) { return false; }
bool unicode_number(char32_t) { return false; }
bool unicode_small(char32_t) { return false; }
bool unicode_mark(char32_t c) { return mark_by_block(c); }
bool unicode_currency(char32_t c) { return currency_by_block(c); }
char32_t unicode_lower(char32_t c) { return c; }
#endif

}  // namespace

bool Characters::letter(char32_t c) const {
  if (c < 0x80) return ascii_letter(c);
  return form_ == TextForm::unicode ? unicode_letter(c) : letter_by_block(c);
}

bool Characters::number(char32_t c) const {
  if (c < 0x80) return ascii_digit(c);
  return form_ == TextForm::unicode && unicode_number(c);
}

bool Characters::letter_or_digit(char32_t c) const {
  if (c < 0x80) return ascii_letter(c) || ascii_digit(c);
  return letter(c) || (form_ == TextForm::unicode && unicode_digit(c));
}

bool Characters::small(char32_t c) const {
  if (c < 0x80) return ascii_small(c);
  return form_ == TextForm::unicode && unicode_small(c);
}

bool Characters::currency(char32_t c) const {
  if (c < 0x80) return c == '$';
  return form_ == TextForm::unicode ? unicode_currency(c) : currency_by_block(c);
}

bool Characters::mark(char32_t c) const {
  if (c < 0x80) return false;
  return always_mark(c) || (form_ == TextForm::unicode ? unicode_mark(c) : mark_by_block(c));
}

std::string Characters::lower(std::string_view text) const {
  std::u32string points = code_points(text);
  for (char32_t& c : points) {
    if (in(c, 'A', 'Z')) c += 'a' - 'A';
    if (c >= 0x80 && form_ == TextForm::unicode) c = unicode_lower(c);
  }
  return to_utf8(points);
}

}  // namespace heed::support
