#include "examples/support/text/grammar.h"

#include "autograd/base/error.h"
#include "examples/support/text/grammar_rules.h"
#include "examples/support/text/text.h"
#include "tests/catch.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace heed::support;
using Strings = std::vector<std::string>;

namespace {

const ParallelText& training_text() {
  static const ParallelText text = builtin_split("train");
  return text;
}

// The translation of an English sentence of the training text.
const std::string& translation(const std::string& english) {
  static const std::map<std::string, std::string> pairs = [] {
    std::map<std::string, std::string> all;
    const ParallelText& text = training_text();
    for (size_t i = 0; i < text.source.size(); ++i) all[text.source[i]] = text.target[i];
    return all;
  }();
  return pairs.at(english);
}

std::set<std::string> types(const Strings& lines) {
  std::set<std::string> words;
  for (const std::string& line : lines) {
    for (const std::string& word : split_words(line)) words.insert(word);
  }
  return words;
}

}  // namespace

TEST_CASE("French words take the form that stands before their neighbours") {
  const auto contracted = [](const std::string& line) {
    return join_words(grammar::contract(split_words(line)).words);
  };
  CHECK(contracted("le homme ne aime pas la école") == "l' homme n' aime pas l' école");
  CHECK(contracted("le livre que elle voit") == "le livre qu' elle voit");
  CHECK(contracted("près de le jardin") == "près du jardin");
  CHECK(contracted("près de le hôpital") == "près de l' hôpital");
  CHECK(contracted("près de les maisons") == "près des maisons");
  CHECK(contracted("près de des maisons") == "près de maisons");
  CHECK(contracted("près de des arbres") == "près d' arbres");
  CHECK(contracted("près de de vieilles maisons") == "près de vieilles maisons");
  CHECK(contracted("le chat de un ami") == "le chat d' un ami");
  CHECK(contracted("ce enfant voit ma école") == "cet enfant voit mon école");
  CHECK(contracted("elle ne les aide pas") == "elle ne les aide pas");
  CHECK(join_words(grammar::fix_article(split_words("a old apple near a house"))) == "an old apple near a house");
}

TEST_CASE("the built-in splits have the sizes, lengths and vocabulary promised") {
  const ParallelText& train = training_text();
  const ParallelText valid = builtin_split("valid"), test = builtin_split("test"),
                     longer = builtin_split("test_long");
  CHECK(train.source.size() == 20000);
  CHECK(train.target.size() == 20000);
  CHECK(valid.source.size() == 500);
  CHECK(test.source.size() == 500);
  CHECK(longer.source.size() == 300);

  size_t words = 0, shortest = 99, longest = 0, many = 0;
  for (const std::string& line : train.source) {
    const size_t length = split_words(line).size();
    words += length;
    shortest = std::min(shortest, length);
    longest = std::max(longest, length);
    many += length >= 30;
  }
  CHECK(shortest == 3);
  CHECK(longest <= 60);
  CHECK(longest > 55);
  CHECK(many > 200);
  CHECK(words < 20000 * 11);
  for (const std::string& line : longer.source) {
    CHECK(split_words(line).size() >= 30);
    CHECK(split_words(line).size() <= 60);
  }
  const auto english = types(train.source), french = types(train.target);
  CHECK(english.size() > 100);
  CHECK(english.size() < 220);
  CHECK(french.size() > 100);
  CHECK(french.size() < 220);
  for (const ParallelText* text : {&valid, &test, &longer}) {
    for (const std::string& word : types(text->source)) CHECK(english.count(word) == 1);
    for (const std::string& word : types(text->target)) CHECK(french.count(word) == 1);
  }
}

TEST_CASE("no sentence is in two splits") {
  std::map<std::string, std::string> split_of;
  for (const char* split : {"train", "valid", "test", "test_long"}) {
    const ParallelText text = split == std::string("train") ? training_text() : builtin_split(split);
    for (const std::string& line : text.source) {
      if (!split_of.emplace(line, split).second)
        FAIL_CHECK(line << " is in " << split << " and in " << split_of[line]);
    }
  }
  CHECK_THROWS_AS(builtin_split("nonsense"), heed::Error);
}

TEST_CASE("sentences are clean, and the two sides belong together") {
  const ParallelText& text = training_text();
  for (size_t i = 0; i < text.source.size(); ++i) {
    INFO(text.source[i] << " -> " << text.target[i]);
    const Strings english = split_words(text.source[i]), french = split_words(text.target[i]);
    REQUIRE(join_words(english) == text.source[i]);
    REQUIRE(join_words(french) == text.target[i]);
    REQUIRE(english.back() == ".");
    REQUIRE(french.back() == ".");
    // As many negations, clauses and commas on one side as on the other.
    const auto count = [](const Strings& words, std::initializer_list<const char*> which) {
      return std::count_if(words.begin(), words.end(), [&](const std::string& word) {
        return std::any_of(which.begin(), which.end(), [&](const char* w) { return word == w; });
      });
    };
    REQUIRE(count(english, {"not", "never"}) == count(french, {"ne", "n'"}));
    REQUIRE(count(english, {"not"}) == count(french, {"pas"}));
    REQUIRE(count(english, {"who", "which"}) == count(french, {"qui"}));
    REQUIRE(count(english, {"and", "but", "when", ","}) == count(french, {"et", "mais", "quand", ","}));
    // Nothing that French would have to elide or contract is left.
    for (size_t w = 0; w + 1 < french.size(); ++w) {
      const bool full = count({french[w]}, {"le", "la", "ne", "que", "de", "ce", "ma"}) > 0;
      REQUIRE_FALSE((full && grammar::starts_with_vowel(french[w + 1])));
      REQUIRE_FALSE((french[w] == "de" && count({french[w + 1]}, {"le", "les", "des", "de"}) > 0));
    }
  }
}

TEST_CASE("the French is right French") {
  CHECK(translation("the woman 's neighbours do not listen to any children .") ==
        "les voisins de la femme n' écoutent pas d' enfants .");
  CHECK(translation("he does not carry any black clocks .") == "il ne porte pas d' horloges noires .");
  CHECK(translation("he does not look at any small apples .") == "il ne regarde pas de petites pommes .");
  CHECK(translation("he thinks that he sees an old man .") == "il pense qu' il voit un vieil homme .");
  CHECK(translation("a beautiful tree is old .") == "un bel arbre est vieux .");
  CHECK(translation("some old women do not laugh .") == "de vieilles femmes ne rient pas .");
  CHECK(translation("two cats never arrive near a school .") == "deux chats n' arrivent jamais près d' une école .");
  CHECK(translation("they are near some churches .") == "ils sont près d' églises .");
  CHECK(translation("she does not love this black bird .") == "elle n' aime pas cet oiseau noir .");
  CHECK(translation("the hat near my church is black .") == "le chapeau près de mon église est noir .");
  CHECK(translation("a boy who does not help them listens to her .") == "un garçon qui ne les aide pas l' écoute .");
  CHECK(translation("this queen who does not wait for her is young .") ==
        "cette reine qui ne l' attend pas est jeune .");
  CHECK(translation("some birds do not always look for them .") == "des oiseaux ne les cherchent pas toujours .");
  CHECK(translation("our black flower that she does not see is green .") ==
        "notre fleur noire qu' elle ne voit pas est verte .");
  CHECK(translation("the girl 's old garden is never old .") == "le vieux jardin de la fille n' est jamais vieux .");
  CHECK(translation("today , the boys ' city is not big .") ==
        "aujourd'hui , la ville des garçons n' est pas grande .");
  CHECK(translation("the teacher and the queen are old .") == "le professeur et la reine sont vieux .");
  CHECK(translation("when the horse never sings , the hats are old .") ==
        "quand le cheval ne chante jamais , les chapeaux sont vieux .");
  CHECK(translation("my queens ' young horse looks at him .") == "le jeune cheval de mes reines le regarde .");
  CHECK(translation("two teachers and this friend do not buy any books .") ==
        "deux professeurs et cet ami n' achètent pas de livres .");
}

TEST_CASE("one English sentence has one translation, whatever the seed") {
  std::map<std::string, std::string> translations;
  for (uint64_t seed = 10; seed < 20; ++seed) {
    const ParallelText text = generate_grammar(3000, seed, 3, 9);
    for (size_t i = 0; i < text.source.size(); ++i) {
      const auto [known, is_new] = translations.emplace(text.source[i], text.target[i]);
      INFO(text.source[i] << " -> " << known->second << " | " << text.target[i]);
      CHECK((is_new || known->second == text.target[i]));
    }
  }
  CHECK(translations.size() < 30000);
}

TEST_CASE("the corpus is the same everywhere") {
  const ParallelText text = generate_grammar(50, 7, 3, 20), again = generate_grammar(50, 7, 3, 20);
  CHECK(text.source == again.source);
  CHECK(text.target == again.target);
  CHECK(generate_grammar(50, 8, 3, 20).source != text.source);
  // The text itself, as a hash (FNV-1a): a compiler that drew or ordered anything
  // differently would change it.
  uint64_t hash = 0xCBF29CE484222325u;
  for (const Strings* side : {&text.source, &text.target}) {
    for (const std::string& line : *side) {
      for (const char c : line) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    }
  }
  CHECK(hash == 0x0E06C3831CC88F56u);
}

TEST_CASE("the grammar says what it cannot generate") {
  CHECK_THROWS_AS(generate_grammar(1, 1, 2, 10), heed::Error);
  CHECK_THROWS_AS(generate_grammar(1, 1, 10, 9), heed::Error);
  CHECK_THROWS_WITH(generate_grammar(10000, 1, 3, 3), Catch::Matchers::ContainsSubstring("different sentences"));
}
