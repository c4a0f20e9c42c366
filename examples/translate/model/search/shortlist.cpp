#include "examples/translate/model/search/shortlist.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "autograd/files/atomic_file.h"
#include "examples/support/text/text.h"

namespace heed::translate {

using support::Vocabulary;

namespace {

constexpr int64_t special_words = Vocabulary::unknown + 1;
constexpr std::string_view first_word = "frequent";

int64_t known(const Vocabulary& words, const std::string& word, const auto& where) {
  const int64_t id = words.id(word);
  if (id == Vocabulary::unknown && word != words.word(Vocabulary::unknown))
    throw Error("{}: the run does not know the word '{}'; make the list again with translate shortlist", where(),
                word);
  return id;
}

// What stands before the next `end`, which is taken out of `text` with it. (A stream of each line takes thrice as long.)
std::string_view before(std::string_view& text, char end) {
  const std::string_view found = text.substr(0, text.find(end));
  text.remove_prefix(std::min(found.size() + 1, text.size()));
  return found;
}

}  // namespace

Shortlist::Shortlist(std::vector<std::vector<int64_t>> candidates, int64_t frequent)
    : candidates_(std::move(candidates)), frequent_(frequent), words_(special_words + frequent) {
  for (const auto& of_word : candidates_)
    for (const int64_t word : of_word) words_ = std::max(words_, word + 1);
}

std::vector<int64_t> Shortlist::words_for(const std::vector<const std::vector<int64_t>*>& sources) const {
  std::vector<bool> called(static_cast<size_t>(words_), false);
  std::fill_n(called.begin(), special_words + frequent_, true);
  for (const auto* source : sources)
    for (const int64_t word : *source)
      for (const int64_t candidate : candidates_.at(static_cast<size_t>(word)))
        called[static_cast<size_t>(candidate)] = true;
  std::vector<int64_t> words;  // ascending
  for (int64_t word = 0; word < words_; ++word)
    if (called[static_cast<size_t>(word)]) words.push_back(word);
  return words;
}

void Shortlist::save(const std::filesystem::path& path, const TextModel& text) const {
  std::string lines = fmt::format("{}\t{}\n", first_word, frequent_);
  for (size_t source = 0; source < candidates_.size(); ++source) {
    if (candidates_[source].empty()) continue;
    lines += text.source.word(static_cast<int64_t>(source));
    char between = '\t';
    for (const int64_t target : candidates_[source]) {
      lines += between + text.target.word(target);
      between = ' ';
    }
    lines += '\n';
  }
  write_file_atomically(path, lines);
}

Shortlist Shortlist::load(const std::filesystem::path& path, const TextModel& text) {
  std::vector<std::vector<int64_t>> candidates(static_cast<size_t>(text.source.size()));
  int64_t frequent = -1, number = 0;
  const std::string all = support::read_bytes(path);
  for (std::string_view lines = all; !lines.empty();) {
    const auto where = [&] { return fmt::format("{}, line {}", path.string(), number); };
    std::string_view rest = before(lines, '\n');
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    const std::string line(rest), word(before(rest, '\t'));
    ++number;
    if (word.size() == line.size()) throw Error("{}: no tab between a word and its candidates", where());
    if (number == 1) {
      std::istringstream digits{std::string(rest)};
      if (word != first_word || !(digits >> frequent) || frequent < 0 ||
          frequent + special_words > text.target.size())
        throw Error("{}: this is no list of candidates for this run: '{}'", where(), line);
      continue;
    }
    auto& of_word = candidates[static_cast<size_t>(known(text.source, word, where))];
    while (!rest.empty())
      if (const std::string target(before(rest, ' ')); !target.empty())
        of_word.push_back(known(text.target, target, where));
  }
  if (frequent < 0) throw Error("{}: an empty file is no list of candidates", path.string());
  return Shortlist(std::move(candidates), frequent);
}

}  // namespace heed::translate
