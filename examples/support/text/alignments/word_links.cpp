#include "examples/support/text/alignments/word_links.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

namespace heed::support {
namespace {

// The number that a text begins with, and what stands behind it.
std::optional<int64_t> leading_number(std::string_view& text) {
  int64_t value = 0;
  if (text.empty() || text.front() == '-') return std::nullopt;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<size_t>(stop - text.data()));
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace

WordLinks tidied(WordLinks links) {
  std::sort(links.begin(), links.end(), [](const WordLink& a, const WordLink& b) {
    return std::tuple(a.source, a.target, !a.sure) < std::tuple(b.source, b.target, !b.sure);
  });
  const auto same_words = [](const WordLink& a, const WordLink& b) {
    return a.source == b.source && a.target == b.target;
  };
  links.erase(std::unique(links.begin(), links.end(), same_words), links.end());
  return links;
}

WordLinks turned(const WordLinks& links) {
  WordLinks result;
  for (const WordLink& link : links) result.push_back({link.target, link.source, link.sure});
  return tidied(std::move(result));
}

std::string pharaoh(const WordLinks& links) {
  std::string line;
  for (const auto& [source, target, sure] : links)
    line += fmt::format("{}{}{}{}", line.empty() ? "" : " ", source, sure ? '-' : '?', target);
  return line;
}

std::optional<WordLink> read_link(std::string_view word) {
  const auto source = leading_number(word);
  if (!source || word.empty() || (word.front() != '-' && word.front() != '?')) return std::nullopt;
  const bool sure = word.front() == '-';
  word.remove_prefix(1);
  const auto target = leading_number(word);
  if (!target || !word.empty()) return std::nullopt;
  return WordLink{*source, *target, sure};
}

}  // namespace heed::support
