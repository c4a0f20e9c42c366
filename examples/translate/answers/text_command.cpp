#include "examples/translate/answers/text_command.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

#include "examples/support/process/console.h"
#include "examples/support/process/lines.h"
#include "examples/support/program/json_file.h"
#include "examples/support/report/report.h"
#include "examples/support/text/text.h"
#include "examples/translate/answers/answers.h"
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
      : run_(run),
        flags_(flags),
        decode_(with_shortlist(flags.decode, flags.runs.front(), run)),
        pool_(flags.threads) {
    decode_.weights = flags.align || flags.links || !flags.html.empty();
    decode_.best = std::max<int64_t>(flags.nbest, 1);
    report_.title = fmt::format("{} to {}", run.options.source, run.options.target);
    report_.summary = fmt::format("Translations by {}, beam {}.", flags.name(), flags.decode.beam);
  }

  void take(std::string line) {
    ++number_;
    if (const auto bad = support::invalid_utf8(line)) {
      flush();
      throw Error("standard input, line {}, byte {}: 0x{:02x} is not valid UTF-8; the lines before it are translated",
                  number_, *bad + 1, static_cast<unsigned char>(line[*bad]));
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (flags_.json) written_.push_back(line);
    lines_.push_back(run_.options.read_source(line));
    if (lines_.size() >= at_once) flush();
  }

  void flush() {
    const auto found = best_translations(run_.models(), run_.text, lines_, decode_, pool_);
    for (size_t i = 0; i < found.size(); ++i) {
      print(answered_++, found[i], flags_.json ? written_[i] : "");
      if (!flags_.html.empty()) report_.translations.push_back(report_sentence(found[i].front(), "", run_.text));
    }
    if (std::fflush(stdout) != 0)  // nobody reads what is still to come
      throw Error("the translations could not be written: {}", std::strerror(errno));
    lines_.clear();
    written_.clear();
  }

  void finish() {
    flush();
    if (number_ == 0) throw Error("standard input is empty; give one sentence a line");
    if (!flags_.html.empty()) support::write_report(flags_.html, report_);
  }

 private:
  static constexpr size_t at_once = 512;

  // Lines are counted from 0.
  void print(int64_t line, const std::vector<Translation>& found, const std::string& written) const {
    const AnswerForm form{flags_.detokenize && !flags_.links, flags_.links, flags_.nbest > 0};
    if (flags_.json) {
      const auto object = answer_json(line + 1, written, found, form, flags_.align, run_.options, run_.text);
      fmt::print("{}\n", support::json_line(object));
    } else if (flags_.nbest > 0) {
      fmt::print("{}", nbest_lines(line, found, form, run_.options, run_.text));
    } else {
      fmt::print("{}\n", answer(found.front(), form, run_.options, run_.text));
      if (flags_.align && !found.front().alpha.empty())
        fmt::print("{}\n", alignment_text(found.front(), terminal_width()));
    }
  }

  const LoadedRun& run_;
  const TextFlags& flags_;
  DecodeOptions decode_;
  ThreadPool pool_;
  support::Report report_;
  std::vector<std::string> lines_, written_;  // as the model reads them, and as they came
  int64_t number_ = 0, answered_ = 0;
};

void check(const TextFlags& flags) {
  if (flags.nbest > flags.decode.beam)
    throw support::WrongUsage("--nbest {} needs a --beam of at least {}; it is {}", flags.nbest, flags.nbest,
                              flags.decode.beam);
  if (flags.nbest > 0 && flags.align && !flags.json)
    throw support::WrongUsage("--nbest has no room for the picture of --align; take --links, or --json");
  if (flags.decode.reading == support::Reading::sample)
    throw support::WrongUsage("--reading sample is for captions; a translation is read by expectation or argmax");
}

}  // namespace

int translate_text(const TextFlags& flags) {
  check(flags);
  const LoadedRun run = load_runs(flags);
  const bool fixed = run.options.model.model == ModelKind::fixed;
  if (flags.links && fixed && run.others.empty())
    throw support::WrongUsage("--links: this run has one fixed context and no attention, so there are no links");
  if (flags.align && fixed && run.others.empty())
    support::inform(stderr, "this run has one fixed context and no attention: there is no alignment to print\n");
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
