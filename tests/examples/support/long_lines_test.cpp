// Lines of a million bytes: each reader takes a time that grows with the line, not with its square. The squares took
// half a minute and more for what stands here.
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "autograd/base/error.h"
#include "examples/support/process/lines.h"
#include "examples/support/text/pairs/pairs_table.h"
#include "examples/support/text/subwords/subwords.h"
#include "examples/support/text/text.h"
#include "examples/support/text/text_form.h"
#include "tests/catch.hpp"

using namespace heed::support;
using Strings = std::vector<std::string>;

namespace {

std::string repeated(const std::string& unit, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += unit;
  return text;
}

// Most of it is what sanitizers and other work on the machine may add.
template <class Work>
void check_quick(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  CHECK(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() < 10);
}

}  // namespace

TEST_CASE("a long line that comes in small pieces is read in one go", "[text][long]") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
  constexpr size_t pieces = 200000;
  const std::string piece = "sixteen letters.";
  std::thread writer([&] {
    for (size_t i = 0; i < pieces; ++i)
      if (::send(ends[1], piece.data(), piece.size(), 0) < 0) break;
    ::send(ends[1], "\nlast", 5, 0);
    ::close(ends[1]);
  });
  check_quick([&] {
    LineReader reader(ends[0]);
    CHECK(reader.next() == repeated(piece, pieces * piece.size()));
    CHECK(reader.next() == "last");
    CHECK_FALSE(reader.next());
  });
  writer.join();
  ::close(ends[0]);
}

TEST_CASE("many marks behind one letter are put in order quickly", "[text][long]") {
  if (!has_unicode()) return;
  const TextForm form = TextForm::unicode;
  // Acute is of class 230, grave below of 220: it comes first, and the letter takes the first acute to itself.
  for (const size_t count : {3, 40, 1000})
    CHECK(normal_form("a" + repeated("\u0301\u0316", 4 * count), form) ==
          "á" + repeated("\u0316", 2 * count) + repeated("\u0301", 2 * count - 2));
  // One that has parts itself, and a letter after it.
  const std::string tibetan = repeated("\u0F73", 3 * 40) + "b";
  CHECK(normal_form(tibetan, form) == repeated("\u0F71", 3 * 40) + repeated("\u0F72", 3 * 40) + "b");
  check_quick([&] {
    for (const char* marks : {"\u0301\u0316", "\u0F73"})
      CHECK(without_case("a" + repeated(marks, 1000000), form).size() >= 1000000);
  });
}

TEST_CASE("a long word of characters that no subword knows is cut quickly, and as a short one", "[text][long]") {
  if (!Subwords::available()) return;
  const Subwords model = Subwords::train({"the small cat sleeps", "a cat"}, 20);
  // As often as the line needs to be long: its words do not touch each other.
  const std::string words =
      "the x" + repeated("q\u00e9", 450) + "cat " + repeated("z", 100) + " a" + repeated("zz", 400) + "s";
  const Strings once = model.encode(words);
  Strings often;
  std::string line;
  for (int i = 0; i < 20; ++i) {
    often.insert(often.end(), once.begin(), once.end());
    line += words + " ";
  }
  CHECK(model.encode(line) == often);
  check_quick([&] {
    const std::string word = repeated("xq", 1000000);
    CHECK(join_pieces(model.encode(word)) == word);
  });
}

TEST_CASE("words that are too long for the library's counters are learnt from", "[text][long]") {
  if (!Subwords::available()) return;
  for (const size_t size : {40000, 70000}) {
    const std::string word = repeated("abcde", size);
    const Subwords model = Subwords::train({word, "the cat"}, 20);
    CHECK(join_pieces(model.encode(word)) == word);
  }
}

TEST_CASE("the columns of a very wide table are found quickly", "[text][long]") {
  std::string header, row;
  for (int i = 0; i < 100000; ++i) {
    header += "column_" + std::to_string(i) + "\t";
    row += "a b\t";
  }
  check_quick([&] {
    const PairColumns columns =
        find_columns("wide.tsv", {header + "en\tfr", row + "yes\toui", row + "no\tnon"}, {"en", "fr", ""});
    CHECK(columns.source == 100000);
    CHECK(columns.target == 100001);
  });
}
