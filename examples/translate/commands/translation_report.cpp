#include "examples/translate/commands/translation_report.h"

#include <fmt/format.h>

#include "examples/support/report/align_print.h"
#include "examples/support/report/report_run.h"
#include "examples/support/text/text.h"

namespace heed::translate {
namespace {

constexpr const char* kEnd = "</s>";

std::vector<std::string> with_end(std::vector<std::string> words) {
  words.push_back(kEnd);
  return words;
}

}  // namespace

support::Translation report_sentence(const Translation& t, const std::string& reference, const TextModel& text) {
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

support::Report make_report(const Options& options, const std::vector<nlohmann::json>& metrics,
                            const std::vector<Translation>& samples, const std::vector<std::string>& references,
                            const TextModel& text) {
  support::Report report;
  report.title = fmt::format("{} to {}: {}, {}", options.source, options.target,
                             name_of(model_kinds, options.model.model), options.model.cell);
  report.summary =
      "Curves of the training run, and where the decoder looked while it translated validation sentences "
      "(greedy, free-running).";
  support::add_headline(report, metrics, "epoch", "epoch", 0);
  support::add_headline(report, metrics, "valid_bleu", "validation BLEU", 2);
  support::add_headline(report, metrics, "valid_ppl", "validation perplexity", 2);
  support::add_headline(report, metrics, "words_per_second", "words per second", 0);
  support::add_headline(report, metrics, "seconds", "seconds", 0);
  report.curves = {support::metric_curve("perplexity/train", "train_ppl", metrics),
                   support::metric_curve("perplexity/valid", "valid_ppl", metrics),
                   support::metric_curve("BLEU/valid", "valid_bleu", metrics),
                   support::metric_curve("learning rate/rate", "learning_rate", metrics)};
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
