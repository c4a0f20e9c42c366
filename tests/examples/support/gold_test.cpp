// Gold alignments: those that the grammar draws, and those that are read from files.
#include <map>
#include <set>

#include "autograd/base/error.h"
#include "examples/support/text/alignments/gold_file.h"
#include "examples/support/text/grammar.h"
#include "examples/support/text/text.h"
#include "tests/examples/data_path.h"

using namespace heed;
using namespace heed::support;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;
using Strings = std::vector<std::string>;

namespace {

// "looks-regarde at?regarde": the links in words.
std::string in_words(const std::string& source, const std::string& target, const WordLinks& links) {
  const Strings from = split_words(source), to = split_words(target);
  std::string text;
  for (const WordLink& link : links)
    text += (text.empty() ? "" : " ") + from[static_cast<size_t>(link.source)] + (link.sure ? "-" : "?") +
            to[static_cast<size_t>(link.target)];
  return text;
}

}  // namespace

TEST_CASE("the grammar draws the links that its rules promise", "[gold]") {
  std::map<std::string, std::string> drawn;
  const AlignedText all = builtin_aligned("train");
  for (size_t i = 0; i < all.links.size(); ++i)
    drawn[all.text.source[i]] = in_words(all.text.source[i], all.text.target[i], all.links[i]);
  CHECK(drawn.at("she does not love this black bird .") ==
        "she-elle does?aime not?n' not-pas love-aime this-cet black-noir bird-oiseau .-.");
  CHECK(drawn.at("the girl 's old garden is never old .") ==
        "the-la girl-fille 's?le 's-de old-vieux garden?le garden-jardin is-est never?n' never-jamais "
        "old-vieux .-.");
  CHECK(drawn.at("some birds do not always look for them .") ==
        "some-des birds-oiseaux do?cherchent not?ne not-pas always-toujours look-cherchent for?cherchent "
        "them-les .-.");
  CHECK(drawn.at("they are near some churches .") ==
        "they-ils are-sont near-près near?d' some-d' churches-églises .-.");
  CHECK(drawn.at("the hat near my church is black .") ==
        "the-le hat-chapeau near-près near?de my-mon church-église is-est black-noir .-.");
}

TEST_CASE("every word of the built-in corpus has a link, and every link two words", "[gold]") {
  for (const char* split : {"test", "test_long"}) {
    const AlignedText all = builtin_aligned(split);
    REQUIRE(all.links.size() == all.text.source.size());
    for (size_t i = 0; i < all.links.size(); ++i) {
      INFO(all.text.source[i]);
      std::set<int64_t> from, to;
      for (const WordLink& link : all.links[i]) {
        from.insert(link.source);
        to.insert(link.target);
      }
      REQUIRE(from.size() == split_words(all.text.source[i]).size());
      REQUIRE(to.size() == split_words(all.text.target[i]).size());
      REQUIRE(*from.rbegin() == static_cast<int64_t>(from.size()) - 1);
      REQUIRE(*to.rbegin() == static_cast<int64_t>(to.size()) - 1);
      REQUIRE(all.links[i] == tidied(all.links[i]));
    }
  }
}

TEST_CASE("a corpus of the grammar has the sizes and lengths that are asked for, and no sentence twice", "[gold]") {
  GrammarCorpus wanted;
  wanted.train = 600;
  wanted.valid = 40;
  wanted.test = 80;
  wanted.seed = 7;
  wanted.min_words = 5;
  wanted.max_words = 20;
  wanted.test_max_words = 44;
  wanted.lengths = Lengths::even;
  const AlignedCorpus corpus = make_corpus(wanted), again = make_corpus(wanted);
  CHECK(corpus.test.text.source == again.test.text.source);
  CHECK(corpus.train.links == again.train.links);
  std::set<std::string> sources;
  std::map<size_t, int> lengths;
  for (const AlignedText* split : {&corpus.train, &corpus.valid, &corpus.test})
    for (const std::string& line : split->text.source) {
      sources.insert(line);
      if (split != &corpus.test) ++lengths[split_words(line).size()];
    }
  CHECK(sources.size() == 600 + 40 + 80);
  CHECK(lengths.begin()->first == 5);
  CHECK(lengths.rbegin()->first == 20);
  for (const auto& [length, count] : lengths) {
    INFO(length);
    CHECK((count >= 20 && count <= 60));  // 40, if they were quite even
  }
  size_t longest = 0;
  for (const std::string& line : corpus.test.text.source) longest = std::max(longest, split_words(line).size());
  CHECK((longest > 38 && longest <= 44));
  CHECK(make_corpus({}).valid.text.target == builtin_split("valid").target);
}

TEST_CASE("links are written and read in Pharaoh's form", "[gold]") {
  CHECK(pharaoh(tidied({{3, 1, false}, {0, 0, true}, {3, 1, true}, {1, 2, false}})) == "0-0 1?2 3-1");
  CHECK(turned({{0, 2, true}, {1, 0, false}}) == WordLinks{{0, 1, false}, {2, 0, true}});
  CHECK(read_link("12?3") == WordLink{12, 3, false});
  for (const char* none : {"", "1", "1-", "-1", "1--2", "1-2x", "a-2", "1 2", "99999999999999999999-1", "1p2"})
    CHECK_FALSE(read_link(none));
}

TEST_CASE("gold links are read from both forms", "[gold]") {
  const TemporaryDirectory shop;
  const Strings sources = {"a b c d", "e", "", "f g"}, targets = {"A B C", "E F", "", "G"};
  const std::vector<WordLinks> expected = {{{0, 0, true}, {1, 2, true}, {3, 1, false}}, {}, {}, {{1, 0, true}}};
  const auto read = [&](const std::string& text, bool swapped = false) {
    return swapped ? read_gold(shop.write("gold", text), targets, sources, true)
                   : read_gold(shop.write("gold", text), sources, targets);
  };
  CHECK(read("3?1 0-0 1-2\n\n\n1-0 1?0\n") == expected);
  CHECK(read("\n\n\n1-0\n")[3] == WordLinks{{1, 0, true}});  // the form shows in the first line with something on it
  CHECK(read("1 1 1\n1 2 3 S\n1 4 2 P 0.5\n4 2 1 S\n4 0 1\n") == expected);
  CHECK(read("\n4 2 1 0.9\n1 1 1 S\r\n1 2 3\n1 4 2 P\n") == expected);
  const auto swapped = read("3?1 0-0 1-2\n\n\n1-0\n", true);
  CHECK(swapped[0] == WordLinks{{0, 0, true}, {1, 3, false}, {2, 1, true}});
}

TEST_CASE("gold links that cannot be say where and why", "[gold]") {
  const TemporaryDirectory shop;
  const Strings sources = {"a b c d", "e"}, targets = {"A B", "E"};
  const std::pair<const char*, const char*> cases[] = {
      {"0-0\n0-0\n0-0\n", "has 3 lines, but there are 2 pairs of sentences"},
      {"0-0\n", "has 1 lines, but there are 2"},
      {"0-0\n1-0\n", "gold, line 2: link 1-0 of pair 2 goes beyond the source sentence, which has 1 words"},
      {"0-2\n\n",
       "line 1: link 0-2 of pair 1 goes beyond the target sentence, which has 2 words; if the file has them "
       "the other way round, take --swap-gold"},
      {"0-0 1/1\n0-0\n", "line 1: '1/1' is no link; one is written 3-1, or 3?1"},
      {"0-0\n1 1 1\n", "line 2: '1' is no link"},
      {"1 1 1\n0-0\n", "line 2: '0-0' is no link; one is written 'sentence source target'"},
      {"1 1 1\n3 1 1\n", "line 2: there is no sentence 3; they are counted from 1 to 2"},
      {"0 0 0\n", "line 1: there is no sentence 0"},
      {"2 2 1 P\n", "line 1: link 2?1 of pair 2 goes beyond the source sentence, which has 1 words"},
      {"1 1 1 X\n", "line 1: '1 1 1 X' is neither a line of links"},
      {"\nsome text\n",
       "line 2: 'some text' is neither a line of links such as '0-0 1-2 3?1' nor one link such as '1 4 2 P'"},
      {"\n\n", "has no link at all"},
      {"1 0 1\n2 1 0\n", "has no link at all"},
      {"", "is empty"}};
  for (const auto& [text, message] : cases) {
    INFO(text);
    CHECK_THROWS_WITH(read_gold(shop.write("gold", text), sources, targets), ContainsSubstring(message));
  }
  CHECK_THROWS_WITH(read_gold(shop / "nowhere", sources, targets), ContainsSubstring("nowhere"));
}
