#include "examples/support/program/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "examples/support/process/console.h"

namespace heed::support {
namespace {

using Kind = ProgressOutput::Kind;

constexpr double redraw_seconds = 0.1;
constexpr double plain_seconds = 10;
constexpr int widest_bar = 28;
constexpr int short_bar = 8;

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value && *value) return std::strstr(value, "UTF-8") || std::strstr(value, "utf8");
  }
  return false;
}

int terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// In UTF-8 the bytes 0x80 to 0xBF continue a character; every other byte starts one.
bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

int columns(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), starts_character));
}

// The first `most` characters.
std::string_view cut(std::string_view text, int most) {
  size_t end = 0;
  for (int seen = 0; end < text.size(); ++end) {
    if (starts_character(text[end]) && seen++ == std::max(most, 0)) break;
  }
  return text.substr(0, end);
}

// A note such as "loss 2.1 | grad 0.8 | 210 MB" without its last parts, so that it fits if it can.
std::string_view without_last_parts(std::string_view note, int most) {
  while (columns(note) > most) {
    const size_t end = note.rfind(" | ");
    if (end == std::string_view::npos) break;
    note = note.substr(0, end);
  }
  return note;
}

}  // namespace

ProgressOutput ProgressOutput::detect(bool json) {
  ProgressOutput output;
  const char* term = std::getenv("TERM");
  const bool dumb = term && std::strcmp(term, "dumb") == 0;
  output.kind = json ? Kind::silent : ::isatty(STDERR_FILENO) && !dumb ? Kind::terminal : Kind::plain;
  output.unicode = locale_is_utf8();
  output.width = terminal_width;
  output.write = [](std::string_view text) { inform_text(stderr, text); };
  return output;
}

std::string clock_text(double seconds) {
  const auto s = static_cast<int64_t>(std::clamp(seconds, 0.0, 1e9));
  if (s < 3600) return fmt::format("{}:{:02}", s / 60, s % 60);
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

Progress::Progress(std::string label, int64_t total, ProgressOutput output)
    : label_(std::move(label)), total_(std::max<int64_t>(total, 1)), output_(std::move(output)) {
  start_ = last_ = output_.now();
}

Progress::~Progress() {
  if (line_open_) output_.write("\n");
}

void Progress::update(int64_t done, std::string_view note) {
  if (finished_ || output_.kind == Kind::silent) return;
  done_ = std::clamp<int64_t>(done, 0, total_);
  const auto now = output_.now();
  const double since = std::chrono::duration<double>(now - last_).count();
  if (output_.kind == Kind::terminal) {
    if (drawn_ && since < redraw_seconds) return;
    redraw(note);
  } else {
    if (since < plain_seconds) return;
    output_.write(fmt::format("{}  {:3} %  {} left  {}\n", label_, 100 * done_ / total_, time_left(), note));
  }
  drawn_ = true;
  last_ = now;
}

void Progress::finish(std::string_view note) {
  if (finished_) return;
  finished_ = true;
  if (output_.kind == Kind::silent) return;
  const char* clear = line_open_ ? "\r\x1b[K" : "";
  line_open_ = false;
  output_.write(fmt::format("{}{}  {}  {}\n", clear, label_, clock_text(seconds()), note));
}

double Progress::seconds() const { return std::chrono::duration<double>(output_.now() - start_).count(); }

std::string Progress::time_left() const {
  if (done_ == 0) return "-:--";
  return clock_text(seconds() * static_cast<double>(total_ - done_) / static_cast<double>(done_));
}

// Label, percentage and time left always stay. The note gives way until a short bar has room, then the bar,
// and what is still too long is cut, because a line that wraps cannot be redrawn.
void Progress::redraw(std::string_view note) {
  const int width = std::max(output_.width() - 1, 10);
  const std::string figures = fmt::format("{:3} %  {} left", 100 * done_ / total_, time_left());
  const int fixed = columns(label_) + columns(figures) + 6;
  note = without_last_parts(note, width - fixed - short_bar);
  const int taken = fixed + columns(note);
  const int cells = std::min(widest_bar, width - taken);
  std::string line = label_ + "  ";
  if (cells >= 5) line += bar(cells) + "  ";
  line += fmt::format("{}  {}", figures, note);
  output_.write(fmt::format("\r{}\x1b[K", cut(line, width)));
  line_open_ = true;
}

std::string Progress::bar(int cells) const {
  static constexpr const char* eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int64_t filled = done_ * cells * 8 / total_;
  std::string text;
  for (int64_t cell = 0; cell < cells; ++cell) {
    const int64_t part = std::clamp<int64_t>(filled - cell * 8, 0, 8);
    if (output_.unicode) {
      text += part == 8 ? "█" : eighths[part];
    } else {
      text += part == 8 ? '#' : '.';
    }
  }
  return text;
}

}  // namespace heed::support
