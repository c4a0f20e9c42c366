// The program translate from outside: data with gold alignments, and what eval makes of it.
#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

namespace {

nlohmann::json json_of(const TemporaryDirectory& shop, Words words) {
  words.insert(words.end(), {"--json", "--threads", "2"});
  const Outcome outcome = run(shop, words);
  INFO(outcome.said);
  REQUIRE(outcome.code == 0);
  return nlohmann::json::parse(outcome.said);
}

Words eval(const std::string& of, Words more) {
  Words words = {translate, "eval", "--run", of, "--beam", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

void write_builtin(const TemporaryDirectory& shop, const std::string& folder, Words more) {
  Words words = {translate, "data", "builtin", "--out", folder};
  words.insert(words.end(), more.begin(), more.end());
  const Outcome outcome = run(shop, words);
  INFO(outcome.said);
  REQUIRE(outcome.code == 0);
}

size_t lines_in(const std::filesystem::path& file) {
  const std::string text = bytes_of(file);
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Lines of the reversed letters that write_corpus makes, and their links.
void write_reversed_gold(const TemporaryDirectory& shop) {
  shop.write("data/test.en", "a b c\n\nd e\nf\n");
  shop.write("data/test.de", "C B A\nX\nE D\nF\n");
  shop.write("data/test.gold", "0-2 1-1 2?0\n\n0-1 1-0\n\n");
  shop.write("data/test.naacl", "1 1 3\n1 2 2 S\n1 3 1 P\n3 1 2\n3 2 1\n");
  shop.write("data/test.turned", "2-0 1-1 0?2\n\n1-0 0-1\n\n");
}

}  // namespace

TEST_CASE("translate data writes a corpus that training and eval read", "[translate]") {
  const TemporaryDirectory shop;
  write_builtin(shop, "small",
                {"--train", "300", "--valid", "20", "--test", "30", "--max-words", "9", "--test-min-words", "10",
                 "--test-max-words", "14", "--lengths", "even"});
  for (const auto& [split, lines] : {std::pair<std::string, size_t>{"train", 300}, {"valid", 20}, {"test", 30}})
    for (const char* side : {".en", ".fr", ".gold"}) CHECK(lines_in(shop / ("small/" + split + side)) == lines);
  const std::string before = bytes_of(shop / "small/train.gold");
  CHECK(run(shop, {translate, "data", "builtin", "--out", "small", "--train", "300", "--valid", "20", "--test", "30",
                   "--max-words", "9", "--test-min-words", "10", "--test-max-words", "14", "--lengths", "even"})
            .code == 0);
  const Outcome other = run(shop, {translate, "data", "builtin", "--out", "small", "--train", "299"});
  CHECK(other.code == 1);
  CHECK_THAT(other.said, ContainsSubstring("small/train.en is there already") && ContainsSubstring("--overwrite"));
  CHECK(bytes_of(shop / "small/train.gold") == before);
  write_builtin(shop, "small", {"--train", "40", "--valid", "20", "--test", "30", "--max-words", "9", "--overwrite"});
  CHECK(lines_in(shop / "small/train.gold") == 40);
  const Outcome unknown = run(shop, {translate, "data", "german", "--out", "x"});
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.said, ContainsSubstring("german is to become what?"));
  CHECK_THAT(run(shop, {translate, "data", "builtin", "--out", "x", "--min-words", "9", "--max-words", "5"}).said,
             ContainsSubstring("3 <= min <= max"));
  CHECK_FALSE(std::filesystem::exists(shop / "x"));
}

TEST_CASE("a trained model's attention lies nearer to the gold links than an untrained one's", "[translate][slow]") {
  const TemporaryDirectory shop;
  write_builtin(shop, "data", {"--train", "3000", "--valid", "60", "--test", "100", "--max-words", "8"});
  const auto model = [](const std::string& out, const std::string& epochs) {
    return Words{translate,          "train", "--data",      "data", "--target",  "fr",   "--preset",     "demo",
                 "--hidden",         "64",    "--embedding", "32",   "--readout", "32",   "--alignment",  "32",
                 "--encoder-hidden", "32",    "--out",       out,    "--epochs",  epochs, "--batch-size", "20"};
  };
  REQUIRE(run(shop, model("good", "12")).code == 0);
  REQUIRE(run(shop, model("bad", "1")).code == 0);
  const auto both = json_of(
      shop, eval("good", {"--split", "test", "--gold", "data/test.gold", "--against", "bad", "--bins", "5,6"}));
  const auto& good = both["alignment"];
  CHECK(good["aer"] > 0.05);
  CHECK(good["aer"] < 0.6);
  CHECK(good["right_share"] > 0.4);
  CHECK(good["entropy"] < both["against"]["alignment"]["entropy"]);
  CHECK(good["sentences"] == 100);
  CHECK(both["against"]["alignment"]["aer"] > 0.6);
  const auto& difference = both["against"]["difference"];
  CHECK(difference["aer"]["value"] < 0);
  CHECK(difference["aer"]["high"] < 0);
  CHECK(difference["aer"]["p"] < 0.01);
  CHECK(difference["chrf"]["low"] > 0);
  CHECK(both["chrf"].get<double>() > both["against"]["chrf"].get<double>());
  REQUIRE(both["by_length"].size() == 3);
  int64_t sentences = 0;
  for (const auto& bin : both["by_length"]) {
    sentences += bin["sentences"].get<int64_t>();
    CHECK(bin["aer_low"] <= bin["aer"]);
    CHECK(bin["aer"] <= bin["aer_high"]);
    CHECK(bin["bleu_difference"]["value"] > 0);
  }
  CHECK(sentences == 100);
  CHECK(both["by_length"][2]["to"].is_null());
  // The same run, asked for again: the same figures, and no difference.
  const auto same = json_of(
      shop, eval("good", {"--split", "test", "--gold", "data/test.gold", "--against", "good", "--bins", "5,6"}));
  CHECK(same["alignment"] == good);
  CHECK(same["by_length"][1]["bleu_low"] == both["by_length"][1]["bleu_low"]);
  CHECK(same["against"]["difference"]["bleu"]["p"] == 1);
}

TEST_CASE("gold links of every form give the same figures; without them eval says nothing of alignment",
          "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  write_reversed_gold(shop);
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  const auto judged = [&](Words more) {
    more.insert(more.begin(), {"--split", "test"});
    return json_of(shop, eval("run", more));
  };
  const auto pharaoh = judged({"--gold", "data/test.gold"});
  CHECK(pharaoh["sentences"] == 3);
  CHECK(pharaoh["alignment"]["sentences"] == 2);  // one has no links
  CHECK(pharaoh["alignment"]["sure"] == 4);
  CHECK(judged({"--gold", "data/test.naacl"})["alignment"] == pharaoh["alignment"]);
  CHECK(judged({"--gold", "data/test.turned", "--swap-gold"})["alignment"] == pharaoh["alignment"]);
  const auto none = judged({"--by-length"});
  CHECK_FALSE(none.contains("alignment"));
  CHECK_FALSE(none["by_length"][0].contains("aer"));
  CHECK(none.contains("chrf"));
  const Outcome said = run(shop, eval("run", {"--split", "test", "--gold", "data/test.gold", "--by-length"}));
  for (const char* text :
       {"chrF2 = ", "alignment: AER ", "1 sentences have no gold links", "BLEU [95 %]", "AER", "nats"})
    CHECK_THAT(said.said, ContainsSubstring(text));
}

TEST_CASE("eval answers what cannot be judged", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  write_reversed_gold(shop);
  shop.write("short.gold", "0-0\n");
  shop.write("long.gold", "0-2 1-1 2?0\n\n0-1 2-0\n\n");
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  REQUIRE(run(shop, train("fixed", {"--epochs", "1", "--model", "fixed"})).code == 0);
  write_builtin(shop, "french", {"--train", "40", "--valid", "10", "--test", "10"});
  REQUIRE(run(shop, train("other", {"--epochs", "1", "--data", "french", "--target", "fr"})).code == 0);
  const auto check = [&](const std::string& of, Words more, int code, const std::string& text) {
    more.insert(more.begin(), {"--split", "test"});
    const Outcome outcome = run(shop, eval(of, more));
    CHECK(outcome.code == code);
    CHECK_THAT(outcome.said, ContainsSubstring(text));
  };
  check("run", {"--gold", "short.gold"}, 1, "short.gold has 1 lines, but there are 4 pairs");
  check("run", {"--gold", "long.gold"}, 1,
        "long.gold, line 3: link 2-0 of pair 3 goes beyond the source sentence, which has 2");
  check("run", {"--gold", "nowhere"}, 1, "nowhere");
  check("run", {"--gold", "builtin"}, 2, "--gold builtin is for the built-in corpus");
  check("run", {"--swap-gold"}, 2, "--swap-gold is for a file of links");
  check("run", {"--bins", "20,10"}, 2, "--bins: '20,10' was given");
  check("fixed", {"--gold", "data/test.gold"}, 1, "--gold: fixed is a model with one fixed context");
  check("run", {"--against", "other"}, 1, "other translates en to fr, but run translates en to de");
  check("run", {"--against", "nowhere"}, 1, "nowhere");
  // One that looks nowhere may be compared with one that does.
  check("run", {"--gold", "data/test.gold", "--against", "fixed"}, 0, "run less fixed: BLEU");
}
