// Signals, streams that cannot be written, and too little of what a process needs.
#include <chrono>
#include <thread>

#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

namespace {

// A shell line in which $T is the program and $TRAIN the words that train a small run in run/.
Outcome shell(const TemporaryDirectory& shop, const std::string& line, const Words& flags = {}) {
  std::string words;
  for (const std::string& word : train("run", flags)) words += word + " ";
  return run(shop, {"bash", "-c", "T=" + translate + "; TRAIN='" + words + "'; " + line});
}

// Many sentences to validate, few to learn from.
void write_long_validation(const TemporaryDirectory& shop) {
  write_corpus(shop, "data", 20);
  std::string source, target;
  for (int i = 0; i < 20000; ++i) {
    source += "a b c d e f g h\n";
    target += "H G F E D C B A\n";
  }
  shop.write("data/valid.en", source);
  shop.write("data/valid.de", target);
}

}  // namespace

TEST_CASE("a reader of the log that is gone does not keep a run from being saved", "[translate][stop]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 6000);
  for (const auto& [signal, code] : {std::pair{"INT", 130}, {"TERM", 143}, {"HUP", 129}}) {
    const Outcome outcome = shell(shop,
                                  "exec 3> >(exec sleep 0.01); $TRAIN --overwrite --epochs 50 >&3 2>&1 & sleep 0.7;"
                                  "kill -" +
                                      std::string(signal) + " $!; wait $!; echo code $?");
    CHECK_THAT(outcome.said, ContainsSubstring("code " + std::to_string(code)));
    CHECK_NOTHROW(load_tensors(shop / "run/last.safetensors"));
  }
}

TEST_CASE("a run goes on where neither stdout nor stderr can be written", "[translate][stop]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("whole")).code == 0);
  for (const char* where :
       {"2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full", ">/dev/full", ">/dev/full 2>&1 --json"}) {
    INFO(where);
    CHECK_THAT(shell(shop, "($TRAIN --overwrite " + std::string(where) + "); echo code $?").said,
               ContainsSubstring("code 0"));
    CHECK((result_of(shop, "run") == result_of(shop, "whole")));
  }
}

TEST_CASE("a limit of files or of time stops a run as any other reason, and what is there stays",
          "[translate][stop]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  const Outcome small = shell(shop, "(ulimit -f 8; $TRAIN); echo code $?");
  CHECK_THAT(small.said, ContainsSubstring("File too large") && ContainsSubstring("code 1"));
  write_corpus(shop, "data", 6000);
  for (const auto& [signal, code] : {std::pair{"XCPU", 152}, {"USR2", 140}}) {
    const Outcome outcome = shell(shop, "$TRAIN --overwrite --epochs 50 2>/dev/null & sleep 0.7; kill -" +
                                            std::string(signal) + " $!; wait $!; echo code $?");
    CHECK_THAT(outcome.said, ContainsSubstring("code " + std::to_string(code)));
    CHECK_NOTHROW(load_tensors(shop / "run/last.safetensors"));
  }
}

TEST_CASE("a pipe is no corpus, and a run has begun as it has begun", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  const Outcome pipe = shell(shop, "yes 'a\tb' | head -n 100 | $TRAIN --data /dev/stdin; echo code $?");
  CHECK_THAT(pipe.said, ContainsSubstring("/dev/stdin is a pipe") && ContainsSubstring("code 1"));
  const Outcome named = shell(shop, "mkfifo fifo.tsv; timeout 20 $TRAIN --data fifo.tsv; echo code $?");
  CHECK_THAT(named.said, ContainsSubstring("fifo.tsv is a pipe") && ContainsSubstring("code 1"));
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  const std::string before = bytes_of(shop / "run/run.json");
  const Outcome other = run(shop, {translate, "train", "--out", "run", "--resume", "--start", "nowhere"});
  CHECK(other.code == 2);
  CHECK_THAT(other.said, ContainsSubstring("--start is for a run that begins"));
  CHECK(bytes_of(shop / "run/run.json") == before);
}

TEST_CASE("a result that cannot be written is a failure", "[translate][stop]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run")).code == 0);
  for (const char* line :
       {"echo a b | $T text --run run >/dev/full", "echo a b | $T text --run run >&-",
        "$T eval --run run --beam 1 >/dev/full", "$T eval --run run --beam 1 >&-",
        "$T eval --run run --beam 1 --output /dev/full >/dev/null", "$T --help >/dev/full",
        "$T shortlist --run run >/dev/full", "$TRAIN --out other --cost >/dev/full",
        "$TRAIN --out other --estimate >/dev/full", "$T average --run run --run run --out mean --json >/dev/full"}) {
    const Outcome outcome = shell(shop, "(" + std::string(line) + "); echo code $?");
    INFO(line);
    CHECK_THAT(outcome.said, ContainsSubstring("error: ") && ContainsSubstring("code 1"));
  }
  const Outcome unread = shell(shop,
                               "timeout 20 bash -c \"yes a b | $T text --run run --threads 1 | head -n 1 "
                               ">&2; echo code \\${PIPESTATUS[1]}\"");
  CHECK_THAT(unread.said, ContainsSubstring("error: ") && ContainsSubstring("code 1"));
  const Outcome piped = shell(shop, "$T eval --run run --beam 1 --output /dev/stdout | grep -c .");
  CHECK_THAT(piped.said, ContainsSubstring("14"));  // 10 translations and four lines of figures
}

TEST_CASE("validation ends soon after a signal, and is done again", "[translate][stop]") {
  const TemporaryDirectory shop;
  write_long_validation(shop);
  const Words flags = {"--epochs", "1", "--hidden", "96"};
  REQUIRE(run(shop, train("whole", flags)).code == 0);
  const Running running(shop, train("run", flags));
  while (!std::filesystem::exists(shop / "run/last.safetensors"))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto start = std::chrono::steady_clock::now();
  running.send(SIGTERM);
  const Outcome outcome = running.wait();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  CHECK(outcome.code == 143);
  CHECK_THAT(outcome.said, ContainsSubstring("stopped at step 2, in epoch 1; all is saved"));
  CHECK(seconds.count() < 2);
  CHECK_FALSE(std::filesystem::exists(shop / "run/metrics.jsonl"));
  CHECK(run(shop, {translate, "train", "--out", "run", "--resume"}).code == 0);
  CHECK((result_of(shop, "run") == result_of(shop, "whole")));
}

TEST_CASE("too little address space is an error at once", "[translate][stop]") {
#ifdef __SANITIZE_ADDRESS__
  return;  // it takes terabytes
#endif
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  for (const char* megabytes : {"80", "120", "200", "300"}) {
    const auto start = std::chrono::steady_clock::now();
    const Outcome outcome =
        shell(shop, "ulimit -v $((" + std::string(megabytes) + " * 1024)); timeout -k 1 20 $TRAIN; echo code $?");
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    INFO(megabytes);
    // Below what the program itself takes, it is the system that refuses it; the last is enough for one thread.
    CHECK_THAT(outcome.said,
               (ContainsSubstring("error: matrix product: not enough memory") && ContainsSubstring("code 1\n")) ||
                   ContainsSubstring("code 127") ||
                   ContainsSubstring(std::string(megabytes) == "300" ? "code 0\n" : "code 127"));
    CHECK(seconds.count() < 5);
  }
}

TEST_CASE("no name of a folder ends a program by an abort", "[translate][stop]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  const std::string longest(300, 'x');
  for (const char* flags : {"", "--resume", "--overwrite"}) {
    const Outcome outcome = shell(shop, "$TRAIN --out " + longest + " " + flags + "; echo code $?");
    CHECK_THAT(outcome.said, ContainsSubstring("File name too long") && ContainsSubstring("code 1\n"));
  }
  for (const char* words : {"text", "eval"}) {
    const Outcome outcome = shell(shop, "$T " + std::string(words) + " --run " + longest + "; echo code $?");
    CHECK_THAT(outcome.said, ContainsSubstring("File name too long") && ContainsSubstring("code 1\n"));
  }
}

TEST_CASE("a long line takes memory in proportion, or is refused", "[translate][stop][slow]") {
#ifdef __SANITIZE_ADDRESS__
  return;
#endif
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run")).code == 0);
  const std::string line = "for i in $(seq 300); do printf 'a '; done > long; ulimit -v 600000;";
  const std::string search = line + "$T text --run run --threads 1 --beam 200 ";
  CHECK_THAT(shell(shop, search + "< long > found; echo code $?").said, ContainsSubstring("code 0"));
  const Outcome aligned = shell(shop, search + "--html x.html < long; echo code $?");
  CHECK_THAT(aligned.said, ContainsSubstring("lines of up to 300 words") && ContainsSubstring("code 1"));
}
