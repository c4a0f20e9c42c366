#include "examples/translate/translation_report.h"

#include <fmt/format.h>

#include "examples/support/align_print.h"
#include "examples/support/text.h"

namespace heed::translate {
namespace {

constexpr const char* kEnd = "</s>";

// The value of `key` over the epochs; epochs without it are left out.
support::Curve curve(const std::string& name, const std::string& key,
                     const std::vector<nlohmann::json>& metrics) {
  support::Curve result{name, {}};
  for (const auto& line : metrics)
    if (line.contains(key) && line[key].is_number())
      result.points.emplace_back(line["epoch"].get<double>(), line[key].get<double>());
  return result;
}

// {"a": {"b": 1}} -> ("a.b", "1")
void flatten(const nlohmann::json& value, const std::string& name,
             std::vector<std::pair<std::string, std::string>>& rows) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items())
      flatten(inner, name.empty() ? key : name + "." + key, rows);
  } else {
    rows.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

std::vector<std::string> with_end(std::vector<std::string> words) {
  words.push_back(kEnd);
  return words;
}

}  // namespace

support::Translation report_sentence(const Translation& t, const std::string& reference,
                                     const TextModel& text) {
  support::Translation shown;
  shown.source = with_end(t.source_tokens);
  shown.reference = support::split_words(reference);
  shown.hypothesis = t.tokens;
  if (t.alpha.size() > t.tokens.size()) shown.hypothesis.push_back(kEnd);
  shown.weights = t.alpha;
  for (size_t i = 0; i < t.source_tokens.size(); ++i)
    if (text.source.id(t.source_tokens[i]) == support::Vocabulary::unknown)
      shown.unknown_source.push_back(static_cast<int>(i));
  for (size_t i = 0; i < t.replaced.size(); ++i)
    if (t.replaced[i]) shown.replaced.push_back(static_cast<int>(i));
  return shown;
}

support::Report make_report(const TrainOptions& options, const std::vector<nlohmann::json>& metrics,
                            const std::vector<Translation>& samples,
                            const std::vector<std::string>& references, const TextModel& text) {
  support::Report report;
  report.title = fmt::format("{} to {}: {}, {}", options.source, options.target, options.model.model,
                             options.model.cell);
  report.summary =
      "Curves of the training run, and where the decoder looked while it translated validation sentences "
      "(greedy, free-running).";
  if (!metrics.empty()) {
    const auto& last = metrics.back();
    const auto figure = [&](const char* key, const char* label, const char* format) {
      if (last.contains(key) && last[key].is_number())
        report.headline.emplace_back(label, fmt::format(fmt::runtime(format), last[key].get<double>()));
    };
    figure("epoch", "epoch", "{:.0f}");
    figure("valid_bleu", "validation BLEU", "{:.2f}");
    figure("valid_ppl", "validation perplexity", "{:.2f}");
    figure("words_per_second", "words per second", "{:.0f}");
    figure("seconds", "seconds", "{:.0f}");
  }
  flatten(to_settings(options), "", report.settings);
  report.curves = {
      curve("perplexity/train", "train_ppl", metrics), curve("perplexity/valid", "valid_ppl", metrics),
      curve("BLEU/valid", "valid_bleu", metrics), curve("learning rate/rate", "learning_rate", metrics)};
  const size_t step = std::max<size_t>(samples.size() / 16, 1);
  for (size_t i = 0; i < samples.size() && report.translations.size() < 16; i += step)
    report.translations.push_back(report_sentence(samples[i], references[i], text));
  return report;
}

std::string alignment_text(const Translation& t, size_t width) {
  std::vector<std::string> target = t.tokens;
  if (t.alpha.size() > target.size()) target.push_back(kEnd);
  std::vector<double> weights;
  for (const auto& row : t.alpha) weights.insert(weights.end(), row.begin(), row.end());
  support::AlignmentStyle style;
  style.width = width;
  return support::print_alignment(with_end(t.source_tokens), target, weights, style);
}

}  // namespace heed::translate
