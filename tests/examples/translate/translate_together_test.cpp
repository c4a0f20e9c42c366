// The forms in which `text` answers other programs, of one run and of several together.
#include <algorithm>
#include <regex>
#include <sstream>

#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("text answers in the forms of other programs, of several runs, too", "[translate][together]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  write_corpus(shop, "other", 12);
  REQUIRE(run(shop, train("a")).code == 0);
  std::istringstream trained(run(shop, train("d", {"--json"})).said);
  std::string said, end;
  while (std::getline(trained, said))
    if (said.starts_with("{")) end = said;
  const auto result = nlohmann::json::parse(end).at("result");
  CHECK(result["epochs"] == 2);
  CHECK(result["run"] == "d");
  CHECK(result["measure"] == "BLEU");
  CHECK(result["perplexity"] > 1);
  CHECK(result["next"][0] == translate + " eval --run d --split valid --beam 12");
  REQUIRE(run(shop, train("b", {"--seed", "2", "--hidden", "10"})).code == 0);
  REQUIRE(run(shop, train("c", {"--data", "other"})).code == 0);
  const Words text{translate, "text", "--run", "a", "--beam", "5"};
  const auto say = [&](Words more) {
    more.insert(more.begin(), text.begin(), text.end());
    return run(shop, more, "a b c\n\nd e\n");
  };
  const std::string best = say({}).said;
  CHECK(std::count(best.begin(), best.end(), '\n') == 3);
  CHECK_THAT(best, ContainsSubstring("\n\n"));  // the empty line, in its place

  // Moses' list: the best first, and it is what is answered without.
  std::istringstream lines(say({"--nbest", "3"}).said);
  std::string firsts, line, last_number;
  double last_score = 0;
  while (std::getline(lines, line)) {
    std::smatch found;
    REQUIRE(std::regex_match(line, found, std::regex(R"((\d+) \|\|\| (.*) \|\|\| logprob= (\S+) \|\|\| (\S+))")));
    if (found[1] != last_number) firsts += found[2].str() + "\n";
    else CHECK(std::stod(found[4]) <= last_score);
    last_score = std::stod(found[4]);
    last_number = found[1];
  }
  CHECK(last_number == "2");
  CHECK(firsts == best);

  // The same as JSON, with links that lie inside the sentences.
  std::istringstream objects(say({"--nbest", "3", "--json", "--links"}).said);
  for (int number = 1; std::getline(objects, line); ++number) {
    const auto object = nlohmann::json::parse(line);
    CHECK(object["line"] == number);
    CHECK(object["source"] == (number == 1 ? "a b c" : number == 2 ? "" : "d e"));
    CHECK_THAT(best, ContainsSubstring(object["translation"].get<std::string>()));
    CHECK(object.at("others").empty() == (number == 2));
    std::istringstream links(object["links"].get<std::string>());
    for (std::string link; links >> link;) {
      int from = -1, to = -1;
      REQUIRE(std::sscanf(link.c_str(), "%d-%d", &from, &to) == 2);
      CHECK(from < static_cast<int>(object["source_tokens"].size()));
      CHECK(to < static_cast<int>(object["tokens"].size()));
    }
  }
  CHECK_THAT(say({"--nbest", "6"}).said, ContainsSubstring("--nbest 6 needs a --beam of at least 6; it is 5"));
  CHECK(say({"--reading", "sample"}).code == 2);
  CHECK(run(shop, {translate, "eval", "--run", "a", "--reading", "sample"}).code == 2);

  // A run beside itself says what it says alone; another one may have a say; one with other words may not.
  CHECK(say({"--run", "a"}).said == best);
  CHECK(say({"--run", "b"}).code == 0);
  const Outcome strange = say({"--run", "c"});
  CHECK(strange.code == 1);
  CHECK_THAT(strange.said, ContainsSubstring("a and c cannot translate together: the source vocabulary"));

  const auto figures = [&](Words runs) {
    runs.insert(runs.begin(), {translate, "eval", "--beam", "1", "--json", "--run"});
    return nlohmann::json::parse(run(shop, runs).said);
  };
  const double alone = figures({"a"})["perplexity"], other = figures({"b"})["perplexity"],
               together = figures({"a", "b"})["perplexity"];
  CHECK(figures({"a", "a"})["perplexity"].get<double>() == Catch::Approx(alone));
  CHECK(together < std::max(alone, other));  // the mean of probabilities is at least their geometric mean
  CHECK_THAT(run(shop, {translate, "eval", "--run", "a", "b", "--by-position"}).said,
             ContainsSubstring("is about one model"));
}

TEST_CASE("translate data --json says where and how many", "[translate][together]") {
  const TemporaryDirectory shop;
  const Words words{translate, "data",    "builtin", "--out",  "made", "--train",
                    "6",       "--valid", "3",       "--test", "2",    "--json"};
  const auto object = nlohmann::json::parse(run(shop, words).said);
  CHECK(object["folder"] == "made");
  CHECK(object["lines"]["train.en"] == 6);
  CHECK(object["lines"]["valid.fr"] == 3);
  CHECK(object["lines"]["test.gold"] == 2);
  CHECK(object["next"] == translate + " train --data made --target fr --preset demo --out runs/mine");
}

TEST_CASE("the mean of models that began alike is a run", "[translate][together]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("first", {"--average", "0"})).code == 0);
  for (const char* seed : {"1", "2"})
    REQUIRE(run(shop, {translate, "train", "--start", "first", "--seed", seed, "--epochs", "1", "--out",
                       std::string("more") + seed})
                .code == 0);
  const Outcome made = run(shop, {translate, "average", "--run", "first", "more1", "more2", "--out", "mean"});
  CHECK(made.code == 0);
  CHECK_THAT(made.said, ContainsSubstring("the mean of 3 models") && !ContainsSubstring("note:"));
  std::vector<TensorFile> files;
  for (const char* name : {"first", "more1", "more2", "mean"})
    files.push_back(load_tensors(shop / (std::string(name) + "/best.safetensors")));
  for (const auto& [name, mean] : files[3].tensors) {
    const auto a = files[0].tensors.at(name).to_vector(), b = files[1].tensors.at(name).to_vector(),
               c = files[2].tensors.at(name).to_vector(), found = mean.to_vector();
    for (size_t i = 0; i < found.size(); i += 7)
      CHECK(found[i] == Catch::Approx((a[i] + b[i] + c[i]) / 3).margin(1e-7));
  }
  CHECK(run(shop, {translate, "eval", "--run", "mean", "--beam", "1"}).code == 0);

  REQUIRE(run(shop, train("stranger", {"--seed", "9"})).code == 0);
  CHECK_THAT(run(shop, {translate, "average", "--run", "first", "stranger", "--out", "none"}).said,
             ContainsSubstring("as if they had begun with other numbers"));
  REQUIRE(run(shop, train("large", {"--hidden", "20"})).code == 0);
  const Outcome unlike = run(shop, {translate, "average", "--run", "first", "large", "--out", "x"});
  CHECK(unlike.code == 1);
  CHECK_THAT(unlike.said, ContainsSubstring("has another shape"));
  CHECK_FALSE(std::filesystem::exists(shop / "x"));
  CHECK(run(shop, {translate, "average", "--run", "first", "--out", "x"}).code == 2);
}
