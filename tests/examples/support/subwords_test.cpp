#include "examples/support/text/subwords/subwords.h"

#include "autograd/base/error.h"
#include "autograd/base/rng.h"
#include "examples/support/text/corpus.h"
#include "examples/support/text/grammar.h"
#include "examples/support/text/subwords/byte_pairs.h"
#include "examples/support/text/text.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

#include <set>

#ifdef HEED_HAS_SENTENCEPIECE
#include <sentencepiece_processor.h>
#endif

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
using Strings = std::vector<std::string>;

TEST_CASE("pieces are put together at their word marks") {
  const Strings pieces = {"▁the", "▁play", "house", "▁."};
  CHECK(join_pieces(pieces) == "the playhouse .");
  CHECK(words_of_pieces(pieces) == std::vector<size_t>{0, 1, 1, 2});
  CHECK(join_pieces({"▁", "é", "▁", "x"}) == "é x");
  CHECK(words_of_pieces({"▁", "é", "▁", "x"}) == std::vector<size_t>{0, 0, 1, 1});
  CHECK(words_of_pieces({"no", "mark", "▁b"}) == std::vector<size_t>{0, 0, 1});
  CHECK(join_pieces({}) == "");
  CHECK(words_of_pieces({}).empty());
}

TEST_CASE("without sentencepiece subwords say what to install") {
  if (Subwords::available()) return;
  CHECK_THROWS_WITH(Subwords::train({"a b"}, 10), ContainsSubstring("install libsentencepiece-dev"));
}

TEST_CASE("byte pairs are joined by their scores, of equal ones the leftmost first", "[subwords]") {
  const BytePairs pairs(
      {{"<unk>", 0, false}, {"ab", -2}, {"bc", -1}, {"aa", -3}, {"aabc", -4}, {"a", -5}, {"b", -6}, {"c", -7}});
  CHECK(pairs.split("abc") == Strings{"a", "bc"});
  CHECK(pairs.split("aaa") == Strings{"aa", "a"});
  CHECK(pairs.split("aabc") == Strings{"aabc"});
  CHECK(pairs.split("abxyab") == Strings{"ab", "xy", "ab"});
  CHECK(pairs.split("<unk>") == Strings{"<unk>"});
  CHECK(pairs.split("").empty());
}

#ifdef HEED_HAS_SENTENCEPIECE
namespace {

// Of lines from which a model of that size is learnt, and of others: how many are cut otherwise than the library does.
int cut_otherwise(const Strings& learnt, int64_t pieces, const Strings& others) {
  const Subwords subwords = Subwords::train(learnt, pieces);
  sentencepiece::SentencePieceProcessor library;
  REQUIRE(library.LoadFromSerializedProto(subwords.bytes()).ok());
  int differ = 0;
  for (const Strings* lines : {&learnt, &others})
    for (const std::string& line : *lines) {
      Strings expected;
      REQUIRE(library.Encode(line, &expected).ok());
      if (subwords.encode(line) == expected) continue;
      ++differ;
      UNSCOPED_INFO("cut otherwise: " << line);
    }
  return differ;
}

// Words of a few letters, of what occurs in training and of what does not, with marks and spaces where they hurt.
Strings odd_lines(size_t count) {
  Rng rng(5);
  const Strings parts{"a", "b", "ab", "e", "n",      "the", "▁",     " ", "  ",
                      "é", "ü", "漢", "😀", "\u0301", "<s>", "<unk>", "."};
  Strings lines{"", " ", "▁", "▁▁", "a▁", "▁ a ▁", "</s>", std::string(300, 'a'), "\xFFx", "a\xC3"};
  while (lines.size() < count) {
    std::string line;
    for (int64_t i = rng.below(24); i >= 0; --i)
      line += parts[static_cast<size_t>(rng.below(static_cast<int64_t>(parts.size())))];
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("text is cut into the pieces that the library sentencepiece makes of it", "[subwords]") {
  const ParallelText builtin = builtin_split("valid");
  CHECK(cut_otherwise(builtin.source, 120, odd_lines(3000)) == 0);
  CHECK(cut_otherwise({"aaaa aaab abab baba", "ababab bbbb", "a▁b"}, 14, odd_lines(3000)) == 0);
  const auto path = heed::tests::find_data("multi30k/tok");
  if (!path) return;
  const ParallelText real = load_split(path->string(), "valid", "en", "de");
  CHECK(cut_otherwise(real.target, 1500, real.source) == 0);
  CHECK(cut_otherwise(real.source, 4000, real.target) == 0);
}
#endif

TEST_CASE("subwords of the built-in corpus") {
  if (!Subwords::available()) return;
  const ParallelText text = builtin_split("valid");
  Strings lines = text.source;
  lines.insert(lines.end(), text.target.begin(), text.target.end());
  const Subwords subwords = Subwords::train(lines, 200);
  CHECK(subwords.size() == 200);

  std::set<std::string> used;
  for (const std::string& line : lines) {
    const Strings pieces = subwords.encode(line);
    used.insert(pieces.begin(), pieces.end());
    REQUIRE(join_pieces(pieces) == line);
    REQUIRE(words_of_pieces(pieces).back() + 1 == split_words(line).size());
  }
  CHECK(used.size() <= 200);
  CHECK(subwords.encode("the").size() == 1);
  CHECK(join_pieces(subwords.encode("  Zürich \u00A0 the\t& 漢字 ")) == "Zürich the & 漢字");
  CHECK(subwords.encode("").empty());

  CHECK(Subwords::train(lines, 200).bytes() == subwords.bytes());
  CHECK(Subwords::from_bytes(subwords.bytes()).encode(lines[0]) == subwords.encode(lines[0]));
}

// In words of heed's, not the library's, and the number that is named can be had.
TEST_CASE("a number of pieces that cannot be had is answered with the nearest that can", "[subwords]") {
  if (!Subwords::available()) return;
  for (const Strings& lines : {Strings{"a"}, Strings{"ab ab", "b a"}, Strings{"cat", "dog", "▁"}, Strings{"été é"}}) {
    const auto advice = [&](int64_t pieces) {
      std::string why;
      try {
        Subwords::train(lines, pieces);
      } catch (const heed::Error& error) {
        why = error.what();
      }
      INFO(why);
      CHECK_THAT(why, !ContainsSubstring("vocab") && !ContainsSubstring("Internal"));
      const size_t at = why.find("give --bpe ");
      REQUIRE(at != std::string::npos);
      return std::stoll(why.substr(at + 11));
    };
    const int64_t least = advice(1), most = advice(1000);
    CHECK(Subwords::train(lines, least).size() == least);
    CHECK(Subwords::train(lines, most).size() == most);
    CHECK(advice(least - 1) == least);
    CHECK(advice(most + 1) == most);
  }
}

TEST_CASE("subwords refuse impossible sizes and foreign models") {
  if (!Subwords::available()) return;
  CHECK_THROWS_WITH(Subwords::train({"ab ab", "b a"}, 1000), ContainsSubstring("cannot learn 1000 pieces"));
  CHECK_THROWS_WITH(Subwords::train({"abcdefghijkl"}, 5), ContainsSubstring("cannot learn 5 pieces"));
  CHECK_THROWS_AS(Subwords::train({}, 100), heed::Error);
  CHECK_THROWS_AS(Subwords::from_bytes("not a model"), heed::Error);
  CHECK_THROWS_AS(Subwords::from_bytes(""), heed::Error);
}

// Each of these ended the process in the library, or would have.
TEST_CASE("subword models that heed never writes are refused before the library sees them") {
  if (!Subwords::available()) return;
  const std::string good = Subwords::train({"ab ab", "b a"}, 8).bytes();
  const auto refused = [&](const std::string& bytes, const std::string& why) {
    CHECK_THROWS_WITH(Subwords::from_bytes(bytes), ContainsSubstring("no model of byte pairs: " + why));
  };
  const auto with = [&](const std::string& before, const std::string& after) {
    std::string bytes = good;
    const size_t at = bytes.find(before);
    REQUIRE(at != std::string::npos);
    return bytes.replace(at, before.size(), after);
  };
  CHECK_NOTHROW(Subwords::from_bytes(good));
  for (size_t length = 0; length < good.size(); ++length)
    CHECK_THROWS_AS(Subwords::from_bytes(good.substr(0, length)), heed::Error);
  const std::string zero(1, '\0');
  refused(with("<unk>", "<u" + zero + "k>"), "a piece is no text");
  refused(with("<unk>", "<u\xFFk>"), "a piece is no text");
  refused(with("<unk>", "<unc>"), "a piece is of an unknown kind");
  refused(with("</s>", "<us>"), "a piece is of an unknown kind");
  refused(with("\x01"
               "b",
               "\x01"
               "a"),
          "a piece occurs twice");
  refused(with("identity", "nmt_nfkc"), "it normalises text");
  // The field "normalizer" a second time, with a table in it; and fields that no training writes.
  refused(good + std::string("\x1A\x04\x12\x02zz", 6), "it normalises text");
  refused(good + std::string("\x2A\x02\x12\x00", 4), "it has parts that heed never writes");
  refused(good + std::string("\x12\x02\x18\x01", 4), "it is of another kind");
  refused(good + std::string("\x12\x03\xC0\x01\x01", 5), "it is of another kind");  // marks behind words
  refused(good + std::string("\x1A\x02\x18\x00", 4), "it is of another kind");      // no mark before the first
  refused(good + "\x0B", "it is damaged");
  refused(good + std::string(11, '\xFF'), "it is cut or damaged");
}

TEST_CASE("subwords of Multi30k give back every sentence") {
  const auto path = heed::tests::find_data("multi30k/tok");
  if (!path || !Subwords::available()) return;
  const ParallelText text = load_split(path->string(), "valid", "en", "de");
  const Subwords subwords = Subwords::train(text.target, 1000);
  for (const std::string& line : load_split(path->string(), "test2016", "en", "de").target) {
    REQUIRE(join_pieces(subwords.encode(line)) == line);
  }
}
