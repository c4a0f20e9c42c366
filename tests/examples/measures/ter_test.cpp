// The edits are those of ter.py beside this file, which is written by other means; the last pair is the example of
// Snover et al.
#include "examples/support/measures/ter.h"

#include <algorithm>

#include "examples/support/text/text.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed::support;

namespace {

int64_t edits_of(const std::string& hypothesis, const std::string& reference) {
  return edits_with_shifts(split_words(hypothesis), split_words(reference));
}

// A line with its seventh words left out and its first third at its end.
std::string disordered(const std::string& line) {
  std::vector<std::string> kept;
  const std::vector<std::string> words = split_words(line);
  for (size_t i = 0; i < words.size(); ++i)
    if (i % 7 != 6) kept.push_back(words[i]);
  std::rotate(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(kept.size() / 3), kept.end());
  return join_words(kept);
}

}  // namespace

TEST_CASE("edits and shifts of single sentences", "[ter]") {
  struct Pair {
    const char *hypothesis, *reference;
    int64_t edits;
  };
  for (const auto& [hypothesis, reference, edits] : std::vector<Pair>{
           {"a b c d", "a b c d", 0},
           {"", "a b", 2},
           {"a b", "", 2},
           {"", "", 0},
           {"A b", "a b", 1},
           {"a x c d e", "a b c d", 2},
           {"d e a b c", "a b c d e", 1},
           {"b a d c", "a b c d", 2},
           {"the cat the cat sat", "sat the cat", 3},
           {"c d x a b y e f", "a b c d e f g", 4},
           // Ten words are moved at once, eleven are not.
           {"a b c d e f g h i j k l m n o p q r s t", "k l m n o p q r s t a b c d e f g h i j", 1},
           {"l m n o p q r s t u v w a b c d e f g h i j k x", "a b c d e f g h i j k l m n o p q r s t u v w x", 2},
           {"yesterday I saw the man on the hill with a telescope .",
            "I saw a man with a telescope on the hill yesterday .", 3},
           {"in a park two young dogs are playing with a red ball",
            "two young dogs play with a red ball in a big park", 5},
           {"a a b a b a a b b a", "b b a a a b a a b a", 2},
           {"this week the saudis denied information published in the new york times",
            "saudi arabia denied this week information published in the american new york times", 4}}) {
    INFO(hypothesis << " | " << reference);
    CHECK(edits_of(hypothesis, reference) == edits);
  }
}

TEST_CASE("TER of a corpus", "[ter]") {
  Ter ter;
  CHECK(ter.score() == 0);
  ter.add("a b", {""});
  CHECK(ter.score() == 1);  // nothing was wanted
  ter.add("d e a b c", {"a b c d e"});
  CHECK(ter.score() == 3.0 / 5);
  CHECK_THROWS_WITH(ter.add("a", {}), Catch::Matchers::ContainsSubstring("TER: a sentence has no reference: 'a'"));
  // Of several references: the fewest edits, by the mean of the lengths.
  Ter several;
  several.add("a b c", {"a b x y z", "a b c d"});
  CHECK(several.edits == 1);
  CHECK(several.words == 4.5);
}

TEST_CASE("TER of a data set", "[ter]") {
  const auto folder = heed::tests::find_data("multi30k");
  if (!folder) return;
  Ter ter;
  for (const std::string& line : read_lines(*folder / "test2016.de")) ter.add(disordered(line), {line});
  CHECK(ter.words == 10905);
  CHECK(ter.edits == 2162);
}
