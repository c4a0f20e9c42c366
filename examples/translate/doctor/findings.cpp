#include "examples/translate/doctor/findings.h"

#include <algorithm>
#include <unordered_set>

#include "examples/support/text/text.h"
#include "examples/translate/doctor/language_guess.h"

namespace heed::translate {
namespace {

using support::ParallelText;
using support::split_words;

constexpr size_t lines_shown = 3;

Lengths lengths_of(const std::vector<std::string>& lines) {
  std::vector<size_t> words;
  for (const std::string& line : lines) words.push_back(split_words(line).size());
  if (words.empty()) return {};
  std::sort(words.begin(), words.end());
  return {words[words.size() / 2], words.back(), words[words.size() * 95 / 100]};
}

std::string joined(const ParallelText& text, size_t pair) { return text.source[pair] + '\t' + text.target[pair]; }

std::string usual_script(const std::vector<std::string>& lines) {
  std::map<std::string, int64_t> count;
  for (const std::string& line : lines) ++count[script_of(line)];
  count.erase("");
  const auto most =
      std::max_element(count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == count.end() ? "" : most->first;
}

bool is_lopsided(size_t a, size_t b) {
  const size_t shorter = std::min(a, b), longer = std::max(a, b);
  return longer > 3 * shorter && longer >= shorter + 6;
}

void find_suspicious(SplitFindings& found, const ParallelText& text) {
  const std::string source_script = usual_script(text.source), target_script = usual_script(text.target);
  const auto strange = [](const std::string& line, const std::string& usual) {
    const std::string script = script_of(line);
    return !script.empty() && script != usual;
  };
  for (size_t i = 0; i < text.source.size(); ++i) {
    const size_t words = split_words(text.source[i]).size();
    if (words > 1 && text.source[i] == text.target[i]) found.same.add(text, i);
    if (is_lopsided(words, split_words(text.target[i]).size())) found.lopsided.add(text, i);
    if (strange(text.source[i], source_script) || strange(text.target[i], target_script))
      found.other_script.add(text, i);
  }
}

double share_unknown(const support::Vocabulary& vocabulary, const std::vector<std::string>& lines) {
  int64_t all = 0, unknown = 0;
  for (const std::string& line : lines)
    for (const int64_t id : vocabulary.encode(split_words(line)))
      ++all, unknown += id == support::Vocabulary::unknown;
  return all ? static_cast<double>(unknown) / static_cast<double>(all) : 0;
}

}  // namespace

void Kind::add(const ParallelText& text, size_t pair) {
  ++count;
  if (lines.size() < lines_shown)
    lines.push_back(text.line.empty() ? static_cast<int64_t>(pair) + 1 : text.line[pair]);
}

SplitFindings look_at(const std::string& name, const ParallelText& text, const ParallelText* train) {
  SplitFindings found;
  found.name = name;
  found.pairs = static_cast<int64_t>(text.source.size());
  found.source = lengths_of(text.source);
  found.target = lengths_of(text.target);
  found.left_out = support::left_out(text);
  std::unordered_set<std::string> seen, learnt, learnt_sources;
  if (train) {
    learnt_sources.insert(train->source.begin(), train->source.end());
    for (size_t i = 0; i < train->source.size(); ++i) learnt.insert(joined(*train, i));
  }
  for (size_t i = 0; i < text.source.size(); ++i) {
    const std::string pair = joined(text, i);
    if (!seen.insert(pair).second) found.twice.add(text, i);
    if (learnt.contains(pair)) found.in_train.add(text, i);
    if (learnt_sources.contains(text.source[i])) found.source_in_train.add(text, i);
  }
  find_suspicious(found, text);
  return found;
}

Unknown unknown_words(const ParallelText& train, const ParallelText& held_out,
                      const support::VocabularyOptions& options) {
  const auto vocabulary = [&](const std::vector<std::string>& lines) {
    std::vector<std::vector<std::string>> sentences;
    for (const std::string& line : lines) sentences.push_back(split_words(line));
    return support::Vocabulary::build(sentences, options);
  };
  const support::Vocabulary source = vocabulary(train.source), target = vocabulary(train.target);
  return {source.size(), target.size(), share_unknown(source, held_out.source),
          share_unknown(target, held_out.target)};
}

}  // namespace heed::translate
