#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "autograd/atomic_file.h"
#include "examples/translate/checkpoint.h"
#include "examples/translate/commands.h"
#include "examples/translate/decode_flags.h"
#include "examples/translate/evaluate.h"

namespace heed::translate {
namespace {

struct EvalFlags : DecodeFlags {
  std::string data, split = "valid", output;
  bool json = false;
};

int evaluate(const EvalFlags& flags) {
  const LoadedRun run = load_run(flags.run, flags.checkpoint);
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

}  // namespace

std::function<int()> add_eval(CLI::App& app) {
  auto flags = std::make_shared<EvalFlags>();
  CLI::App* command = app.add_subcommand("eval", "BLEU, perplexity and speed of a trained run on a split");
  add_decode_flags(*command, *flags);
  command->add_option("--data", flags->data, "corpus; that of the training unless given");
  command->add_option("--split", flags->split, "valid, test, test2016, ..")->capture_default_str();
  command->add_option("--output", flags->output, "write the translations to this file");
  command->add_flag("--json", flags->json, "one JSON object on stdout");
  return [flags] { return evaluate(*flags); };
}

}  // namespace heed::translate
