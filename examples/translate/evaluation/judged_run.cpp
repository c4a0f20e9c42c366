#include "examples/translate/evaluation/judged_run.h"

#include "examples/support/process/stopwatch.h"
#include "examples/support/text/words/words.h"
#include "examples/translate/evaluation/forced_alignment.h"

namespace heed::translate {
namespace {

void translate_all(JudgedRun& judged, const LoadedRun& run, const SplitText& text, DecodeOptions options,
                   ThreadPool& pool) {
  options.weights = false;
  const support::Stopwatch watch;
  judged.translations = translate(run.models(), run.text, text.lines.source, options, pool);
  judged.sentences_per_second = static_cast<double>(judged.translations.size()) / watch.seconds();
}

TokenPairs tokens_of(const TextModel& text, const support::ParallelText& pairs) {
  TokenPairs tokens{text.encode_source(pairs.source), text.encode_target(pairs.target), {}, {}};
  for (const std::string& line : pairs.source) tokens.source_words.push_back(text.words_of(text.tokens(line)));
  for (const std::string& line : pairs.target) tokens.target_words.push_back(text.words_of(text.tokens(line)));
  return tokens;
}

// What people would read, beside what people have written. If case was taken from the one it is from the other.
void add_plain_bleu(JudgedRun& judged, const Options& options, const SplitText& text) {
  std::vector<support::Bleu13a> sentences;
  for (size_t i = 0; i < text.line_of.size(); ++i)
    sentences.emplace_back(options.text.tokens.lowercase)
        .add(options.plain_target(judged.translations[text.line_of[i]].text), text.references.plain[i]);
  judged.plain_bleu = support::sum_of(sentences);
  judged.plain_band = support::bootstrap(sentences, [](const support::Bleu13a& b) { return 100 * b.score(); });
}

}  // namespace

bool looks_somewhere(const LoadedRun& run) { return run.options.model.model != ModelKind::fixed; }

JudgedRun judge(const LoadedRun& run, const SplitText& text, const DecodeOptions& options, ThreadPool& pool) {
  JudgedRun judged;
  translate_all(judged, run, text, options, pool);
  const std::vector<std::string>& sources = text.whole.source;
  const TokenPairs tokens = tokens_of(run.text, text.whole);
  judged.perplexity = perplexity(run.models(), tokens.sources, tokens.targets, options.reading, pool);
  for (size_t i = 0; i < sources.size(); ++i) {
    const std::string& written = judged.translations[text.line_of[i]].text;
    judged.sentences.add(static_cast<int64_t>(support::split_words(sources[i]).size()), written,
                         text.references.tokens[i]);
    judged.ter.add(written, text.references.tokens[i]);
  }
  judged.bleu = support::sum_of(judged.sentences.bleu);
  judged.chrf = support::sum_of(judged.sentences.chrf);
  if (run.options.text.tokens.tokenize == support::Tokenization::moses) add_plain_bleu(judged, run.options, text);
  if (text.gold.empty() || !looks_somewhere(run)) return judged;
  judged.sentences.alignment = score_alignments(attention_of(*run.model, options.reading), tokens, text.gold, pool);
  judged.alignment = support::sum_of(judged.sentences.alignment);
  return judged;
}

}  // namespace heed::translate
