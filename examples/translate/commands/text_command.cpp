#include "examples/translate/commands/text_command.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "examples/support/process/console.h"
#include "examples/support/report/report.h"
#include "examples/support/process/lines.h"
#include "examples/support/text/text.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/commands/translation_report.h"

namespace heed::translate {
namespace {

size_t terminal_width() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 100;
}

// Lines in, lines out. What is there already is translated together, in parallel; then whoever writes the
// lines may be waiting for the answers, so nothing is held back.
class LineTranslator {
 public:
  LineTranslator(const LoadedRun& run, const TextFlags& flags)
      : run_(run), flags_(flags), decode_(flags.decode), pool_(flags.threads) {
    decode_.weights = flags.align || !flags.html.empty();
    report_.title = fmt::format("{} to {}", run.options.source, run.options.target);
    report_.summary = fmt::format("Translations by {}, beam {}.", flags.run, flags.decode.beam);
  }

  void take(std::string line) {
    ++number_;
    if (const auto bad = support::invalid_utf8(line)) {
      flush();
      throw Error(
          "standard input, line {}, byte {}: 0x{:02x} is not valid UTF-8; the lines before it are translated",
          number_, *bad + 1, static_cast<unsigned char>(line[*bad]));
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines_.push_back(run_.options.read_source(line));
    if (lines_.size() >= at_once) flush();
  }

  void flush() {
    for (const Translation& t : translate(*run_.model, run_.text, lines_, decode_, pool_)) {
      fmt::print("{}\n", flags_.detokenize ? run_.options.plain_target(t.text) : t.text);
      if (flags_.align && !t.alpha.empty()) fmt::print("{}\n", alignment_text(t, terminal_width()));
      if (!flags_.html.empty()) report_.translations.push_back(report_sentence(t, "", run_.text));
    }
    if (std::fflush(stdout) != 0)  // nobody reads what is still to come
      throw Error("the translations could not be written: {}", std::strerror(errno));
    lines_.clear();
  }

  void finish() {
    flush();
    if (number_ == 0) throw Error("standard input is empty; give one sentence a line");
    if (!flags_.html.empty()) support::write_report(flags_.html, report_);
  }

 private:
  static constexpr size_t at_once = 512;

  const LoadedRun& run_;
  const TextFlags& flags_;
  DecodeOptions decode_;
  ThreadPool pool_;
  support::Report report_;
  std::vector<std::string> lines_;
  int64_t number_ = 0;
};

}  // namespace

int translate_text(const TextFlags& flags) {
  const LoadedRun run = load_run(flags);
  if (flags.align && run.options.model.model == ModelKind::fixed)
    support::inform(stderr,
                    "this run has one fixed context and no attention: there is no alignment to print\n");
  LineTranslator translator(run, flags);
  support::LineReader input(STDIN_FILENO);
  while (auto line = input.next()) {
    translator.take(std::move(*line));
    if (!input.ready()) translator.flush();
  }
  translator.finish();
  return 0;
}

}  // namespace heed::translate
