#include "examples/support/program/progress.h"

#include <algorithm>
#include <vector>

#include "tests/catch.hpp"

using namespace heed::support;
using Kind = ProgressOutput::Kind;

namespace {

// A terminal or log of `width` columns whose clock the test moves by hand.
struct Screen {
  ProgressOutput output(Kind kind, int width = 80) {
    ProgressOutput result;
    result.kind = kind;
    result.width = [width] { return width; };
    result.write = [this](std::string_view text) { writes.emplace_back(text); };
    result.now = [this] { return ProgressOutput::Clock::time_point(std::chrono::milliseconds(milliseconds)); };
    return result;
  }
  std::vector<std::string> writes;
  int64_t milliseconds = 0;
};

}  // namespace

TEST_CASE("a terminal is redrawn at most ten times a second", "[progress]") {
  Screen screen;
  Progress bar("epoch 1/2", 1000, screen.output(Kind::terminal));
  for (int i = 1; i <= 1000; ++i) {
    screen.milliseconds += 5;
    bar.update(i, "loss 2.31");
  }
  CHECK(screen.writes.size() >= 45);
  CHECK(screen.writes.size() <= 51);
  bar.finish("loss 2.20");
  CHECK(screen.writes.back() == "\r\x1b[Kepoch 1/2  0:05  loss 2.20\n");
  const size_t before = screen.writes.size();
  bar.update(1000, "late");
  bar.finish("twice");
  CHECK(screen.writes.size() == before);
}

TEST_CASE("the line shows the bar, the share and the time left", "[progress]") {
  Screen screen;
  Progress bar("epoch 3/20", 8, screen.output(Kind::terminal));
  screen.milliseconds = 60000;
  bar.update(2, "loss 2");
  CHECK(screen.writes.back() == "\repoch 3/20  #######.....................   25 %  3:00 left  loss 2\x1b[K");
  ProgressOutput smooth = screen.output(Kind::terminal);
  smooth.unicode = true;
  Progress other("x", 3, smooth);
  other.update(1);
  CHECK(screen.writes.back().find("█████████▎") != std::string::npos);
}

TEST_CASE("a line never wraps, however narrow the terminal", "[progress]") {
  for (int width : {1, 20, 33, 60, 200}) {
    Screen screen;
    Progress bar("epoch 3/20", 10, screen.output(Kind::terminal, width));
    bar.update(5, "perte 2,31 é | 12.3k tok/s | grad 0.8 | 210 MB");
    const std::string& line = screen.writes.back();
    const auto characters = std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
    CHECK(characters - 4 <= std::max(width - 1, 10));  // less "\r" and "\x1b[K"
  }
}

TEST_CASE("the last parts of a note give way to a short bar", "[progress]") {
  Screen screen;
  Progress bar("epoch 3/20", 10, screen.output(Kind::terminal, 60));
  bar.update(5, "ppl 9.87 | 12.3k words/s | grad 0.8 | 210 MB");
  const std::string& line = screen.writes.back();
  CHECK(line.find("####") != std::string::npos);
  CHECK(line.find("ppl 9.87") != std::string::npos);
  CHECK(line.find("MB") == std::string::npos);
}

TEST_CASE("a log gets a line every ten seconds and one at the end", "[progress]") {
  Screen screen;
  {
    Progress bar("epoch 1/1", 350, screen.output(Kind::plain));
    for (int i = 1; i <= 350; ++i) {
      screen.milliseconds += 100;
      bar.update(i, "loss 1");
    }
    bar.finish("done");
  }
  REQUIRE(screen.writes.size() == 4);
  CHECK(screen.writes[0] == "epoch 1/1   28 %  0:25 left  loss 1\n");
  CHECK(screen.writes[3] == "epoch 1/1  0:35  done\n");
}

TEST_CASE("silent means silent, and broken-off work closes its line", "[progress]") {
  Screen screen;
  {
    Progress bar("x", 10, screen.output(Kind::silent));
    bar.update(5);
    bar.finish("y");
  }
  CHECK(screen.writes.empty());
  {
    Progress bar("x", 10, screen.output(Kind::terminal));
    bar.update(5);
  }
  CHECK(screen.writes.back() == "\n");
  Progress nothing("empty", 0, screen.output(Kind::terminal));
  nothing.update(0);
  CHECK(screen.writes.back().find("-:--") != std::string::npos);
  CHECK(ProgressOutput::detect(true).kind == Kind::silent);
}

TEST_CASE("times read like a clock", "[progress]") {
  CHECK(clock_text(7.9) == "0:07");
  CHECK(clock_text(83) == "1:23");
  CHECK(clock_text(3700) == "1:01:40");
  CHECK(clock_text(-1) == "0:00");
}
