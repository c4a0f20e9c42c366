// What translate doctor finds in pairs, each kind planted.
#include "examples/support/doctor/language_guess.h"
#include "examples/support/doctor/unknown_words.h"
#include "examples/translate/doctor/findings.h"
#include "tests/catch.hpp"

namespace heed::translate {
namespace {

using support::guess_language;
using support::script_of;

using support::ParallelText;
using Lines = std::vector<int64_t>;

// Pairs of five words each, no two alike.
ParallelText sound(int from, int to) {
  ParallelText text;
  for (int i = from; i < to; ++i)
    text.add("the cat " + std::to_string(i) + " sleeps .", "le chat " + std::to_string(i) + " dort .", i + 1);
  return text;
}

}  // namespace

TEST_CASE("the doctor finds nothing in sound pairs, and each kind of others", "[doctor]") {
  const ParallelText train = sound(0, 50);
  const SplitFindings healthy = look_at("valid", sound(50, 60), &train);
  CHECK(healthy.pairs == 10);
  CHECK(healthy.source.middle == 5);
  for (const Kind* kind : {&healthy.twice, &healthy.same, &healthy.lopsided, &healthy.other_script, &healthy.in_train,
                           &healthy.source_in_train})
    CHECK(kind->count == 0);

  ParallelText ill = sound(50, 60);
  ill.add("the cat 50 sleeps .", "le chat 50 dort .", 11);  // stood there
  ill.add("the cat 7 sleeps .", "le chat 7 dort .", 12);    // train has it
  ill.add("the cat 8 sleeps .", "un chat dort .", 13);      // its source
  ill.add("not translated", "not translated", 14);
  ill.add("Oslo", "Oslo", 15);  // a name is no wonder
  ill.add("yes", "oui , mais je ne le ferai pas", 16);
  ill.add("кот спит", "le chat dort", 17);
  ill.add("3 + 4", "3 + 5", 18);  // no letters, no script
  const SplitFindings found = look_at("valid", ill, &train);
  CHECK(found.twice.first == Lines{11});
  CHECK(found.in_train.first == Lines{12});
  CHECK(found.source_in_train.first == Lines{12, 13});
  CHECK(found.same.first == Lines{14});
  CHECK(found.lopsided.first == Lines{16});
  CHECK(found.other_script.first == Lines{17});
  CHECK(found.target.most == 8);
}

TEST_CASE("unknown words are counted by a vocabulary of the text to learn from", "[doctor]") {
  ParallelText train, held_out;
  train.add("a a b", "x y", 1);
  train.add("a b c", "x", 2);
  held_out.add("a b c d", "x y z z", 1);
  const support::VocabularyOptions all{.min_count = 1}, often{.min_count = 2};
  CHECK(support::unknown_words(train.source, held_out.source, all).known == 4 + 3);
  CHECK(support::unknown_words(train.source, held_out.source, all).share == 0.25);
  CHECK(support::unknown_words(train.target, held_out.target, all).share == 0.5);
  CHECK(support::unknown_words(train.source, held_out.source, often).share == 0.5);
  CHECK(support::unknown_words(train.target, held_out.target, often).share == 0.75);
  const auto found = support::unknown_by_preset({{"a", all}, {"b", often}, {"c", {1, 100}}},
                                                {{train.source, held_out.source}, {train.target, held_out.target}});
  REQUIRE(found.size() == 2);  // a limit of 100 words makes no difference here
  CHECK(found.at("a, c").at(1).share == 0.5);
  CHECK(found.at("b").at(0).share == 0.5);
}

TEST_CASE("languages and scripts are told by common words and letters", "[doctor]") {
  CHECK(guess_language({"The dog is in the house.", "I have a cat, and it sleeps."}) == "en");
  CHECK(guess_language({"Der Hund ist nicht in dem Haus.", "Ich habe eine Katze, und sie schläft."}) == "de");
  CHECK(guess_language({"L'eau est dans la maison.", "Je ne vois pas les chiens et il dort."}) == "fr");
  CHECK(guess_language({"El perro está en la casa.", "No se lo que es un gato."}) == "es");
  CHECK(guess_language({"Il cane è nella casa.", "Non ho un gatto, ma gli amici lo hanno."}) == "it");
  CHECK(guess_language({"xyzzy plugh", "quux frobnicate"}).empty());
  CHECK(guess_language({}).empty());
  CHECK(script_of("Straße, 12") == "Latin");
  CHECK(script_of("кот A") == "Cyrillic");
  CHECK(script_of("日本語のテキスト") != "Latin");
  CHECK(script_of("12 + 3 = …").empty());
}

}  // namespace heed::translate
