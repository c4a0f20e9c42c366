#include "examples/page/task.h"

#include <algorithm>
#include <map>

#include "examples/page/rules.h"
#include "examples/support/text/grammar.h"
#include "examples/support/text/words/words.h"

namespace heed::page {
namespace {

void longest_first(std::vector<Pair>& pairs) {
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.read.size() > b.read.size(); });
}

class LetterTask : public Task {
 public:
  explicit LetterTask(const TaskSettings& settings)
      : rule_(settings.rule), letters_(settings.letters), shortest_(settings.shortest), longest_(settings.longest) {
    if (letters_ < 4 || letters_ > 26) throw Error("an alphabet has 4 to 26 letters, not {}", letters_);
    if (shortest_ < 1 || longest_ < shortest_ || longest_ > most)
      throw Error("strings of {} to {} letters were asked for; 1 <= shortest <= longest <= {} must hold", shortest_,
                  longest_, most);
    for (int64_t i = 0; i < letters_; ++i) source.emplace_back(1, static_cast<char>('a' + i));
    target = source;
    spelt = true;
  }

  // All of one length, so that nothing is computed for padding.
  std::vector<Pair> draw(int64_t count, bool held_out, Rng& rng) const override {
    std::vector<Pair> pairs;
    const int64_t length = shortest_ + rng.below(longest_ - shortest_ + 1);
    while (static_cast<int64_t>(pairs.size()) < count) {
      Words read(static_cast<size_t>(length));
      int64_t sum = 0;
      for (int64_t& letter : read) sum += letter = rng.below(letters_);
      if ((sum % 10 == 0) == held_out) pairs.push_back({read, right(read)});
    }
    return pairs;
  }
  Words right(const Words& read) const override { return rule_(read, letters_); }

 private:
  Rule rule_;
  int64_t letters_, shortest_, longest_;
};

class SentenceTask : public Task {
 public:
  explicit SentenceTask(const TaskSettings& settings) {
    constexpr size_t kPairs = 4000;  // of up to six words there are so many, of fewer there are not
    const int longest = static_cast<int>(std::clamp<int64_t>(settings.longest, 6, 12));
    const support::AlignedText made = support::generate_aligned(kPairs, 1, 3, longest);
    for (size_t i = 0; i < kPairs; ++i) {
      Pair pair{number(made.text.source[i], source, source_numbers_),
                number(made.text.target[i], target, target_numbers_)};
      (i % 10 == 0 ? held_out_ : train_).push_back(std::move(pair));
    }
  }

  std::vector<Pair> draw(int64_t count, bool held_out, Rng& rng) const override {
    const std::vector<Pair>& from = held_out ? held_out_ : train_;
    std::vector<Pair> pairs;
    while (static_cast<int64_t>(pairs.size()) < count)
      pairs.push_back(from[static_cast<size_t>(rng.below(static_cast<int64_t>(from.size())))]);
    longest_first(pairs);
    return pairs;
  }
  Words right(const Words& read) const override {
    for (const auto* pairs : {&train_, &held_out_})
      for (const Pair& pair : *pairs)
        if (pair.read == read) return pair.write;
    return {};
  }

 private:
  static Words number(const std::string& text, std::vector<std::string>& names,
                      std::map<std::string, int64_t>& known) {
    Words words;
    for (const std::string& word : support::split_words(text)) {
      const auto [at, fresh] = known.emplace(word, static_cast<int64_t>(names.size()));
      if (fresh) names.push_back(word);
      words.push_back(at->second);
    }
    return words;
  }

  std::vector<Pair> train_, held_out_;
  std::map<std::string, int64_t> source_numbers_, target_numbers_;
};

}  // namespace

Words Task::parse(const std::string& text) const {
  std::vector<std::string> words = support::split_words(text);
  if (spelt) words = support::split_characters(support::join_words(words));
  Words numbers;
  for (const std::string& word : words) {
    if (spelt && word == " ") continue;
    const auto at = std::find(source.begin(), source.end(), word);
    if (at == source.end())
      throw Error("the model has never read '{}'; it knows {}", word,
                  spelt
                      ? fmt::format("{} to {}", source.front(), source.back())
                      : fmt::format("{} words of the grammar, such as 'the', 'cat', 'sees' and '.'", source.size()));
    numbers.push_back(at - source.begin());
  }
  if (numbers.empty() || static_cast<int64_t>(numbers.size()) > most)
    throw Error("write 1 to {} {}, not {}", most, spelt ? "letters" : "words", numbers.size());
  return numbers;
}

std::unique_ptr<Task> make_task(const TaskSettings& settings) {
  if (settings.rule == "french") return std::make_unique<SentenceTask>(settings);
  return std::make_unique<LetterTask>(settings);
}

}  // namespace heed::page
