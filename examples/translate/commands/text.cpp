#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "examples/support/text/text.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/commands/commands.h"
#include "examples/translate/commands/decode_flags.h"
#include "examples/translate/commands/translation_report.h"

namespace heed::translate {
namespace {

size_t terminal_width() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 100;
}

void show(const Translation& t, const TextFlags& flags) {
  fmt::print("{}\n", t.text);
  if (flags.align && !t.alpha.empty()) fmt::print("{}\n", alignment_text(t, terminal_width()));
}

}  // namespace

int translate_text(const TextFlags& flags) {
  const LoadedRun run = load_run(flags.run, flags.checkpoint);
  if (flags.align && run.options.model.model == "fixed")
    fmt::print(stderr, "this run has one fixed context and no attention: there is no alignment to print\n");
  ThreadPool pool(flags.threads);
  support::Report report;
  report.title = fmt::format("{} to {}", run.options.source, run.options.target);
  report.summary = fmt::format("Translations by {}, beam {}.", flags.run, flags.decode.beam);
  const bool at_once =
      isatty(STDIN_FILENO);  // a person waits for each answer; a file is translated in parallel
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
    if (const auto bad = support::invalid_utf8(line)) {
      flush();
      throw Error(
          "standard input, line {}, byte {}: 0x{:02x} is not valid UTF-8; the lines before it are translated",
          number, *bad + 1, static_cast<unsigned char>(line[*bad]));
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
    if (at_once || lines.size() >= 512) flush();
  }
  flush();
  if (number == 0) throw Error("standard input is empty; give one sentence a line");
  if (!flags.html.empty()) support::write_report(flags.html, report);
  return 0;
}

}  // namespace heed::translate
