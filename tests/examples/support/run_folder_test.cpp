#include "examples/support/program/run_folder.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "autograd/base/error.h"
#include "autograd/base/simd.h"
#include "autograd/kernels/blas.h"
#include "examples/support/program/argv.h"
#include "examples/support/program/json_file.h"
#include "tests/catch.hpp"

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
namespace fs = std::filesystem;
using Mode = RunFolder::Mode;

namespace {

struct Folder {
  Folder() : path(fs::temp_directory_path() / ("heed-run-" + std::to_string(::getpid()))) { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

RunFacts facts() { return {"translate train", "translate train --out x", 7}; }

}  // namespace

TEST_CASE("a run is written and read back", "[run_folder]") {
  Folder folder;
  RunFolder run(folder.path / "a" / "b", Mode::create);
  run.write_settings({{"hidden", 256}, {"name", "broken \xff name"}}, facts());
  run.append_metrics({{"epoch", 1}, {"loss", 2.5}});
  run.append_metrics({{"epoch", 2}, {"loss", 1.5}});

  const RunFolder same = RunFolder::open(run.path());
  CHECK(same.read_settings()["hidden"] == 256);
  const json whole = same.read_run();
  CHECK(whole["seed"] == 7);
  CHECK(whole["version"] == HEED_VERSION);
  CHECK(whole["machine"]["blas"] == heed::blas::core_name());
  CHECK(whole["machine"]["simd"] == heed::instruction_set());
  CHECK(whole["machine"]["cores"] >= 0);
  CHECK(whole["date"].get<std::string>().size() == 20);
  REQUIRE(same.read_metrics().size() == 2);
  CHECK(same.read_metrics()[1]["loss"] == 1.5);
  CHECK_THROWS_AS(run.append_metrics({{"loss", 1}}), heed::Error);
}

TEST_CASE("an existing run is not overwritten by mistake", "[run_folder]") {
  Folder folder;
  { RunFolder(folder.path, Mode::create).write_settings(json::object(), facts()); }
  CHECK_THROWS_WITH(RunFolder(folder.path, Mode::create, "translate train --resume"),
                    ContainsSubstring("already holds a run") && ContainsSubstring("translate train --resume"));
  write(folder.path / "notes.txt", "mine");
  write(folder.path / "best.safetensors", "old");
  RunFolder again(folder.path, Mode::overwrite);
  CHECK_FALSE(fs::exists(folder.path / "run.json"));
  CHECK_FALSE(fs::exists(folder.path / "best.safetensors"));
  CHECK(content(folder.path / "notes.txt") == "mine");
}

TEST_CASE("a folder without a run cannot be resumed or read, nor one made below a file", "[run_folder]") {
  Folder folder;
  CHECK_THROWS_WITH(RunFolder(folder.path, Mode::resume), ContainsSubstring("no run to go on with"));
  CHECK_THROWS_WITH(RunFolder::open(folder.path), ContainsSubstring("holds no run"));
  CHECK_FALSE(fs::exists(folder.path));
  write(folder.path, "a file");
  CHECK_THROWS_WITH(RunFolder(folder.path / "x", Mode::create), ContainsSubstring("cannot make the folder"));
}

TEST_CASE("two processes cannot train in one folder", "[run_folder]") {
  Folder folder;
  RunFolder first(folder.path, Mode::create);
  first.write_settings(json::object(), facts());
  CHECK_THROWS_WITH(RunFolder(folder.path, Mode::resume), ContainsSubstring("another process is training"));
  CHECK_NOTHROW(RunFolder::open(folder.path));
}

TEST_CASE("resuming drops a cut line and doubles no epoch", "[run_folder]") {
  Folder folder;
  {
    RunFolder run(folder.path, Mode::create);
    run.write_settings(json::object(), facts());
    for (int epoch = 1; epoch <= 5; ++epoch) run.append_metrics({{"epoch", epoch}});
  }
  const fs::path metrics = folder.path / "metrics.jsonl";
  write(metrics, content(metrics) + "{\"epoch\": 6, \"lo");
  CHECK(RunFolder::open(folder.path).read_metrics().size() == 5);
  RunFolder run(folder.path, Mode::resume);
  run.keep_metrics_until(3);
  run.append_metrics({{"epoch", 4}, {"again", true}});
  const auto lines = run.read_metrics();
  REQUIRE(lines.size() == 4);
  CHECK(lines[2] == json{{"epoch", 3}});
  CHECK(lines[3]["again"] == true);
}

TEST_CASE("metrics are known again by what no clock says", "[run_folder]") {
  Folder folder;
  RunFolder run(folder.path, Mode::create);
  const fs::path metrics = folder.path / "metrics.jsonl";
  const auto line = [](int epoch, double loss, double seconds) {
    return json{{"epoch", epoch}, {"loss", loss}, {"seconds", seconds}};
  };
  CHECK(run.mark_figures().bytes == 0);
  run.append_metrics(line(1, 2.5, 10));
  const FileMark mark = run.mark_figures(), whole = mark_of(content(metrics));
  run.append_metrics(line(2, 1.5, 20));
  CHECK(run.mark_figures() != mark);
  run.keep_figures(mark);
  CHECK(run.read_metrics() == std::vector<json>{line(1, 2.5, 10)});
  run.append_metrics(line(2, 1.5, 20));
  run.keep_metrics(whole);
  CHECK(run.read_metrics() == std::vector<json>{line(1, 2.5, 10)});

  write(metrics, line(1, 2.5, 11).dump() + "\n");
  CHECK_NOTHROW(run.keep_figures(mark));
  CHECK_THROWS_WITH(run.keep_metrics(whole), ContainsSubstring("was changed or damaged"));
  write(metrics, line(1, 2.75, 10).dump() + "\n");
  CHECK_THROWS_WITH(run.keep_figures(mark), ContainsSubstring("was changed or damaged"));
  write(metrics, "");
  CHECK_THROWS_WITH(run.keep_figures(mark), ContainsSubstring("was changed or damaged"));
}

TEST_CASE("a bad file is named with its line", "[run_folder]") {
  Folder folder;
  RunFolder run(folder.path, Mode::create);
  const std::string metrics = (folder.path / "metrics.jsonl").string();
  write(metrics, "{\"epoch\": 1}\n\n{\"epoch\": oops}\n");
  CHECK_THROWS_WITH(run.read_metrics(), ContainsSubstring(metrics + ":3: not valid JSON"));
  write(metrics, "{\"epoch\": 1}\n[2]\n");
  CHECK_THROWS_WITH(run.read_metrics(), ContainsSubstring(metrics + ":2: each line must be a JSON object"));
  write(metrics, "{\"loss\": 1}\n");
  CHECK_THROWS_WITH(run.keep_metrics_until(1), ContainsSubstring(metrics + ":1: there is no whole number"));
  for (const char* line : {"{\"loss\": 1}", "{\"epoch\": 1.5}", "{\"epoch\": 18446744073709551615}"}) {
    write(metrics, std::string(line) + "\n");
    CHECK_THROWS_WITH(run.read_metrics(), ContainsSubstring(metrics + ":1: there is no whole number"));
  }
  const fs::path settings = folder.path / "run.json";
  write(settings, "{\n  \"settings\": {\n    \"hidden\": 2 5\n  }\n}\n");
  CHECK_THROWS_WITH(run.read_settings(), ContainsSubstring("run.json:3: not valid JSON"));
  write(settings, "{\"settings\": 3}");
  CHECK_THROWS_WITH(run.read_settings(), ContainsSubstring("not the settings of a run"));
  fs::remove(settings);
  CHECK_THROWS_WITH(run.read_settings(), ContainsSubstring("No such file or directory"));
}

TEST_CASE("lists of JSON are handed over element by element", "[json_file]") {
  std::vector<std::string> seen;
  const auto read = [&](const std::string& text, const JsonLimits& limits = {}) {
    seen.clear();
    parse_json_lists(text, "x", limits,
                     [&](const JsonItem& item) { seen.push_back(item.where() + " " + item.value.dump()); });
  };
  read(
      "{\"a\": [{\"b\": [1, {\"c\": 2}]},\n\n {\"b\": 3},\n 4, [5]], \"no\": {\"a\": [6, {\"a\": 7}]},\n\"d\": [8], \"e\": 9}");
  CHECK(seen == std::vector<std::string>{"x:1: a[0] {\"b\":[1,{\"c\":2}]}", "x:3: a[1] {\"b\":3}", "x:4: a[2] 4",
                                         "x:4: a[3] [5]", "x:5: d[0] 8"});
  const auto refused = [&](const std::string& text, const char* problem) {
    CHECK_THROWS_WITH(read(text, {.bytes = 10000000, .depth = 8}), ContainsSubstring(problem));
  };
  for (const char* text : {"[{\"a\": 1}]", "3", "\"a\"", "null"}) refused(text, "an object with lists in it");
  refused("", "not valid JSON");
  refused("{\"a\": [1,\n 2,\n }", "x:3: not valid JSON");
  refused("{\"a\": [1]} {}", "not valid JSON");
  refused("{\"a\": [\"\xFF\"]}", "not valid JSON");
  refused("{\"a\": [{\"b\": 1, \"b\": 2}]}", "\"b\" occurs twice");
  refused("{\"no\": {\"b\": {\"c\": 1}, \"b\": 2}}", "\"b\" occurs twice");  // also where nothing is kept
  CHECK_NOTHROW(read("{\"no\": {\"b\": {\"c\": 1}, \"d\": {\"c\": 2}}, \"a\": [{\"b\": 1}, {\"b\": 1}]}"));
  refused("{\"a\": " + std::string(8, '['), "nested more than 8 deep");
  refused("{\"no\": {\"a\": " + std::string(8, '['), "nested more than 8 deep");
  std::string many = "{\"a\": [[0";
  for (int i = 0; i < 1000000; ++i) many += ",0";
  refused(many + "]]}", "x:1: a[0] holds more than 1000000 values");
  refused(std::string(10000001, ' '), "at most 10000000 are accepted");
}

TEST_CASE("hostile JSON is refused within its limits", "[json_file]") {
  CHECK(parse_json("[1, {\"a\": [2]}]", "x")[1]["a"][0] == 2);
  CHECK_THROWS_WITH(parse_json("{\"a\": 1, \"b\": {\"a\": 2}, \"a\": 3}", "x"),
                    ContainsSubstring("\"a\" occurs twice"));
  CHECK_NOTHROW(parse_json("[{\"a\": 1}, {\"a\": 1}]", "x"));
  CHECK_NOTHROW(parse_json(std::string(32, '[') + std::string(32, ']'), "x"));
  CHECK_THROWS_WITH(parse_json(std::string(33, '[') + std::string(33, ']'), "x"), ContainsSubstring("32 deep"));
  CHECK_THROWS_WITH(parse_json(std::string(1000000, '['), "x"), ContainsSubstring("32 deep"));
  CHECK_THROWS_WITH(parse_json("[1, 2, 3, 4]", "x", 1, JsonLimits{8}), ContainsSubstring("at most 8"));
  CHECK_THROWS_WITH(parse_json("{\"a\": \"\xff\"}", "f"), ContainsSubstring("f:1: not valid JSON"));
  CHECK_THROWS_WITH(parse_json("[1e999]", "f"), ContainsSubstring("f: not valid JSON"));
  for (const char* bad : {"", " ", "{", "{\"a\"", "[1,]", "nul", "1 2", "{\"a\": 1}}"}) {
    CHECK_THROWS_AS(parse_json(bad, "f"), heed::Error);
  }
}

TEST_CASE("marks of files are read back, and what is none is refused", "[file_mark]") {
  const FileMark mark = mark_of("abc");
  CHECK(read_mark(json(mark).dump(), "x") == mark);
  const FileMarks marks = {{"a.vocab", mark}, {"b", mark_of("")}};
  CHECK(read_marks(json(marks).dump(), "x") == marks);
  for (const char* bad :
       {"[]", "3", "{}", "{\"bytes\": -1, \"crc32c\": \"0\"}", "{\"bytes\": 1.5, \"crc32c\": \"0\"}",
        "{\"bytes\": 1, \"crc32c\": 5}", "null", "{\"bytes\": 1}"})
    CHECK_THROWS_AS(read_mark(bad, "x"), heed::Error);
  for (const char* bad : {"[]", "3", "null", "{\"a\": 3}"}) CHECK_THROWS_AS(read_marks(bad, "x"), heed::Error);
  for (const char* name : {"../a", "/dev/zero", "", ".", "..", "a/b"})
    CHECK_THROWS_WITH(read_marks(json(FileMarks{{name, mark}}).dump(), "x"),
                      ContainsSubstring("is not the name of a file"));
}

TEST_CASE("a command line can be typed again", "[run_folder]") {
  CHECK(shell_line({"build/bin/translate", "--name", "it's me", "", "a$b"}) ==
        "build/bin/translate --name 'it'\\''s me' '' 'a$b'");
}
