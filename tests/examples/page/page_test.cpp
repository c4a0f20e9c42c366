// The page's engine, compiled for this machine. (In a browser: selftest.js of examples/page/page.)
#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>

#include "examples/page/requests.h"
#include "examples/page/rules.h"
#include "examples/page/views/step_player.h"
#include "examples/page/views/tape_view.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::page;
using Catch::Matchers::ContainsSubstring;

namespace {

Json ask(const Json& request) { return Json::parse(answer(request.dump())); }

std::string by_rule(const std::string& rule, const std::string& read) {
  Letters letters;
  for (const char c : read) letters.push_back(c - 'a');
  std::string text;
  for (const int64_t letter : Rule(rule)(letters, 26)) text += static_cast<char>('a' + letter);
  return text;
}

Session session_of(const std::string& rule, bool after, const std::string& score) {
  SessionSettings settings;
  settings.task.rule = rule;
  settings.task.longest = 5;
  settings.model = {after, score, 8};
  settings.batch = 6;
  return Session(settings);
}

}  // namespace

TEST_CASE("a rule is words from left to right", "[page]") {
  CHECK(by_rule("reverse", "abc") == "cba");
  CHECK(by_rule("copy", "cab") == "cab");
  CHECK(by_rule("sort", "cabz") == "abcz");
  CHECK(by_rule("sort reverse", "cabz") == "zcba");
  CHECK(by_rule("reverse sort", "cabz") == "abcz");
  CHECK(by_rule("swap", "abcde") == "badce");
  CHECK(by_rule("rotate", "abc") == "bca");
  CHECK(by_rule("double odd", "abc") == "abc");
  CHECK(by_rule("odd", "abcde") == "ace");
  CHECK(by_rule("next", "abz") == "bca");
  CHECK(by_rule("unique", "abcab") == "abc");
  CHECK(by_rule("double double double double double", "abcdefgh").size() <= 64);
  CHECK_THROWS_WITH(Rule("turn"), ContainsSubstring("there is no rule 'turn'") && ContainsSubstring("reverse"));
  CHECK_THROWS_AS(Rule(""), Error);
  CHECK_THROWS_AS(Rule("copy copy copy copy copy copy copy copy copy"), Error);
}

TEST_CASE("the page's losses are those of the compiled page", "[page]") {
  std::ifstream file(HEED_SOURCE_DIR "/tests/examples/page/losses.json");
  const Json cases = Json::parse(file);
  REQUIRE(cases.size() == 3);
  for (const Json& expected : cases) {
    Json start = expected["settings"];
    start["do"] = "start";
    REQUIRE(!ask(start).contains("error"));
    const Json got = ask({{"do", "train"}, {"steps", expected["losses"].size()}, {"rate", 0.005}});
    double worst = 0;
    for (size_t i = 0; i < expected["losses"].size(); ++i) {
      const double loss = expected["losses"][i];
      worst = std::max(worst, std::abs(got["losses"].at(i).get<double>() - loss) / loss);
    }
    INFO(start.dump());
    CHECK(worst < 1e-5);
  }
}

TEST_CASE("held-out texts are never trained on, and the longest comes first", "[page]") {
  for (const char* rule : {"reverse", "french"}) {
    const auto task = make_task({.rule = rule, .letters = 5, .shortest = 2, .longest = 4});
    Rng rng(3);
    std::set<Words> trained, held_out;
    for (int i = 0; i < 40; ++i) {
      const std::vector<Pair> pairs = task->draw(20, false, rng);
      for (const Pair& pair : pairs) trained.insert(pair.read);
      for (size_t k = 1; k < pairs.size(); ++k) CHECK(pairs[k].read.size() <= pairs[k - 1].read.size());
      for (const Pair& pair : task->draw(20, true, rng)) held_out.insert(pair.read);
    }
    std::vector<Words> both;
    std::set_intersection(trained.begin(), trained.end(), held_out.begin(), held_out.end(), std::back_inserter(both));
    CHECK(both.empty());
    CHECK(!held_out.empty());
  }
}

TEST_CASE("the page's model has right gradients in both orders, and a fault is found", "[page]") {
  for (const bool after : {false, true})
    for (const char* rule : {"sort", "french"}) {
      const Session session = session_of(rule, after, after ? "general" : "additive");
      const GradcheckReport right = session.check(0);
      INFO(right.text());
      CHECK(right.passed());
      CHECK(!session.check(1e-5).passed());
    }
}

TEST_CASE("a text step by step has the numbers of the formulas", "[page]") {
  for (const bool after : {false, true}) {
    Session session = session_of("reverse", after, "additive");
    for (int i = 0; i < 5; ++i) session.train(0.01);
    const Json played = play(session.model(), session.task(), {3, 1, 2});
    REQUIRE(played["annotations"].size() == 3);
    REQUIRE(!played["steps"].empty());
    for (const Json& step : played["steps"]) {
      double sum = 0;
      for (const double e : step["scores"]) sum += std::exp(e);
      for (size_t k = 0; k < step["context"].size(); ++k) {
        double context = 0;
        for (size_t j = 0; j < 3; ++j)
          context += std::exp(step["scores"][j].get<double>()) / sum * played["annotations"][j][k].get<double>();
        CHECK(std::abs(context - step["context"][k].get<double>()) < 1e-4);
      }
      CHECK(step.contains("readout") == after);
      CHECK(step["word"] == step["top"][0]["word"]);
    }
  }
}

TEST_CASE("the text of a player is the text of the model", "[page]") {
  Session session = session_of("copy", true, "dot");
  for (int i = 0; i < 60; ++i) session.train(0.02);
  for (uint64_t index = 0; index < 8; ++index) {
    const Pair pair = session.example(index);
    const Json played = play(session.model(), session.task(), pair.read);
    const std::vector<Words> written = write(session.model(), session.task(), {pair});
    std::vector<std::string> expected;
    for (const int64_t word : written[0]) expected.push_back(session.task().target[static_cast<size_t>(word)]);
    for (size_t t = 0; t < expected.size(); ++t) CHECK(played["steps"].at(t)["word"] == expected[t]);
  }
}

TEST_CASE("who meddles with attention gets the weights that were set", "[page]") {
  const Session session = session_of("reverse", false, "additive");
  const Json plain = play(session.model(), session.task(), {0, 1, 2, 3});
  // The weights that the model would have taken change nothing.
  const Json same = play(session.model(), session.task(), {0, 1, 2, 3},
                         {.weights = {{0, plain["steps"][0]["soft"]}}, .hidden = {}});
  CHECK(same["steps"].size() == plain["steps"].size());
  const Json forced =
      play(session.model(), session.task(), {0, 1, 2, 3}, {.weights = {{1, {0, 0, 1, 0}}}, .hidden = {}});
  CHECK(forced["steps"][1]["context"] == forced["annotations"][2]);
  CHECK(forced["steps"][0] == plain["steps"][0]);
  const Json cut = play(session.model(), session.task(), {0, 1, 2, 3}, {.weights = {}, .hidden = {1}});
  const Json &soft = cut["steps"][0]["soft"], &alpha = cut["steps"][0]["alpha"];
  CHECK(alpha[1] == 0);
  CHECK(std::abs(alpha[0].get<double>() - soft[0].get<double>() / (1 - soft[1].get<double>())) < 1e-4);
  CHECK_THROWS_WITH(play(session.model(), session.task(), {0, 1}, {.weights = {{0, {1}}}, .hidden = {}}),
                    ContainsSubstring("1 weights for 2 words"));
  CHECK_THROWS_AS(play(session.model(), session.task(), {0, 1}, {.weights = {{0, {-1, 2}}}, .hidden = {}}), Error);
  CHECK_THROWS_AS(play(session.model(), session.task(), {0, 1}, {.weights = {}, .hidden = {2}}), Error);
}

TEST_CASE("a tape's operations have lines of the paper and gradients", "[page]") {
  for (const bool after : {false, true}) {
    const Session session = session_of("reverse", after, "general");
    const Json view = tape_view(session, {{1, 2}, {2, 1}});
    std::set<std::string> lines;
    for (const Json& node : view["nodes"]) {
      lines.insert(node["line"]);
      CHECK(view["lines"].contains(node["line"].get<std::string>()));
      CHECK(!view["lines"][node["line"].get<std::string>()]["formula"].get<std::string>().empty());
    }
    CHECK(view["nodes"].back()["gradient"]["norm"] == 1);
    for (const char* line : {"annotations", "state", "scores", "softmax", "context", "cell", "word", "loss"})
      CHECK(lines.count(line) == 1);
    CHECK(lines.count("readout") == static_cast<size_t>(after));
  }
}

TEST_CASE("a fixed context has right gradients in both orders, and forgets what attention keeps", "[page]") {
  for (const bool after : {false, true}) {
    SessionSettings settings;
    settings.model = {after, "additive", 8, true};
    settings.task.longest = 5;
    settings.batch = 6;
    const GradcheckReport right = Session(settings).check(0);
    INFO(right.text());
    CHECK(right.passed());
  }
  REQUIRE(!ask({{"do", "start contest"}, {"rule", "reverse"}, {"letters", 6}, {"longest", 5}, {"hidden", 16}})
               .contains("error"));
  ask({{"do", "train contest"}, {"steps", 250}, {"rate", 0.01}});
  const Json found = ask({{"do", "measure contest"}, {"longest", 6}, {"count", 32}});
  CHECK(found["lengths"] == Json({2, 3, 4, 5, 6}));
  INFO(found.dump());
  CHECK(found["attention"][3] > found["fixed"][3]);
  CHECK_THAT(ask({{"do", "start contest"}, {"rule", "french"}}).value("error", ""),
             ContainsSubstring("about letters"));
}

TEST_CASE("captioners of three attentions learn from the same pictures, and show where they look", "[page]") {
  CHECK_THAT(ask({{"do", "look at picture"}}).value("error", ""), ContainsSubstring("no pictures yet"));
  REQUIRE(!ask({{"do", "start pictures"}}).contains("error"));
  const Json first = ask({{"do", "train pictures"}, {"steps", 1}})["losses"][0];
  const Json last = ask({{"do", "train pictures"}, {"steps", 40}, {"rate", 0.01}})["losses"].back();
  for (size_t way = 0; way < 3; ++way) CHECK(last[way].get<double>() < 0.7 * first[way].get<double>());
  CHECK(last[0] != last[1]);
  CHECK(last[0] != last[2]);
  const Json seen = ask({{"do", "look at picture"}, {"index", 2}});
  CHECK(seen["pixels"].size() == 64 * 64 * 3);
  REQUIRE(seen["ways"].size() == 3);
  for (const Json& way : seen["ways"])
    for (const Json& map : way["alpha"]) {
      double sum = 0;
      for (const double weight : map) sum += weight;
      CHECK(map.size() == 64);
      CHECK(std::abs(sum - 1) < 1e-3);
    }
  for (const Json& share : ask({{"do", "measure pictures"}, {"count", 2}})["pointing"])
    CHECK((share >= 0 && share <= 1));
}

TEST_CASE("what the page asks wrongly is answered in words", "[page]") {
  const auto error = [](const Json& request) { return ask(request).value("error", ""); };
  CHECK_THAT(answer("{"), ContainsSubstring("error"));
  CHECK_THAT(answer("\xff"), ContainsSubstring("error"));
  CHECK_THAT(error({{"do", "dance"}}), ContainsSubstring("there is no request 'dance'"));
  CHECK_THAT(error({{"do", "start"}, {"hidden", 100000}}), ContainsSubstring("the size is 2 to 256"));
  CHECK_THAT(error({{"do", "start"}, {"longest", 99}}), ContainsSubstring("shortest <= longest"));
  CHECK_THAT(error({{"do", "start"}, {"score", "loud"}}), ContainsSubstring("there is no score 'loud'"));
  REQUIRE(!ask({{"do", "start"}, {"hidden", 8}}).contains("error"));
  CHECK_THAT(error({{"do", "play"}, {"text", "abz"}}), ContainsSubstring("'z'; it knows a to l"));
  CHECK_THAT(error({{"do", "play"}, {"text", ""}}), ContainsSubstring("write 1 to 24 letters"));
  CHECK_THAT(error({{"do", "train"}, {"rate", -1}}), ContainsSubstring("the rate is 0 to 1"));
  CHECK_THAT(error({{"do", "tape"}, {"text", "abcabcabc"}}), ContainsSubstring("more than 6"));
}
