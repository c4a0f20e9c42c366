// The program translate from outside: text as people have it.
#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

namespace {

// Every answer is the same, and soon learnt.
void write_answers(const TemporaryDirectory& shop, const std::string& folder, const std::string& question,
                   const std::string& answer) {
  for (const auto& [split, count] : {std::pair{"train", 64}, std::pair{"valid", 4}}) {
    std::string source, target;
    for (int i = 0; i < count; ++i) {
      source += std::string(1, static_cast<char>('A' + i % 8)) + " " + question + "\n";
      target += answer + "\n";
    }
    shop.write(folder + "/" + split + ".en", source);
    shop.write(folder + "/" + split + ".fr", target);
  }
}

Words train_on(const std::string& data, const std::string& out, Words more = {}) {
  more.insert(more.begin(), {"--data", data, "--target", "fr", "--epochs", "12", "--lr", "0.01", "--optimizer",
                             "adam", "--batch-size", "8"});
  Words words = train(out);
  words.erase(words.begin() + 2, words.begin() + 4);  // --data data
  for (const char* flag : {"--epochs", "--batch-size"}) {
    const auto at = std::find(words.begin(), words.end(), flag);
    words.erase(at, at + 2);
  }
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string tokenize_of(const TemporaryDirectory& shop, const std::string& out) {
  return nlohmann::json::parse(bytes_of(shop / (out + "/run.json")))["settings"]["text"]["tokenize"];
}

}  // namespace

TEST_CASE("raw text is tokenised, and answered in plain text", "[translate]") {
  const TemporaryDirectory shop;
  write_answers(shop, "data", "isn't there, is it?", "L'eau est \"là\", dit-il.");
  const Outcome trained = run(shop, train_on("data", "run"));
  REQUIRE(trained.code == 0);
  CHECK_THAT(trained.said, ContainsSubstring("data: the text is raw: --tokenize moses"));
  CHECK_THAT(trained.said, ContainsSubstring("isn'\\''t there, is it?"));  // the line to type next
  CHECK(tokenize_of(shop, "run") == "moses");
  CHECK_THAT(bytes_of(shop / "run/target.vocab"),
             ContainsSubstring("\nL&apos;\n") && ContainsSubstring("\ndit-il\n"));

  const std::string question = "A isn’t there, is it?\n";
  CHECK(run(shop, {translate, "text", "--run", "run"}, question).said == "L'eau est \"là\", dit-il.\n");
  CHECK(run(shop, {translate, "text", "--run", "run", "--no-detokenize"}, question).said ==
        "L&apos; eau est &quot; là &quot; , dit-il .\n");

  const Outcome judged = run(shop, {translate, "eval", "--run", "run", "--output", "plain"});
  CHECK_THAT(judged.said, ContainsSubstring("BLEU = 100.00") && ContainsSubstring("hyp_len=36,") &&
                              ContainsSubstring("BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp = 100.00") &&
                              ContainsSubstring("hyp_len = 32 ") && ContainsSubstring("± 0.00: "));
  CHECK_THAT(bytes_of(shop / "plain"), ContainsSubstring("L'eau est \"là\", dit-il.\n"));
  const auto figures = nlohmann::json::parse(run(shop, {translate, "eval", "--run", "run", "--json"}).said);
  CHECK(figures["bleu_13a"].get<double>() == Catch::Approx(100));
  CHECK(figures["bleu_13a_low"].get<double>() == Catch::Approx(100));  // all sentences are right, whichever are drawn
  CHECK(figures["bleu_13a_high"].get<double>() == Catch::Approx(100));
  CHECK(figures["bleu_13a_signature"] == "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp");

  // Others have written something else.
  const auto against = [&](const char* lines) {
    shop.write("others.txt", lines);
    return run(shop, {translate, "eval", "--run", "run", "--reference", "others.txt"});
  };
  CHECK_THAT(against("L'eau!\nL'eau!\nL'eau!\nL'eau!\n").said,
             ContainsSubstring("BLEU = 100.00") && ContainsSubstring("BLEU|nrefs:2|") &&
                 ContainsSubstring("(less is better; 0 edits, 24 words)") &&
                 ContainsSubstring("against 2 references of each sentence"));
  CHECK_THAT(against("L'eau!\n\nL'eau!\n\n").said,
             ContainsSubstring("BLEU|nrefs:var|") && ContainsSubstring("against 1 to 2 references"));
  CHECK_THAT(against("L'eau!\n").said, ContainsSubstring("others.txt has 1 lines, but the split has 4"));
  CHECK_THAT(against(bytes_of(shop / "data/valid.fr").c_str()).said, ContainsSubstring("would count twice"));

  // It goes on as it began, and says so when something else is asked for.
  CHECK(run(shop, {translate, "train", "--out", "run", "--resume", "--epochs", "13"}).code == 0);
  CHECK(tokenize_of(shop, "run") == "moses");
  const Outcome other = run(shop, {translate, "train", "--out", "run", "--resume", "--tokenize", "none"});
  CHECK(other.code == 2);
  CHECK_THAT(other.said, ContainsSubstring("tokenize is \"moses\", not \"none\""));
}

TEST_CASE("tokens are left as they are, in a run from before there was a tokenizer, too", "[translate]") {
  const TemporaryDirectory shop;
  write_answers(shop, "data", "is n't there , is it ?", "l&apos; eau , dit-il .");
  const Outcome trained = run(shop, train_on("data", "run"));
  REQUIRE(trained.code == 0);
  CHECK_THAT(trained.said, ContainsSubstring("data: the text is tokenised already: --tokenize none"));
  CHECK(tokenize_of(shop, "run") == "none");
  const auto check_answers = [&] {
    CHECK(run(shop, {translate, "text", "--run", "run"}, "A is n't there , is it ?\n").said ==
          "l&apos; eau , dit-il .\n");
    CHECK_THAT(run(shop, {translate, "eval", "--run", "run"}).said,
               ContainsSubstring("BLEU = 100.00") && !ContainsSubstring("13a"));
  };
  check_answers();
  auto settings = nlohmann::json::parse(bytes_of(shop / "run/run.json"));
  settings.erase("crc32c");  // which such a run has not either
  REQUIRE(settings["settings"]["text"].erase("tokenize") == 1);
  REQUIRE(settings["settings"]["text"].erase("lowercase") == 1);
  shop.write("run/run.json", settings.dump());
  check_answers();
}

TEST_CASE("small letters on request", "[translate]") {
  const TemporaryDirectory shop;
  write_answers(shop, "data", "is THERE.", "Il est LÀ-BAS, Bob.");
  REQUIRE(run(shop, train_on("data", "run", {"--lowercase"})).code == 0);
  CHECK_THAT(bytes_of(shop / "run/source.vocab"), ContainsSubstring("\nthere\n") && !ContainsSubstring("THERE"));
  CHECK(run(shop, {translate, "text", "--run", "run"}, "a Is there.\n").said.starts_with("il est l"));
  CHECK_THAT(run(shop, {translate, "eval", "--run", "run"}).said,
             ContainsSubstring("case:lc|eff:no|tok:13a|smooth:exp = 100.00"));
}

TEST_CASE("tokens that do not compare are refused", "[translate]") {
  const TemporaryDirectory shop;
  write_answers(shop, "data", "is there.", "là, Bob.");
  REQUIRE(run(shop, train_on("data", "one", {})).code == 0);
  REQUIRE(run(shop, train_on("data", "two", {"--tokenize", "none"})).code == 0);
  const Outcome compared = run(shop, {translate, "eval", "--run", "one", "--against", "two"});
  CHECK(compared.code == 1);
  CHECK_THAT(compared.said, ContainsSubstring("read text in different ways"));
  const Outcome builtin = run(shop, {translate, "train", "--out", "three", "--tokenize", "moses"});
  CHECK(builtin.code == 2);
  CHECK_THAT(builtin.said, ContainsSubstring("--tokenize moses is for raw text"));
}
