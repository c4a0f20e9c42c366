#include "examples/support/text/pairs/languages.h"

#include <algorithm>
#include <sstream>
#include <unordered_map>

namespace heed::support {
namespace {

// One language a line, all its names. The first is its code.
constexpr std::string_view names[] = {"af afr afrikaans",
                                      "am amh amharic",
                                      "ar ara arb arabic",
                                      "az aze azerbaijani",
                                      "be bel belarusian",
                                      "bg bul bulgarian",
                                      "bn ben bengali",
                                      "br bre breton",
                                      "bs bos bosnian",
                                      "ca cat catalan",
                                      "cs ces cze czech",
                                      "cy cym wel welsh",
                                      "da dan danish",
                                      "de deu ger german",
                                      "el ell gre greek",
                                      "en eng english",
                                      "eo epo esperanto",
                                      "es spa spanish",
                                      "et est estonian",
                                      "eu eus baq basque",
                                      "fa fas per pes persian farsi",
                                      "fi fin finnish",
                                      "fo fao faroese",
                                      "fr fra fre french",
                                      "fy fry frisian",
                                      "ga gle irish",
                                      "gd gla gaelic",
                                      "gl glg galician",
                                      "gu guj gujarati",
                                      "ha hau hausa",
                                      "he heb hebrew",
                                      "hi hin hindi",
                                      "hr hrv croatian",
                                      "hu hun hungarian",
                                      "hy hye arm armenian",
                                      "ia ina interlingua",
                                      "id ind indonesian",
                                      "ig ibo igbo",
                                      "is isl ice icelandic",
                                      "it ita italian",
                                      "ja jpn japanese",
                                      "jv jav javanese",
                                      "ka kat geo georgian",
                                      "kk kaz kazakh",
                                      "km khm khmer",
                                      "kn kan kannada",
                                      "ko kor korean",
                                      "ku kur kurdish",
                                      "ky kir kyrgyz",
                                      "la lat latin",
                                      "lb ltz luxembourgish",
                                      "lo lao",
                                      "lt lit lithuanian",
                                      "lv lav latvian",
                                      "mg mlg malagasy",
                                      "mi mri mao maori",
                                      "mk mkd mac macedonian",
                                      "ml mal malayalam",
                                      "mn mon mongolian",
                                      "mr mar marathi",
                                      "ms msa may malay",
                                      "mt mlt maltese",
                                      "my mya bur burmese",
                                      "nb nob",
                                      "ne nep nepali",
                                      "nl nld dut dutch",
                                      "nn nno",
                                      "no nor norwegian",
                                      "oc oci occitan",
                                      "or ori odia",
                                      "pa pan punjabi",
                                      "pl pol polish",
                                      "ps pus pashto",
                                      "pt por portuguese",
                                      "qu que quechua",
                                      "ro ron rum romanian",
                                      "ru rus russian",
                                      "rw kin kinyarwanda",
                                      "sa san sanskrit",
                                      "si sin sinhala",
                                      "sk slk slo slovak",
                                      "sl slv slovenian slovene",
                                      "so som somali",
                                      "sq sqi alb albanian",
                                      "sr srp serbian",
                                      "st sot sotho",
                                      "su sun sundanese",
                                      "sv swe swedish",
                                      "sw swa swahili",
                                      "ta tam tamil",
                                      "te tel telugu",
                                      "tg tgk tajik",
                                      "th tha thai",
                                      "ti tir tigrinya",
                                      "tk tuk turkmen",
                                      "tl tgl tagalog",
                                      "tr tur turkish",
                                      "tt tat tatar",
                                      "ug uig uyghur",
                                      "uk ukr ukrainian",
                                      "ur urd urdu",
                                      "uz uzb uzbek",
                                      "vi vie vietnamese",
                                      "wo wol wolof",
                                      "xh xho xhosa",
                                      "yi yid yiddish",
                                      "yo yor yoruba",
                                      "zh zho chi cmn chinese mandarin",
                                      "zu zul zulu"};

constexpr std::string_view common_words[] = {
    "am",  "be",  "br",  "he",  "id",  "is",  "it",  "la",  "my",  "no",  "or",  "so",  "st",  "arm", "cat", "est",
    "fin", "ice", "ind", "kin", "lit", "mac", "mar", "may", "mon", "pan", "per", "sin", "sun", "tat", "wel"};

std::string lower(std::string_view name) {
  std::string text(name);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// Each name's code. A table may have a million columns, each of which is asked for its language.
std::unordered_map<std::string, std::string> codes_by_name() {
  std::unordered_map<std::string, std::string> codes;
  for (const std::string_view line : names) {
    std::istringstream words{std::string(line)};
    for (std::string word; words >> word;) codes.emplace(word, line.substr(0, line.find(' ')));
  }
  return codes;
}

}  // namespace

std::string language_code(std::string_view name) {
  static const std::unordered_map<std::string, std::string> codes = codes_by_name();
  const auto found = codes.find(lower(name.substr(0, name.find_first_of("-_"))));
  return found == codes.end() ? "" : found->second;
}

bool same_language(std::string_view a, std::string_view b) {
  const std::string first = language_code(a), second = language_code(b);
  return first.empty() && second.empty() ? lower(a) == lower(b) : first == second;
}

bool is_common_word(std::string_view code) {
  return std::find(std::begin(common_words), std::end(common_words), lower(code)) != std::end(common_words);
}

}  // namespace heed::support
