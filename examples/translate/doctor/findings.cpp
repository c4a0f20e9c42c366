#include "examples/translate/doctor/findings.h"

#include <algorithm>
#include <unordered_set>

#include "examples/support/doctor/language_guess.h"
#include "examples/support/text/text.h"

namespace heed::translate {
namespace {

using support::ParallelText;
using support::split_words;

int64_t line_of(const ParallelText& text, size_t pair) {
  return text.line.empty() ? static_cast<int64_t>(pair) + 1 : text.line[pair];
}

std::string joined(const ParallelText& text, size_t pair) { return text.source[pair] + '\t' + text.target[pair]; }

bool is_lopsided(size_t a, size_t b) {
  const size_t shorter = std::min(a, b), longer = std::max(a, b);
  return longer > 3 * shorter && longer >= shorter + 6;
}

void find_suspicious(SplitFindings& found, const ParallelText& text) {
  const std::string source_script = support::usual_script(text.source),
                    target_script = support::usual_script(text.target);
  const auto strange = [](const std::string& line, const std::string& usual) {
    const std::string script = support::script_of(line);
    return !script.empty() && script != usual;
  };
  for (size_t i = 0; i < text.source.size(); ++i) {
    const size_t words = split_words(text.source[i]).size();
    if (words > 1 && text.source[i] == text.target[i]) found.same.add(line_of(text, i));
    if (is_lopsided(words, split_words(text.target[i]).size())) found.lopsided.add(line_of(text, i));
    if (strange(text.source[i], source_script) || strange(text.target[i], target_script))
      found.other_script.add(line_of(text, i));
  }
}

}  // namespace

SplitFindings look_at(const std::string& name, const ParallelText& text, const ParallelText* train) {
  SplitFindings found;
  found.name = name;
  found.pairs = static_cast<int64_t>(text.source.size());
  found.source = support::lengths_of(text.source);
  found.target = support::lengths_of(text.target);
  found.left_out = support::left_out(text);
  std::unordered_set<std::string> seen, learnt, learnt_sources;
  if (train) {
    learnt_sources.insert(train->source.begin(), train->source.end());
    for (size_t i = 0; i < train->source.size(); ++i) learnt.insert(joined(*train, i));
  }
  for (size_t i = 0; i < text.source.size(); ++i) {
    const std::string pair = joined(text, i);
    if (!seen.insert(pair).second) found.twice.add(line_of(text, i));
    if (learnt.contains(pair)) found.in_train.add(line_of(text, i));
    if (learnt_sources.contains(text.source[i])) found.source_in_train.add(line_of(text, i));
  }
  find_suspicious(found, text);
  return found;
}

}  // namespace heed::translate
