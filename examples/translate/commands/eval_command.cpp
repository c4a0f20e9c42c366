#include "examples/translate/commands/eval_command.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "autograd/files/atomic_file.h"
#include "examples/support/process/console.h"
#include "examples/support/program/json_file.h"
#include "examples/support/text/text.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/commands/measures.h"

namespace heed::translate {

namespace {

struct Result {
  Perplexity perplexity;
  support::Bleu bleu;
  size_t sentences = 0;  // that both were judged by
  double sentences_per_second = 0;
};

// Every line of the split: also those with an empty side, which cannot be judged, but belong into the output.
support::ParallelText all_lines(const EvalFlags& flags, const Options& trained) {
  support::ReadOptions reading = trained.reading();
  reading.keep_empty = true;
  if (!flags.data.empty() && support::saved_path(flags.data) != trained.data) reading.columns.clear();
  if (!flags.columns.empty()) reading.columns = flags.columns;
  const std::string& data = flags.data.empty() ? trained.data : flags.data;
  support::ParallelText text =
      support::load_split(data, flags.split, trained.source, trained.target, reading);
  if (!text.columns.empty() && !flags.json) support::inform(stderr, "{}: {}\n", data, text.columns);
  return text;
}

Result judge(const LoadedRun& run, const support::ParallelText& text,
             const std::vector<Translation>& translations, ThreadPool& pool) {
  Result result;
  const support::ParallelText whole = support::without_empty(text);
  result.perplexity = perplexity(*run.model, run.text.encode_source(whole.source),
                                 run.text.encode_target(whole.target), pool);
  result.sentences = whole.source.size();
  for (size_t i = 0; i < translations.size(); ++i)
    if (!support::split_words(text.source[i]).empty() && !support::split_words(text.target[i]).empty())
      result.bleu.add(translations[i].text, {text.target[i]});
  return result;
}

void print(const EvalFlags& flags, const Result& result, size_t lines) {
  if (flags.json) {
    fmt::print("{}\n", support::json_line({{"split", flags.split},
                                           {"bleu", 100 * result.bleu.score()},
                                           {"perplexity", result.perplexity.value()},
                                           {"beam", flags.decode.beam},
                                           {"sentences", result.sentences},
                                           {"lines", lines},
                                           {"sentences_per_second", result.sentences_per_second}}));
    return;
  }
  fmt::print("{}{}\n", result.bleu.line(), result.bleu.why_zero());
  fmt::print(
      "{}: {} sentences, beam {}, perplexity {:.2f} (teacher-forced), {:.1f} sentences/s on {} threads\n",
      flags.split, result.sentences, flags.decode.beam, result.perplexity.value(),
      result.sentences_per_second, flags.threads);
  if (lines > result.sentences)
    fmt::print("{} more lines have an empty side and are not judged\n", lines - result.sentences);
}

}  // namespace

int evaluate(const EvalFlags& flags) {
  const LoadedRun run = load_run(flags);
  const support::ParallelText text = all_lines(flags, run.options);
  ThreadPool pool(flags.threads);
  const auto start = std::chrono::steady_clock::now();
  DecodeOptions decode = flags.decode;
  decode.weights = false;
  const auto translations = translate(*run.model, run.text, text.source, decode, pool);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!flags.output.empty()) {
    std::string lines;
    for (const Translation& t : translations) lines += t.text + "\n";
    write_file_atomically(flags.output, lines);
  }
  Result result = judge(run, text, translations, pool);
  result.sentences_per_second = static_cast<double>(translations.size()) / seconds;
  print(flags, result, translations.size());
  return 0;
}

}  // namespace heed::translate
