#include "examples/support/measures/bleu_13a.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "examples/support/text/words/words.h"

namespace heed::support {
namespace {

constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
    {"<skipped>", ""}, {"&quot;", "\""}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}};

// One after the other, as mteval has it: "&amp;lt;" is "<".
std::string without_entities(std::string text) {
  for (const auto& [written, plain] : kEntities) {
    std::string result;
    size_t begin = 0;
    for (size_t at = text.find(written); at != std::string::npos; at = text.find(written, begin)) {
      result.append(text, begin, at - begin) += plain;
      begin = at + written.size();
    }
    text = result.append(text, begin);
  }
  return text;
}

bool digit(char c) { return c >= '0' && c <= '9'; }

bool symbol(char c) {
  return (c >= ' ' && c <= '&') || (c >= '(' && c <= '+') || c == '/' || (c >= ':' && c <= '@') ||
         (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

bool point(char c) { return c == '.' || c == ','; }

// A point with something else than a digit before it; that character is not looked at again.
std::string with_points_apart_behind(const std::string& text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (i + 1 >= text.size() || digit(text[i]) || !point(text[i + 1])) continue;
    ((result += ' ') += text[++i]) += ' ';
  }
  return result;
}

// And one with something else than a digit behind it.
std::string with_points_apart_before(const std::string& text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool apart = point(text[i]) && i + 1 < text.size() && !digit(text[i + 1]);
    if (!apart) {
      result += text[i];
      continue;
    }
    ((result += ' ') += text[i]) += ' ';
    result += text[++i];
  }
  return result;
}

}  // namespace

std::string tokens_13a(std::string_view line) {
  std::string text = " ";
  for (const char c : without_entities(std::string(line)) + " ") {
    if (symbol(c)) ((text += ' ') += c) += ' ';
    else text += c;
  }
  text = with_points_apart_before(with_points_apart_behind(text));
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-' && i > 0 && digit(text[i - 1])) result += " - ";
    else result += text[i];
  }
  return join_words(split_words(result));
}

void Bleu13a::add(const std::string& hypothesis, const std::vector<std::string>& references) {
  std::vector<std::string> tokens;
  for (const std::string& reference : references) tokens.push_back(tokens_13a(reference));
  counts_.add(tokens_13a(hypothesis), tokens);
  fewest_ = most_ ? std::min(fewest_, tokens.size()) : tokens.size();
  most_ = std::max(most_, tokens.size());
}

Bleu13a& Bleu13a::operator+=(const Bleu13a& other) {
  lowercase_ = lowercase_ || other.lowercase_;
  if (other.most_) fewest_ = most_ ? std::min(fewest_, other.fewest_) : other.fewest_;
  most_ = std::max(most_, other.most_);
  counts_ += other.counts_;
  return *this;
}

double Bleu13a::precision(size_t n) const {
  double halved = 1;
  for (size_t i = 0; i < n; ++i)
    if (counts_.correct[i] == 0) halved *= 2;
  if (counts_.total[n - 1] == 0) return 0;
  const double right = counts_.correct[n - 1] > 0 ? static_cast<double>(counts_.correct[n - 1]) : 1 / halved;
  return right / static_cast<double>(counts_.total[n - 1]);
}

double Bleu13a::score() const {
  if (counts_.correct[0] == 0) return 0;
  return counts_.brevity_penalty() * std::pow(precision(1) * precision(2) * precision(3) * precision(4), 0.25);
}

std::string Bleu13a::signature() const {
  return fmt::format("nrefs:{}|case:{}|eff:no|tok:13a|smooth:exp",
                     fewest_ == most_ ? fmt::format("{}", std::max<size_t>(most_, 1)) : "var",
                     lowercase_ ? "lc" : "mixed");
}

std::string Bleu13a::line() const {
  const bool any = counts_.correct[0] > 0;
  const auto percent = [&](size_t n) { return any ? 100 * precision(n) : 0.0; };
  const double ratio =
      counts_.ref_len ? static_cast<double>(counts_.hyp_len) / static_cast<double>(counts_.ref_len) : 0;
  return fmt::format(
      "BLEU|{} = {:.2f} {:.1f}/{:.1f}/{:.1f}/{:.1f} (BP = {:.3f} ratio = {:.3f} hyp_len = {} ref_len = {})",
      signature(), 100 * score(), percent(1), percent(2), percent(3), percent(4), counts_.brevity_penalty(), ratio,
      counts_.hyp_len, counts_.ref_len);
}

}  // namespace heed::support
