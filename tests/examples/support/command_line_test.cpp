#include "examples/support/program/command_line.h"

#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <stdexcept>

#include "examples/support/process/interrupt.h"
#include "examples/support/program/nearest.h"
#include "tests/catch.hpp"

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;

namespace {

// What a stream (1: stdout, 2: stderr) received while this lived.
class Capture {
 public:
  explicit Capture(int stream) : stream_(stream), file_(std::tmpfile()), saved_(::dup(stream)) {
    flush();
    ::dup2(::fileno(file_), stream_);
  }
  ~Capture() {
    flush();
    ::dup2(saved_, stream_);
    ::close(saved_);
    std::fclose(file_);
  }
  std::string text() {
    flush();
    std::string result(static_cast<size_t>(::lseek(::fileno(file_), 0, SEEK_END)), '\0');
    REQUIRE(::pread(::fileno(file_), result.data(), result.size(), 0) == static_cast<ssize_t>(result.size()));
    return result;
  }

 private:
  static void flush() {
    std::fflush(stdout);
    std::cout.flush();
  }
  int stream_;
  std::FILE* file_;
  int saved_;
};

struct Result {
  int code;
  std::string out, err;
};

// A program like translate: two commands, one of them with flags.
Result run(
    std::vector<std::string> words, std::function<int()> body = [] { return 0; }) {
  Program program("A program for the tests");
  int epochs = 1;
  double rate = 0.5;
  std::string data, cell = "gru";
  Command train = program.command("train", "train a model");
  program.command("eval", "evaluate a model");
  train.whole("--epochs", epochs, 1, any_whole, "rounds over the data");
  train.real("--rate", rate, 0, 1, "learning rate");
  train.text("--data", data, "where the data is").required();
  train.choice("--cell", cell, {"gru", "lstm"}, "the cell");
  words.insert(words.begin(), "/usr/bin/program");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  Capture out(1), err(2);
  const int code = program.run(static_cast<int>(argv.size()), argv.data(), body);
  return {code, out.text(), err.text()};
}

}  // namespace

TEST_CASE("a misspelt flag is answered with the right one", "[command_line]") {
  const Result result = run({"train", "--data", "x", "--epoch", "3"});
  CHECK(result.code == 2);
  CHECK(result.err == "error: unknown flag --epoch; did you mean --epochs?\ntry: program train --help\n");
  // --data is missing here too, but only because of the slip.
  CHECK_THAT(run({"train", "--dta=x"}).err, ContainsSubstring("unknown flag --dta; did you mean --data?"));
  CHECK_THAT(run({"train", "--data", "x", "--zzzzzzzz"}).err, ContainsSubstring("unknown flag --zzzzzzzz\n"));
  CHECK(run({"train", "--data", "x", "--" + std::string(100000, 'a')}).code == 2);
}

TEST_CASE("a misspelt or missing command is answered with the right ones", "[command_line]") {
  const Result result = run({"trian"});
  CHECK(result.code == 2);
  CHECK_THAT(result.err, ContainsSubstring("unknown command trian; did you mean train?"));
  CHECK_THAT(run({}).err, ContainsSubstring("which command? One of: train, eval"));
  CHECK_THAT(run({"train", "--data", "x", "stray"}).err, ContainsSubstring("unexpected argument stray"));
}

TEST_CASE("a bad choice or number is wrong usage", "[command_line]") {
  const Result result = run({"train", "--data", "x", "--cell", "ltsm"});
  CHECK(result.code == 2);
  CHECK_THAT(result.err, ContainsSubstring("--cell: there is no 'ltsm' (one of: gru, lstm); did you mean lstm?"));
  CHECK(run({"train", "--data", "x", "--epochs", "many"}).code == 2);
  CHECK_THAT(run({"train", "--data", "x", "--epochs", "0"}).err,
             ContainsSubstring("--epochs: '0' was given, but a whole number is expected: 1 or more"));
  CHECK_THAT(run({"train", "--data", "x", "--epochs", "99999999999"}).err,
             ContainsSubstring("'99999999999' is too large"));
  CHECK_THAT(run({"train", "--data", "x", "--rate", "nan"}).err,
             ContainsSubstring("'nan' was given, but a number is expected: 0 to 1"));
  CHECK(run({"train", "--data", "x", "--cell", "lstm", "--cell", "gru"}).code == 0);  // the last counts
  CHECK_THAT(run({"train"}).err, ContainsSubstring("--data is required"));
}

TEST_CASE("help and version are answers, not errors", "[command_line]") {
  const Result help = run({"train", "--help"});
  CHECK(help.code == 0);
  CHECK_THAT(help.out, ContainsSubstring("--epochs") && ContainsSubstring("gru, lstm"));
  CHECK(help.err.empty());
  const Result version = run({"--version"});
  CHECK(version.code == 0);
  CHECK(version.out == "program (heed " HEED_VERSION ")\n");
}

TEST_CASE("each end has its exit code", "[command_line]") {
  const std::vector<std::string> good = {"train", "--data", "x"};
  CHECK(run(good).code == 0);
  CHECK(run(good, [] { return 1; }).code == 1);
  const Result failed = run(good, []() -> int { throw heed::Error("no such corpus: {}", "x"); });
  CHECK(failed.code == 1);
  CHECK(failed.err == "error: no such corpus: x\n");
  CHECK(run(good, []() -> int { throw std::runtime_error("r"); }).err == "error: r\n");
  CHECK_THAT(run(good, []() -> int { throw std::bad_alloc(); }).err, ContainsSubstring("out of memory"));
  const Result stopped = run(good, []() -> int { throw Interrupted(); });
  CHECK(stopped.code == 130);
  CHECK(stopped.err.empty());
}

TEST_CASE("the distance between words counts slips of the finger", "[command_line]") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("trian", "train") == 1);
  CHECK(edit_distance("same", "same") == 0);
  CHECK(nearest("--cel", {"--seed", "--cell", "--cold"}) == "--cell");
  CHECK(nearest("--max", {"--beam", "--max-length"}) == "--max-length");
  CHECK(nearest("xyz", {"train", "eval"}).empty());
  CHECK(nearest("x", {}).empty());
}
