// The laboratory: its files, its tables, and the program from outside.
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "autograd/base/error.h"
#include "examples/lab/figures.h"
#include "examples/lab/plots.h"
#include "examples/lab/tables.h"
#include "tests/catch.hpp"
#include "tests/examples/program.h"

using namespace heed;
using namespace heed::lab;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using tests::Outcome;
using tests::TemporaryDirectory;

namespace {

json small_experiment() {
  return {{"title", "Small & quick"},
          {"question", {"Does it train?"}},
          {"prepare", {{"translate", "data", "builtin", "--out", "{data}/some", "--train", "1000", "--valid", "50"}}},
          {"train",
           {"--data", "{data}/some", "--target", "fr", "--preset", "demo", "--epochs", "1", "--hidden", "12",
            "--encoder-hidden", "8", "--embedding", "8", "--readout", "8", "--threads", "1"}},
          {"models",
           {{{"name", "soft"}, {"flags", json::array()}}, {{"name", "fixed, one"}, {"flags", {"--model", "fixed"}}}}},
          {"seeds", {1}},
          {"measures", {{{"name", "valid"}, {"flags", {"eval", "--run", "{run}", "--split", "valid", "--json"}}}}},
          {"table", {{{"title", "BLEU"}, {"figure", "valid/bleu"}, {"digits", 1}}}},
          {"short", {{"seeds", {2}}}}};
}

Experiment read(const TemporaryDirectory& shop, const json& content, bool brief = false) {
  return load_experiment(shop.write("small.json", content.dump()), brief);
}

json row(const std::string& model, uint64_t seed, const Words& flags, const json& figures) {
  return {{"model", model}, {"seed", seed}, {"program", "translate"}, {"flags", flags}, {"figures", figures}};
}

Outcome lab_program(const TemporaryDirectory& shop, std::vector<std::string> words) {
  words.insert(words.begin(),
               {HEED_LAB, "--experiments", (shop / "experiments").string(), "--runs", "runs", "--docs", "docs"});
  return tests::Running(shop, words).wait();
}

}  // namespace

TEST_CASE("an experiment is read with its short form, and says what is wrong with it", "[lab]") {
  const TemporaryDirectory shop;
  const Experiment whole = read(shop, small_experiment()), brief = read(shop, small_experiment(), true);
  CHECK(whole.name == "small");
  CHECK(whole.models[1].flags.back() == "fixed");
  CHECK(whole.models[1].flags.front() == "--data");  // those of all models first
  CHECK((whole.seeds == std::vector<uint64_t>{1} && brief.seeds == std::vector<uint64_t>{2}));
  const auto error_of = [&](json content, bool is_brief = false) -> std::string {
    try {
      read(shop, content, is_brief);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  json without = small_experiment();
  without.erase("title");
  CHECK_THAT(error_of(without), ContainsSubstring("small.json") && ContainsSubstring("\"title\" is missing"));
  json wrong = small_experiment();
  wrong["models"][1]["flags"] = 7;
  CHECK_THAT(error_of(wrong), ContainsSubstring("models 2") && ContainsSubstring("wrong kind"));
  json none = small_experiment();
  none["models"] = json::array();
  CHECK_THAT(error_of(none), ContainsSubstring("no models"));
  none = small_experiment();
  none.erase("short");
  CHECK_THAT(error_of(none, true), ContainsSubstring("no short form"));
}

TEST_CASE("figures are found by their path", "[lab]") {
  const json one =
      row("soft", 1, {}, {{"test", {{"bleu", 31.5}, {"bins", {{{"y", 1}}, {{"y", 2.5}}, {{"y", nullptr}}}}}}});
  CHECK(numbers_at(one, "test/bleu") == std::vector<double>{31.5});
  const std::vector<double> bins = numbers_at(one, "test/bins/*/y");
  REQUIRE(bins.size() == 3);
  CHECK((bins[0] == 1 && bins[1] == 2.5 && std::isnan(bins[2])));
  CHECK(numbers_at(one, "test/bins/1/y") == std::vector<double>{2.5});
  CHECK(numbers_at(one, "test/ter").empty());
  CHECK(numbers_at(one, "test/bins/9/y").empty());
  CHECK(numbers_at(json::object(), "test/bleu").empty());
}

TEST_CASE("a spread is that of a sample", "[lab]") {
  const Spread three = spread_of({1, 2, 6});
  CHECK(three.mean == Approx(3));
  CHECK(three.deviation == Approx(std::sqrt(7.0)));
  CHECK((spread_of({4}).mean == 4 && spread_of({4}).deviation == 0));
  CHECK(spread_of({}).count == 0);
}

TEST_CASE("rows count only for the flags that they were trained with", "[lab]") {
  const TemporaryDirectory shop;
  const Experiment experiment = read(shop, small_experiment());
  Figures figures(shop / "figures.json");
  const Model& soft = experiment.models[0];
  CHECK(figures.find(soft, 1) == nullptr);
  figures.add(row("soft", 1, soft.flags, {{"valid", {{"bleu", 10.0}}}}));
  REQUIRE(figures.find(soft, 1));
  CHECK(figures.find(soft, 2) == nullptr);
  Model changed = soft;
  changed.flags.push_back("--feed");
  CHECK(figures.find(changed, 1) == nullptr);
  figures.add(row("soft", 1, soft.flags, {{"valid", {{"bleu", 12.0}}}}));
  const Figures again(shop / "figures.json");  // saved at once, the newer in the place of the older
  REQUIRE(again.find(soft, 1));
  CHECK(numbers_at(*again.find(soft, 1), "valid/bleu") == std::vector<double>{12});
  CHECK_THAT(markdown_table(experiment, again),
             ContainsSubstring("| soft | 12.0 | 1 |") && ContainsSubstring("| fixed, one | - | 0 |"));
  // A figure that was changed is refused, unless the checksum was taken away as well.
  std::string bytes = tests::bytes_of(shop / "figures.json");
  bytes.replace(bytes.find("12.0"), 4, "13.0");
  shop.write("figures.json", bytes);
  CHECK_THROWS_WITH(Figures(shop / "figures.json"), ContainsSubstring("figures.json was changed or damaged"));
  json mine = json::parse(bytes);
  mine.erase("crc32c");
  shop.write("figures.json", mine.dump());
  CHECK(numbers_at(*Figures(shop / "figures.json").find(soft, 1), "valid/bleu") == std::vector<double>{13});
  shop.write("other.json", "[1]");
  CHECK_THROWS_WITH(Figures(shop / "other.json"), ContainsSubstring("no figures of an experiment"));
}

TEST_CASE("several seeds show their mean and deviation", "[lab]") {
  const TemporaryDirectory shop;
  json content = small_experiment();
  content["seeds"] = {1, 2, 3};
  content["plots"] = {{{"title", "T"}, {"file", "f"}, {"x", "valid/bins/*/x"}, {"y", "valid/bins/*/y"}}};
  const Experiment experiment = read(shop, content);
  Figures figures(shop / "figures.json");
  const auto bins = [](double y) { return json{{{"x", 5}, {"y", y}}, {{"x", 10}, {"y", y + 1}}}; };
  for (const uint64_t seed : {1, 2, 3})
    figures.add(
        row("soft", seed, experiment.models[0].flags,
            {{"valid", {{"bleu", 10.0 * static_cast<double>(seed)}, {"bins", bins(static_cast<double>(seed))}}}}));
  CHECK_THAT(markdown_table(experiment, figures), ContainsSubstring("| soft | 20.0 ± 10.0 | 3 |"));
  const std::string page = html_page(experiment, figures, {});
  CHECK_THAT(page, ContainsSubstring("Small &amp; quick") && ContainsSubstring("20.0 ± 10.0"));
  if (!can_plot()) return;  // gnuplot is optional
  REQUIRE(draw(experiment.plots[0], experiment, figures, shop.path()));
  const std::string svg = tests::bytes_of(shop / "f");
  CHECK_THAT(svg, ContainsSubstring("<svg") && ContainsSubstring("soft"));
  Plot empty = experiment.plots[0];
  empty.y = "valid/nothing/*/y";
  CHECK(!draw(empty, experiment, figures, shop.path()));
}

TEST_CASE("the program lab trains what is missing, once, and makes its pages again without", "[lab]") {
  const TemporaryDirectory shop;
  std::filesystem::create_directories(shop / "experiments");
  shop.write("experiments/small.json", small_experiment().dump());
  CHECK_THAT(lab_program(shop, {}).said, ContainsSubstring("small         Small & quick"));
  Outcome outcome = lab_program(shop, {"smal"});
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.said, ContainsSubstring("there is no experiment smal; there are small"));
  outcome = lab_program(shop, {"small", "--pages"});  // of nothing
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.said, ContainsSubstring("| soft | - | 0 |"));
  outcome = lab_program(shop, {"small"});
  INFO(outcome.said);
  REQUIRE(outcome.code == 0);
  const json figures = json::parse(tests::bytes_of(shop / "docs/small.json"));
  CHECK(figures["rows"].size() == 2);
  CHECK(figures["rows"][0]["figures"]["train"]["epoch"] == 1);
  CHECK(std::filesystem::exists(shop / "runs/small/fixed-one-1/best.safetensors"));
  json more = small_experiment();  // a measure that comes later is taken of the runs that there are
  more["measures"].push_back(
      {{"name", "again"}, {"flags", {"eval", "--run", "{run}", "--split", "valid", "--json"}}});
  more["once"] = {{{"name", "speed"}, {"flags", {"train", "--json"}}}};
  shop.write("experiments/small.json", more.dump());
  REQUIRE(lab_program(shop, {"small"}).code == 0);
  const json measured = json::parse(tests::bytes_of(shop / "docs/small.json"));
  for (const json& row : measured["rows"]) {
    CHECK(row["figures"]["again"]["bleu"] == row["figures"]["valid"]["bleu"]);
    CHECK(row["figures"]["speed"]["step"] == row["figures"]["train"]["step"]);
    CHECK(row["figures"]["train"] == figures["rows"][row["model"] == "soft" ? 0 : 1]["figures"]["train"]);
  }
  std::filesystem::remove_all(shop / "runs");
  outcome = lab_program(shop, {"small"});  // all rows are there
  CHECK(outcome.code == 0);
  CHECK(!std::filesystem::exists(shop / "runs/small/fixed-one-1"));
  CHECK_THAT(tests::bytes_of(shop / "docs/small.md"), ContainsSubstring("# Small & quick") &&
                                                          ContainsSubstring("./run lab small") &&
                                                          ContainsSubstring("Trained on "));
}

TEST_CASE("lab trains the models that are asked for, and says whether they reach a goal", "[lab]") {
  const TemporaryDirectory shop;
  std::filesystem::create_directories(shop / "experiments");
  json content = small_experiment();
  content["goal"] = {{{"title", "perplexity"}, {"figure", "valid/perplexity"}, {"least", 1}}};
  shop.write("experiments/small.json", content.dump());
  Outcome outcome = lab_program(shop, {"small", "--model", "fixed, two"});
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.said, ContainsSubstring("no model \"fixed, two\"; it has: soft; fixed, one"));
  outcome = lab_program(shop, {"small", "--seed", "4"});
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.said, ContainsSubstring("no seed 4; it has 1"));
  outcome = lab_program(shop, {"small", "--model", "fixed, one", "--seed", "1"});
  INFO(outcome.said);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.said, ContainsSubstring("fixed, one, seed 1: perplexity") && ContainsSubstring("1: reached\n"));
  CHECK(json::parse(tests::bytes_of(shop / "docs/small.json"))["rows"].size() == 1);
  content["goal"][0]["least"] = 1e9;
  shop.write("experiments/small.json", content.dump());
  outcome = lab_program(shop, {"small", "--model", "fixed, one"});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.said, ContainsSubstring(": missed\n"));
  CHECK(lab_program(shop, {"small", "--pages"}).code == 0);
}

TEST_CASE("a model begins with another one of the same seed, which is trained again if its run is gone", "[lab]") {
  const TemporaryDirectory shop;
  json content = small_experiment();
  content["models"][1] = {{"name", "more, of soft"}, {"flags", {"--start", "{run:soft}", "--lr", "1e-30"}}};
  const Experiment read_back = read(shop, content);
  CHECK(read_back.models[1].basis == read_back.models[0].flags);
  CHECK((models_named({"a{run:b c}", "{run:d}{run:b c}", "{run}"}) == Words{"b c", "d"}));
  json wrong = content;
  wrong["models"][1]["flags"][1] = "{run:hard}";
  CHECK_THROWS_WITH(read(shop, wrong), ContainsSubstring("{run:hard}") && ContainsSubstring("stands before it"));
  std::filesystem::create_directories(shop / "experiments");
  shop.write("experiments/small.json", content.dump());
  Outcome outcome = lab_program(shop, {"small"});
  INFO(outcome.said);
  REQUIRE(outcome.code == 0);
  const auto rows = [&] { return json::parse(tests::bytes_of(shop / "docs/small.json"))["rows"]; };
  CHECK(rows()[1]["figures"]["valid"]["perplexity"] == rows()[0]["figures"]["valid"]["perplexity"]);
  // With another rate it is another model, and needs the run of the first.
  const json before = rows();
  std::filesystem::remove_all(shop / "runs");
  content["models"][1]["flags"][3] = "1e-29";
  shop.write("experiments/small.json", content.dump());
  outcome = lab_program(shop, {"small"});
  INFO(outcome.said);
  REQUIRE(outcome.code == 0);
  CHECK(rows()[0] == before[0]);
  CHECK(rows()[1]["figures"]["valid"]["perplexity"] == before[1]["figures"]["valid"]["perplexity"]);
  // And when the first is another one, so is what began with it.
  Figures figures(shop / "docs/small.json");
  Model changed = read(shop, content).models[1];
  CHECK(figures.find(changed, 1) != nullptr);
  changed.basis.push_back("--feed");
  CHECK(figures.find(changed, 1) == nullptr);
}

TEST_CASE("the program lab says what failed, and keeps what was done", "[lab]") {
  const TemporaryDirectory shop;
  std::filesystem::create_directories(shop / "experiments");
  json content = small_experiment();
  content["models"][1]["flags"] = {"--model", "nothing"};
  shop.write("experiments/small.json", content.dump());
  const Outcome outcome = lab_program(shop, {"small"});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.said, ContainsSubstring("this failed (code 2)") && ContainsSubstring("--model nothing"));
  CHECK(json::parse(tests::bytes_of(shop / "docs/small.json"))["rows"].size() == 1);
  shop.write("README.md", "<!-- laboratory -->\nrows\n<!-- end of laboratory -->\n");
  CHECK(lab_program(shop, {"small", "--readme", "README.md"}).code == 2);
  CHECK(lab_program(shop, {"--readme", "README.md"}).code == 1);
  CHECK_THAT(tests::bytes_of(shop / "README.md"),
             ContainsSubstring("rows"));  // there are no figures to make others of
}

TEST_CASE("headlines are filled with figures, and stand in the README as the figures have them", "[lab]") {
  const TemporaryDirectory shop;
  json content = small_experiment();
  content["headlines"] = {{{"says", "BLEU {} and {}"},
                           {"values",
                            {{{"model", "soft"}, {"figure", "valid/bleu"}, {"digits", 1}},
                             {{"model", "fixed, one"}, {"figure", "valid/bleu"}, {"digits", 1}}}}}};
  const Experiment experiment = read(shop, content);
  Figures figures(shop / "figures.json");
  figures.add(row("soft", 1, experiment.models[0].flags, {{"valid", {{"bleu", 12.34}}}}));
  CHECK(headline_rows(experiment, figures).empty());  // one of them has no figures yet
  figures.add(row("fixed, one", 1, experiment.models[1].flags, {{"valid", {{"bleu", 5}}}}));
  CHECK(headline_rows(experiment, figures) ==
        "| [Small & quick](docs/lab/small.md) | BLEU 12.3 and 5.0 | `./run lab small` |\n");
  content["headlines"][0]["values"][1]["model"] = "nobody";
  CHECK_THROWS_WITH(headline_rows(read(shop, content), figures), ContainsSubstring("no such model"));
  CHECK(with_part("a\n<!-- x -->\nold\n<!-- end of x -->\nb", "x", "new\n") ==
        "a\n<!-- x -->\nnew\n<!-- end of x -->\nb");
  CHECK_THROWS_WITH(with_part("a", "x", ""), ContainsSubstring("<!-- end of x -->"));

  const std::filesystem::path source(HEED_SOURCE_DIR);
  const std::string readme = tests::bytes_of(source / "README.md");
  INFO("./run lab --readme README.md makes it so");
  CHECK(with_part(readme, "laboratory", readme_table(source / "examples/lab/experiments", source / "docs/lab")) ==
        readme);
}
