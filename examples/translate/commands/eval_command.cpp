#include "examples/translate/commands/eval_command.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "autograd/files/atomic_file.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/commands/measures.h"

namespace heed::translate {

int evaluate(const EvalFlags& flags) {
  const LoadedRun run = load_run(flags);
  const std::string data = flags.data.empty() ? run.options.data : flags.data;
  const support::ParallelText text =
      support::load_split(data, flags.split, run.options.source, run.options.target);
  ThreadPool pool(flags.threads);
  const Perplexity ppl =
      perplexity(*run.model, run.text.encode_source(text.source), run.text.encode_target(text.target), pool);
  const auto start = std::chrono::steady_clock::now();
  const auto translations = translate(*run.model, run.text, text.source, flags.decode, pool);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const support::Bleu score = bleu(translations, text.target);
  const double rate = static_cast<double>(translations.size()) / seconds;
  if (!flags.output.empty()) {
    std::string lines;
    for (const Translation& t : translations) lines += t.text + "\n";
    write_file_atomically(flags.output, lines);
  }
  if (flags.json) {
    fmt::print("{}\n", nlohmann::json{{"split", flags.split},
                                      {"bleu", 100 * score.score()},
                                      {"perplexity", ppl.value()},
                                      {"beam", flags.decode.beam},
                                      {"sentences", translations.size()},
                                      {"sentences_per_second", rate}}
                           .dump());
    return 0;
  }
  fmt::print("{}\n", score.line());
  fmt::print(
      "{}: {} sentences, beam {}, perplexity {:.2f} (teacher-forced), {:.1f} sentences/s on {} threads\n",
      flags.split, translations.size(), flags.decode.beam, ppl.value(), rate, flags.threads);
  return 0;
}

}  // namespace heed::translate
