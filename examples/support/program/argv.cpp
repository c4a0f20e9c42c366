#include "examples/support/program/argv.h"

#include <sstream>
#include <string_view>

namespace heed::support {

namespace {

// The flags of "--start,--from", or of a switch's "--bidirectional,!--forward-only".
std::vector<std::string> each_spelling(const std::string& spellings) {
  std::vector<std::string> found;
  std::istringstream flags(spellings);
  for (std::string flag; std::getline(flags, flag, ',');) found.push_back(flag.substr(flag.starts_with('!') ? 1 : 0));
  return found;
}

}  // namespace

std::string value_of_flag(int argc, const char* const* argv, const std::string& spellings) {
  std::string value;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    for (const std::string& flag : each_spelling(spellings)) {
      if (word == flag && i + 1 < argc) value = argv[i + 1];
      if (word.starts_with(flag + "=")) value = word.substr(flag.size() + 1);
    }
  }
  return value;
}

bool has_flag(int argc, const char* const* argv, const std::string& spellings) {
  for (const std::string& flag : each_spelling(spellings))
    for (int i = 1; i < argc; ++i)
      if (argv[i] == flag || std::string_view(argv[i]).starts_with(flag + "=")) return true;
  return false;
}

std::string shell_line(const std::vector<std::string>& words) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
      text += word;
      continue;
    }
    text += '\'';
    for (char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += '\'';
  }
  return text;
}

}  // namespace heed::support
