#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <thread>

#include "examples/support/text.h"
#include "examples/translate/checkpoint.h"
#include "examples/translate/commands.h"
#include "examples/translate/decode.h"
#include "examples/translate/translation_report.h"

namespace heed::translate {
namespace {

struct TextFlags {
  std::string run, html, checkpoint = "best.safetensors";
  DecodeOptions decode;
  bool align = false;
  int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
};

size_t terminal_width() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 100;
}

void show(const Translation& t, const TextFlags& flags) {
  fmt::print("{}\n", t.text);
  if (flags.align && !t.alpha.empty()) fmt::print("{}\n", alignment_text(t, terminal_width()));
}

int translate_input(const TextFlags& flags) {
  const LoadedRun run = load_run(flags.run, flags.checkpoint);
  ThreadPool pool(flags.threads);
  support::Report report;
  report.title = fmt::format("{} to {}", run.options.source, run.options.target);
  report.summary = fmt::format("Translations by {}, beam {}.", flags.run, flags.decode.beam);
  const bool at_once = isatty(STDIN_FILENO);  // a person waits for each answer; a file is translated in parallel
  std::vector<std::string> lines;
  int64_t number = 0;
  const auto flush = [&] {
    for (const Translation& t : translate(*run.model, run.text, lines, flags.decode, pool)) {
      show(t, flags);
      if (!flags.html.empty()) report.translations.push_back(report_sentence(t, "", run.text));
    }
    std::fflush(stdout);
    lines.clear();
  };
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    if (const auto bad = support::invalid_utf8(line))
      throw Error("standard input, line {}: byte {} is not UTF-8", number, *bad + 1);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
    if (at_once || lines.size() >= 512) flush();
  }
  flush();
  if (number == 0) throw Error("standard input is empty; give one sentence a line");
  if (!flags.html.empty()) support::write_report(flags.html, report);
  return 0;
}

}  // namespace

std::function<int()> add_text(CLI::App& app) {
  auto flags = std::make_shared<TextFlags>();
  CLI::App* command = app.add_subcommand("text", "Translate standard input, one sentence a line");
  command->add_option("--run", flags->run, "folder of the run")->required();
  command->add_option("--beam", flags->decode.beam, "width of the search; 1: greedy")->check(CLI::Range(1, 1000))->capture_default_str();
  command->add_option("--length-penalty", flags->decode.length_penalty, "exponent of the length that scores are divided by")->capture_default_str();
  command->add_flag("--align", flags->align, "print where each word looked");
  command->add_option("--html", flags->html, "write a page with the alignments");
  command->add_flag("!--keep-unknown", flags->decode.replace_unknown, "leave <unk> where it is instead of copying the source word");
  command->add_flag("--forbid-unknown", flags->decode.forbid_unknown, "never write <unk>");
  command->add_option("--checkpoint", flags->checkpoint, "file of the run")->capture_default_str();
  command->add_option("--threads", flags->threads)->check(CLI::Range(1, 1024))->capture_default_str();
  return [flags] { return translate_input(*flags); };
}

}  // namespace heed::translate
