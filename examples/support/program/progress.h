// What long work shows while it runs. On a terminal: one line that redraws itself, with a bar and the time
// left. Elsewhere (a log file, CI): a plain line now and then and one at the end. With --json: nothing,
// because the program then prints its own lines. Everything goes to stderr, so that stdout stays clean for
// results.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace heed::support {

// Where and how to draw. detect() looks at stderr; tests make their own.
struct ProgressOutput {
  enum class Kind { terminal, plain, silent };
  using Clock = std::chrono::steady_clock;

  Kind kind = Kind::plain;
  bool unicode = false;                         // smooth bar of block characters, else of '#'
  std::function<int()> width;                   // columns of the terminal, asked at every redraw
  std::function<void(std::string_view)> write;  // receives whole lines or redraws
  std::function<Clock::time_point()> now = Clock::now;

  static ProgressOutput detect(bool json = false);
};

// One piece of work of `total` units, for instance the batches of an epoch.
//
//   Progress bar("epoch 3/20", batches.size());
//   bar.update(done, "loss 2.31 | 12.3k tok/s | grad 0.8 | 210 MB");   // draws at most 10 times a second
//   bar.finish("loss 2.20 | valid ppl 7.4 | BLEU 31.2");
class Progress {
 public:
  Progress(std::string label, int64_t total, ProgressOutput output = ProgressOutput::detect());
  // Work that ends by an exception leaves its last line standing, and the cursor below it.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(int64_t done, std::string_view note = {});
  void finish(std::string_view note = {});

 private:
  double seconds() const;
  void redraw(std::string_view note);
  std::string bar(int cells) const;
  std::string time_left() const;

  std::string label_;
  int64_t total_, done_ = 0;
  ProgressOutput output_;
  ProgressOutput::Clock::time_point start_, last_;
  bool line_open_ = false, drawn_ = false, finished_ = false;
};

// 7 -> "0:07", 83 -> "1:23", 3700 -> "1:01:40".
std::string clock_text(double seconds);

}  // namespace heed::support
