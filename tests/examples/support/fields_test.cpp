// Options that are written once: as flags, as settings, and back.
#include "examples/support/program/fields.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/catch.hpp"

using namespace heed;
using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

enum class Color { red, green };
constexpr Choice<Color> colors[] = {{"red", "as a tomato", Color::red}, {"green", "as a tree", Color::green}};
constexpr Choice<int (*)()> makers[] = {{"one", "the first", [] { return 1; }},
                                        {"two", "the second", [] { return 2; }}};

struct Inner {
  double rate = 0.5;
  void fields(auto& visit) { visit("rate", rate, "how fast", {.most = 1}); }
};

struct Outer {
  int64_t hidden_size = 4;
  int epochs = 3;
  uint64_t seed = 1;
  bool tied = false, verbose = false;
  std::string name = "x", maker = "one";
  Color color = Color::red;
  Inner inner;
  int64_t found = 7;
  void fields(auto& visit) {
    visit("hidden_size", hidden_size, "of the state", {.least = 1});
    visit("epochs", epochs, "rounds", {.least = 1, .may_change = true});
    visit("seed", seed, "of all");
    visit("tied", tied, "both one", {.flag = "--tied,!--not-tied"});
    visit("verbose", verbose, "say more", {.saved = false});
    visit("name", name, "of the run");
    visit("maker", maker, makers, "who makes");
    visit.heading("Inside");
    visit("color", color, colors, "of all");
    visit("inner", inner);
    visit.saved("found", found);
  }
};

struct Conditional : Outer {
  double share = 0;
  int64_t samples = 5;
  bool feed = false;
  void fields(auto& visit) {
    Outer::fields(visit);
    visit("share", share, "of all", {.flag = "--share,--part"});
    visit("samples", samples, "so many", {.with = "--share"});
    visit("feed", feed, "again", {.flag = "--feed,!--no-feed", .with = "--maker two|three"});
  }
};

struct Place {
  std::string data = "builtin", weights;
  void fields(auto& visit) {
    visit("data", data, "place", {.path = true});
    visit("weights", weights, "file", {.path = true});
  }
};

// What the program does with these words: its exit code.
int parse(Outer& options, std::vector<std::string> words) {
  words.insert(words.begin(), "program");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  Program program("for the tests");
  add_flags(program, fields_of(options));
  return program.run(static_cast<int>(argv.size()), argv.data(), [] { return 0; });
}

}  // namespace

TEST_CASE("every field that is a flag can be set", "[fields]") {
  Outer o;
  CHECK(parse(o, {"--hidden-size", "9", "--epochs=5", "--seed", "18", "--tied", "--verbose", "--name", "y", "--maker",
                  "two", "--color", "green", "--rate", "0.25"}) == 0);
  CHECK((o.hidden_size == 9 && o.epochs == 5 && o.seed == 18 && o.tied && o.verbose && o.name == "y"));
  CHECK(choose(makers, "maker", o.maker).make() == 2);
  CHECK(o.color == Color::green);
  CHECK(o.inner.rate == 0.25);
  CHECK(parse(o, {"--not-tied"}) == 0);
  CHECK_FALSE(o.tied);
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--hidden-size", "0"},
                                                {"--rate", "1.5"},
                                                {"--color", "blue"},
                                                {"--found", "3"},
                                                {"--maker", "three"}})
    CHECK(parse(o, wrong) == 2);
}

TEST_CASE("paths are saved as absolute ones, whatever their bytes", "[fields]") {
  Place place;
  CHECK(settings_of(fields_of(place)) == json{{"data", "builtin"}, {"weights", ""}});
  const std::string here = std::filesystem::current_path().string();
  for (const char* name : {"corpus", "caf\xE9 100%41", "été", "%41"}) {
    place.data = std::string("a/../") + name;
    place.weights = std::string("/w/") + name;
    const json settings = settings_of(fields_of(place));
    CHECK_NOTHROW(settings.dump());
    Place read;
    read_settings(fields_of(read), settings);
    CHECK(read.data == here + "/" + name);
    CHECK(read.weights == place.weights);
    CHECK(place.data == std::string("a/../") + name);
  }
  Place read;
  for (const json& wrong :
       {json{{"data", {{"percent", 1}}}}, json{{"data", {{"percent", "%zz"}}}}, json{{"data", {{"percent", "a%4"}}}},
        json{{"data", {{"percent", "%"}}}}, json{{"data", json::object()}}, json{{"data", 3}}})
    CHECK_THROWS_WITH(read_settings(fields_of(read), wrong), ContainsSubstring("data"));
}

TEST_CASE("settings hold what is saved, by path, and are read back", "[fields]") {
  Outer o;
  o.color = Color::green;
  o.inner.rate = 0.75;
  o.maker = "two";
  o.found = 8;
  const json settings = settings_of(fields_of(o));
  CHECK(settings == json{{"hidden_size", 4},
                         {"epochs", 3},
                         {"seed", 1},
                         {"tied", false},
                         {"name", "x"},
                         {"maker", "two"},
                         {"color", "green"},
                         {"inner", {{"rate", 0.75}}},
                         {"found", 8}});
  Outer back;
  read_settings(fields_of(back), settings);
  CHECK(settings_of(fields_of(back)) == settings);
  Outer partly;
  read_settings(fields_of(partly), {{"seed", 5}, {"unknown", 1}});
  CHECK((partly.seed == 5 && partly.hidden_size == 4));
}

TEST_CASE("settings of the wrong kind are named", "[fields]") {
  Outer o;
  const auto check = [&](const json& settings, const std::string& text) {
    CHECK_THROWS_WITH(read_settings(fields_of(o), settings), ContainsSubstring(text));
  };
  check({{"hidden_size", "many"}}, "hidden_size: \"many\"");
  check({{"hidden_size", 2.5}}, "hidden_size: 2.5");
  check({{"hidden_size", 0}}, "hidden_size: 0");
  check({{"hidden_size", uint64_t{1} << 63}}, "hidden_size: 9223372036854775808");  // one above the largest
  check({{"epochs", int64_t{1} << 31}}, "epochs: 2147483648");
  check({{"seed", -1}}, "seed: -1");
  check({{"epochs", 5000000000}}, "epochs: 5000000000");
  check({{"seed", -1}}, "seed: -1");
  check({{"tied", 1}}, "tied: 1");
  check({{"inner", 3}}, "inner should be an object");
  check({{"inner", {{"rate", 2}}}}, "inner/rate: 2");
  check({{"color", "blue"}}, "no color 'blue'; take red or green");
  check({{"color", 1}}, "color: 1");
}

TEST_CASE("settings differ where they may not", "[fields]") {
  Outer o;
  const json before = settings_of(fields_of(o));
  o.epochs = 9;
  CHECK(differences(fields_of(o), before, settings_of(fields_of(o))).empty());
  o.inner.rate = 0.25;
  o.color = Color::green;
  CHECK(differences(fields_of(o), before, settings_of(fields_of(o))) ==
        "color is \"red\", not \"green\"; rate is 0.5, not 0.25");
}

TEST_CASE("settings that last are those that may not change", "[fields]") {
  Outer o;
  const json lasting = lasting_settings(fields_of(o)), all = settings_of(fields_of(o));
  CHECK(lasting.at("color") == "red");
  CHECK(lasting.at("inner").at("rate") == 0.5);
  CHECK(all.contains("epochs"));
  CHECK_FALSE(lasting.contains("epochs"));
}

TEST_CASE("texts and choices are known before the command line is parsed", "[fields]") {
  Outer o;
  std::vector<std::string> words{"program", "--color=green", "--maker", "nobody", "--name", "z", "--epochs", "8"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  read_early(fields_of(o), static_cast<int>(argv.size()), argv.data());
  CHECK(o.color == Color::green);
  CHECK(o.maker == "one");  // the parser says what is wrong with nobody
  CHECK(o.name == "z");
  CHECK(o.epochs == 3);
}

TEST_CASE("a flag that means nothing beside the others is refused, where it was given", "[fields]") {
  const auto refusal = [](Conditional o, std::vector<std::string> words) -> std::string {
    const Conditional usual;
    Conditional first = usual;
    const json before = settings_of(fields_of(first));
    std::vector<const char*> argv{"program"};
    for (const std::string& word : words) argv.push_back(word.c_str());
    try {
      check_meant(fields_of(o), before, static_cast<int>(argv.size()), argv.data());
    } catch (const WrongUsage& wrong) {
      return wrong.what();
    }
    return "";
  };
  Conditional o;
  CHECK(refusal(o, {}).empty());
  o.samples = 6;
  CHECK(refusal(o, {}).empty());  // a preset may have set it
  CHECK(refusal(o, {"--samples", "6"}) == "--samples is for --share above 0");
  CHECK(refusal(o, {"--samples=6"}) == "--samples is for --share above 0");
  o.share = 0.5;
  CHECK(refusal(o, {"--part", "0.5", "--samples", "6"}).empty());
  o.feed = true;
  CHECK(refusal(o, {"--feed"}) == "--feed is for --maker two or three, not one");
  o.feed = false;
  CHECK(refusal(o, {"--no-feed"}).empty());  // as it is anyway
  o.maker = "two", o.feed = true;
  CHECK(refusal(o, {"--feed"}).empty());
}
