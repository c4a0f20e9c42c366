#include "examples/support/measures/bands/by_length.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "examples/support/program/command_line.h"

namespace heed::support {
namespace {

using nlohmann::json;

double bleu_percent(const Bleu& bleu) { return 100 * bleu.score(); }
double chrf_percent(const Chrf& chrf) { return 100 * chrf.score(); }
double error_rate(const AlignmentScore& score) { return score.error_rate(); }

template <class Sentence>
std::vector<Sentence> picked(const std::vector<Sentence>& sentences, const std::vector<size_t>& which) {
  std::vector<Sentence> some;
  for (const size_t i : which) some.push_back(sentences[i]);
  return some;
}

template <class Sentence, class Score>
Figure figure_of(const std::vector<Sentence>& sentences, const std::vector<size_t>& which, Score score) {
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  if (which.empty()) return {nothing, {nothing, nothing}};
  const std::vector<Sentence> some = picked(sentences, which);
  return {score(sum_of(some)), bootstrap(some, score)};
}

template <class Sentence, class Score>
Difference paired(const std::vector<Sentence>& a, const std::vector<Sentence>& b, const std::vector<size_t>& which,
                  Score score) {
  return paired_bootstrap(picked(a, which), picked(b, which), score);
}

std::string cell(const Figure& figure, int digits) {
  if (std::isnan(figure.value)) return "-";
  return fmt::format("{:.{}f} [{:.{}f}, {:.{}f}]", figure.value, digits, figure.band.low, digits, figure.band.high,
                     digits);
}

std::string cell(const Difference& difference, int digits) {
  if (std::isnan(difference.value)) return "-";
  return fmt::format("{:+.{}f} [{:.{}f}, {:.{}f}], p = {:.3f}", difference.value, digits, difference.band.low, digits,
                     difference.band.high, digits, difference.p);
}

void put(json& to, const std::string& name, const Figure& figure) {
  to[name] = figure.value;
  to[name + "_low"] = figure.band.low;
  to[name + "_high"] = figure.band.high;
}

json to_json(const Difference& d) {
  return {{"value", d.value}, {"low", d.band.low}, {"high", d.band.high}, {"p", d.p}};
}

std::string table_line(const std::string& name, const std::string& sentences, const std::string& bleu,
                       const std::string& chrf, const std::string& aer) {
  std::string line = fmt::format("{:>12}  {:>9}  {:<24}  {:<24}  {}", name, sentences, bleu, chrf, aer);
  line.resize(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string table_row(const std::string& name, const Figures& figures) {
  return table_line(name, fmt::format("{}", figures.sentences), cell(figures.bleu, 2), cell(figures.chrf, 2),
                    figures.aer ? cell(*figures.aer, 3) : "");
}

// What `a` is better by, a line for each bin that has sentences.
std::string difference_table(const JudgedSentences& a, const JudgedSentences& b, const std::vector<LengthBin>& bins) {
  std::string text = "difference to the other run:\n";
  for (const LengthBin& bin : bins)
    if (!bin.sentences.empty())
      text += fmt::format("{:>12}  {}\n", bin.name(), difference_line(differences_of(a, b, bin.sentences)));
  return text;
}

}  // namespace

void JudgedSentences::add(int64_t words, const std::string& hypothesis, const std::vector<std::string>& references) {
  length.push_back(words);
  bleu.emplace_back().add(hypothesis, references);
  chrf.emplace_back().add(hypothesis, references);
}

std::string LengthBin::name() const {
  if (!to) return fmt::format("{} and more", from);
  return from == *to ? fmt::format("{}", from) : fmt::format("{}-{}", from, *to);
}

std::vector<LengthBin> bins_of(const std::vector<int64_t>& lengths, const std::vector<int64_t>& ends) {
  std::vector<LengthBin> bins;
  int64_t from = 1;
  for (const int64_t end : ends) {
    bins.push_back({from, end, {}});
    from = end + 1;
  }
  if (std::any_of(lengths.begin(), lengths.end(), [&](int64_t n) { return n >= from; }))
    bins.push_back({from, std::nullopt, {}});
  for (size_t i = 0; i < lengths.size(); ++i)
    for (LengthBin& bin : bins)
      if (!bin.to || lengths[i] <= *bin.to) {
        bin.sentences.push_back(i);
        break;
      }
  return bins;
}

std::vector<int64_t> usual_ends(std::vector<int64_t> lengths) {
  if (lengths.empty()) return {};
  constexpr int64_t most_bins = 8;
  std::sort(lengths.begin(), lengths.end());
  const int64_t reached = std::max<int64_t>(lengths[(lengths.size() - 1) * 98 / 100], 1);
  int64_t width = 1;
  for (int64_t power = 1; width * most_bins < reached; power *= 10)
    for (const int64_t step : {1, 2, 5})
      if (width * most_bins < reached) width = step * power;
  std::vector<int64_t> ends;
  for (int64_t end = width; ends.empty() || ends.back() < reached; end += width) ends.push_back(end);
  return ends;
}

std::vector<int64_t> read_ends(const std::string& text) {
  std::vector<int64_t> ends;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    int64_t value = 0;
    const auto [stop, error] = std::from_chars(at, end, value);
    const bool grows = value > (ends.empty() ? 0 : ends.back());
    if (error != std::errc() || !grows || (stop != end && *stop != ','))
      throw WrongUsage(
          "--bins: '{}' was given, but whole numbers of 1 or more are expected, each larger than the one "
          "before, with commas between, such as 10,20,30",
          text);
    ends.push_back(value);
    if (stop == end) return ends;
    at = stop + 1;
  }
}

std::vector<size_t> all_of(const JudgedSentences& judged) {
  std::vector<size_t> all(judged.length.size());
  std::iota(all.begin(), all.end(), size_t{0});
  return all;
}

Figures figures_of(const JudgedSentences& judged, const std::vector<size_t>& which) {
  Figures figures;
  figures.sentences = static_cast<int64_t>(which.size());
  double words = 0;
  for (const size_t i : which) words += static_cast<double>(judged.length[i]);
  figures.mean_length = words / static_cast<double>(which.size());  // NaN for none
  figures.bleu = figure_of(judged.bleu, which, bleu_percent);
  figures.chrf = figure_of(judged.chrf, which, chrf_percent);
  if (!judged.alignment.empty()) figures.aer = figure_of(judged.alignment, which, error_rate);
  return figures;
}

Differences differences_of(const JudgedSentences& a, const JudgedSentences& b, const std::vector<size_t>& which) {
  Differences differences{
      paired(a.bleu, b.bleu, which, bleu_percent), paired(a.chrf, b.chrf, which, chrf_percent), {}};
  if (!a.alignment.empty() && !b.alignment.empty())
    differences.aer = paired(a.alignment, b.alignment, which, error_rate);
  return differences;
}

std::string length_table(const JudgedSentences& judged, const std::vector<LengthBin>& bins,
                         const JudgedSentences* against) {
  std::string text = table_line("words", "sentences", "BLEU [95 %]", "chrF2", judged.alignment.empty() ? "" : "AER");
  for (const LengthBin& bin : bins) text += table_row(bin.name(), figures_of(judged, bin.sentences));
  text += table_row("all", figures_of(judged, all_of(judged)));
  return against ? text + difference_table(judged, *against, bins) : text;
}

json length_json(const JudgedSentences& judged, const std::vector<LengthBin>& bins, const JudgedSentences* against) {
  json rows = json::array();
  for (const LengthBin& bin : bins) {
    const Figures figures = figures_of(judged, bin.sentences);
    json row{{"from", bin.from}, {"to", nullptr}, {"sentences", figures.sentences}, {"words", figures.mean_length}};
    if (bin.to) row["to"] = *bin.to;
    put(row, "bleu", figures.bleu);
    put(row, "chrf", figures.chrf);
    if (figures.aer) put(row, "aer", *figures.aer);
    if (against && !bin.sentences.empty()) {
      const json differences = difference_json(differences_of(judged, *against, bin.sentences));
      for (const auto& [name, difference] : differences.items()) row[name + "_difference"] = difference;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string difference_line(const Differences& differences) {
  return fmt::format("BLEU {}; chrF2 {}{}", cell(differences.bleu, 2), cell(differences.chrf, 2),
                     differences.aer ? "; AER " + cell(*differences.aer, 3) : "");
}

json difference_json(const Differences& differences) {
  json result{{"bleu", to_json(differences.bleu)}, {"chrf", to_json(differences.chrf)}};
  if (differences.aer) result["aer"] = to_json(*differences.aer);
  return result;
}

}  // namespace heed::support
