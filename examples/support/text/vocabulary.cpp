#include "examples/support/text/vocabulary.h"

#include "autograd/base/error.h"
#include "autograd/files/atomic_file.h"
#include "examples/support/text/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

namespace heed::support {

namespace {

const std::array<std::string, 4> special = {"<pad>", "<s>", "</s>", "<unk>"};
const std::string heading = "heed vocabulary ";

}  // namespace

Vocabulary::Vocabulary() {
  for (const std::string& word : special) {
    ids_.emplace(word, size());
    words_.push_back(word);
  }
}

Vocabulary Vocabulary::build(const std::vector<std::vector<std::string>>& sentences,
                             const VocabularyOptions& options) {
  std::map<std::string, int64_t> counts;  // in the order of bytes, which the stable sort keeps among equals
  for (const auto& sentence : sentences) {
    for (const std::string& word : sentence) ++counts[word];
  }
  for (const std::string& word : special) counts.erase(word);
  std::vector<std::pair<std::string, int64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });

  std::vector<std::string> words(special.begin(), special.end());
  for (const auto& [word, count] : sorted) {
    const int64_t held = static_cast<int64_t>(words.size() - special.size());
    if (count < options.min_count || (options.max_words > 0 && held == options.max_words)) break;
    words.push_back(word);
  }
  return from_words(words);
}

Vocabulary Vocabulary::from_words(const std::vector<std::string>& words, const std::string& origin) {
  Vocabulary vocabulary;
  for (size_t i = 0; i < words.size() || i < special.size(); ++i) {
    if (i < special.size()) {
      if (i < words.size() && words[i] == special[i]) continue;
      throw Error("{}: word {} is '{}', but the first four must be <pad> <s> </s> <unk>", origin, i,
                  i < words.size() ? words[i] : "missing");
    }
    if (split_words(words[i]) != std::vector<std::string>{words[i]}) {
      throw Error("{}: word {}, '{}', is empty or holds white space", origin, i, words[i]);
    }
    const auto [at, is_new] = vocabulary.ids_.emplace(words[i], static_cast<int64_t>(i));
    if (!is_new) throw Error("{}: '{}' occurs twice, as word {} and as word {}", origin, words[i], at->second, i);
    vocabulary.words_.push_back(words[i]);
  }
  return vocabulary;
}

void Vocabulary::save(const std::filesystem::path& path) const {
  std::string text = heading + std::to_string(size()) + '\n';
  for (const std::string& word : words_) text += word + '\n';
  write_file_atomically(path, text);
}

Vocabulary Vocabulary::load(const std::filesystem::path& path) {
  std::vector<std::string> words = read_lines(path);
  const std::string first = words.front();
  int64_t count = 0;
  const bool headed = first.starts_with(heading) &&
                      std::from_chars(first.data() + heading.size(), first.data() + first.size(), count).ptr ==
                          first.data() + first.size();
  if (!headed) {
    throw Error("{} is not a vocabulary: its first line should be '{}' and a number, but is '{}'", path.string(),
                heading, first.substr(0, 60));
  }
  words.erase(words.begin());
  // The last byte tells a file that was cut within its last word.
  if (static_cast<int64_t>(words.size()) != count || read_bytes(path).back() != '\n') {
    throw Error("vocabulary {}: {} words are announced, {} are there; the file is cut or was edited", path.string(),
                count, words.size());
  }
  return from_words(words, "vocabulary " + path.string());
}

int64_t Vocabulary::id(const std::string& word) const {
  const auto found = ids_.find(word);
  return found == ids_.end() ? unknown : found->second;
}

const std::string& Vocabulary::word(int64_t id) const {
  if (id < 0 || id >= size()) throw Error("vocabulary: no word has number {}; there are {} words", id, size());
  return words_[static_cast<size_t>(id)];
}

std::vector<int64_t> Vocabulary::encode(const std::vector<std::string>& words) const {
  std::vector<int64_t> ids;
  ids.reserve(words.size());
  for (const std::string& word : words) ids.push_back(std::max(id(word), unknown));
  return ids;
}

std::vector<std::string> Vocabulary::decode(const std::vector<int64_t>& ids) const {
  std::vector<std::string> words;
  for (const int64_t id : ids) {
    if (id == end) break;
    if (id != pad && id != start) words.push_back(word(id));
  }
  return words;
}

}  // namespace heed::support
