#include "examples/support/doctor/language_guess.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <unordered_map>

#include "examples/support/text/words/words.h"

namespace heed::support {
namespace {

struct Script {
  uint32_t from, to;
  const char* name;
};
constexpr Script scripts[] = {
    {0x41, 0x5a, "Latin"},      {0x61, 0x7a, "Latin"},      {0xc0, 0x24f, "Latin"},    {0x370, 0x3ff, "Greek"},
    {0x400, 0x52f, "Cyrillic"}, {0x590, 0x5ff, "Hebrew"},   {0x600, 0x6ff, "Arabic"},  {0x900, 0x97f, "Devanagari"},
    {0xe00, 0xe7f, "Thai"},     {0x1e00, 0x1eff, "Latin"},  {0x1f00, 0x1fff, "Greek"}, {0x3040, 0x30ff, "Kana"},
    {0x3400, 0x9fff, "Han"},    {0xac00, 0xd7af, "Hangul"},
};

const char* script_of(uint32_t letter) {
  for (const Script& script : scripts)
    if (letter >= script.from && letter <= script.to) return script.name;
  return letter < 0x2c0 || (letter >= 0x2000 && letter < 0x2c00) || (letter >= 0x3000 && letter < 0x3040) ? ""
                                                                                                          : "other";
}

uint32_t next_letter(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  uint32_t letter = length == 1 ? first : first & (0x7fu >> length);
  for (size_t i = 1; i < std::min(length, text.size()); ++i)
    letter = letter << 6 | (static_cast<unsigned char>(text[i]) & 0x3fu);
  text.remove_prefix(std::min(length, text.size()));
  return letter;
}

// Words that are common in one language; of two languages only where both have them.
constexpr std::pair<const char*, const char*> common_words[] = {
    {"da", "og i at det er en til af den på ikke jeg som med der han du vi hun har"},
    {"de", "der die und in das ist nicht ein eine ich zu den mit sich auf er sie es dem einen ist von"},
    {"en", "the a and of to in is you that it he was on are with his they i at be this have she"},
    {"es", "el la de que y en un una los se no las por con es su para del lo al está"},
    {"fr", "le la les de et un une des est en que qui dans il pas ne je du pour sur elle l' d' vous"},
    {"it", "il di che la e un una in per non è del sono con le della i lo si gli ha"},
    {"nl", "de het een en van in is dat op te zijn niet ik met die voor er hij aan ze je"},
    {"pl", "w i na z się nie do to jest że o jak po tym ale za od jego tak ja"},
    {"pt", "o a de que e do da em um uma os no se na por não as com para é ele"},
    {"sv", "och i att det är en på som av för inte den med jag till han hon har ett de"},
};

// "L'eau," -> "l'" "eau"
std::vector<std::string> bare_words(const std::string& line) {
  std::vector<std::string> words(1);
  for (char c : line) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool letter = (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80);
    if (letter || c == '\'') words.back() += c;
    if (!letter && !words.back().empty()) words.emplace_back();
  }
  return words;
}

}  // namespace

std::string script_of(std::string_view text) {
  std::map<std::string, int64_t> count;
  while (!text.empty())
    if (const std::string script = script_of(next_letter(text)); !script.empty()) ++count[script];
  const auto most =
      std::max_element(count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == count.end() ? "" : most->first;
}

std::string usual_script(const std::vector<std::string>& lines) {
  std::map<std::string, int64_t> count;
  for (const std::string& line : lines) ++count[script_of(line)];
  count.erase("");
  const auto most =
      std::max_element(count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == count.end() ? "" : most->first;
}

std::string guess_language(const std::vector<std::string>& lines) {
  std::unordered_multimap<std::string, const char*> languages;
  for (const auto& [code, words] : common_words)
    for (const std::string& word : split_words(words)) languages.emplace(word, code);
  std::map<std::string, int64_t> found;
  int64_t all = 0;
  for (const std::string& line : lines)
    for (const std::string& word : bare_words(line)) {
      all += !word.empty();
      const auto [begin, end] = languages.equal_range(word);
      for (auto at = begin; at != end; ++at) ++found[at->second];
    }
  std::vector<std::pair<int64_t, std::string>> ranking;
  for (const auto& [code, count] : found) ranking.emplace_back(count, code);
  std::sort(ranking.rbegin(), ranking.rend());
  if (ranking.empty() || 10 * ranking[0].first < all) return "";
  if (ranking.size() > 1 && 10 * ranking[1].first > 9 * ranking[0].first) return "";
  return ranking[0].second;
}

}  // namespace heed::support
