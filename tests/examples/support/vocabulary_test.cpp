#include "examples/support/text/vocabulary.h"

#include "autograd/base/error.h"
#include "examples/support/text/text.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
using heed::tests::TemporaryDirectory;
using Strings = std::vector<std::string>;
using Numbers = std::vector<int64_t>;

namespace {

const std::vector<Strings> sentences = {{"b", "a", "c"}, {"é", "a", "b"}, {"a", "d", "<unk>", "</s>"}};

}  // namespace

TEST_CASE("words are numbered by falling frequency, then by their bytes") {
  const Vocabulary all = Vocabulary::build(sentences, {});
  CHECK(all.words() == Strings{"<pad>", "<s>", "</s>", "<unk>", "a", "b", "c", "d", "é"});
  CHECK(all.size() == 9);
  CHECK(all.id("a") == 4);
  CHECK(all.id("zebra") == Vocabulary::unknown);
  CHECK(all.word(8) == "é");
  CHECK(Vocabulary().words() == Strings{"<pad>", "<s>", "</s>", "<unk>"});
  CHECK_THROWS_WITH(all.word(9), ContainsSubstring("no word has number 9; there are 9 words"));
  CHECK_THROWS_AS(all.word(-1), heed::Error);
}

TEST_CASE("rare words and words beyond the limit are left out") {
  CHECK(Vocabulary::build(sentences, {2, 0}).words() == Strings{"<pad>", "<s>", "</s>", "<unk>", "a", "b"});
  CHECK(Vocabulary::build(sentences, {1, 3}).words() == Strings{"<pad>", "<s>", "</s>", "<unk>", "a", "b", "c"});
}

TEST_CASE("encoding and decoding") {
  const Vocabulary vocabulary = Vocabulary::build(sentences, {});
  CHECK(vocabulary.encode({"b", "zebra", "a"}) == Numbers{5, 3, 4});
  CHECK(vocabulary.encode({"<s>", "</s>", "<pad>", "<unk>"}) == Numbers{3, 3, 3, 3});
  CHECK(vocabulary.decode({1, 5, 4, 3, 2, 6, 0}) == Strings{"b", "a", "<unk>"});
  CHECK(vocabulary.decode({4, 0, 4}) == Strings{"a", "a"});
  CHECK_THROWS_AS(vocabulary.decode({99}), heed::Error);
}

TEST_CASE("a vocabulary survives its file, and a damaged file is told") {
  const TemporaryDirectory directory;
  const auto path = directory / "vocabulary.txt";
  const Vocabulary vocabulary = Vocabulary::build(sentences, {});
  vocabulary.save(path);
  CHECK(Vocabulary::load(path).words() == vocabulary.words());
  CHECK(Vocabulary::from_words(vocabulary.words()).id("é") == 8);

  const std::string bytes = read_bytes(path);
  // Cut anywhere, the file must never load as something else.
  for (size_t length = 0; length < bytes.size(); ++length) {
    CHECK_THROWS_AS(Vocabulary::load(directory.write("cut.txt", bytes.substr(0, length))), heed::Error);
  }
  const auto load = [&](const std::string& text) { return Vocabulary::load(directory.write("bad.txt", text)); };
  CHECK_THROWS_WITH(load("a\nb\n"), ContainsSubstring("bad.txt is not a vocabulary"));
  CHECK_THROWS_WITH(load("heed vocabulary 6\n<pad>\n<s>\n</s>\n<unk>\na\n"),
                    ContainsSubstring("6 words are announced, 5 are there"));
  CHECK_THROWS_WITH(load("heed vocabulary 6\n<pad>\n<s>\n</s>\n<unk>\na\na\n"),
                    ContainsSubstring("'a' occurs twice"));
  CHECK_THROWS_WITH(load("heed vocabulary 5\n<pad>\n<s>\n</s>\n<unk>\na b\n"), ContainsSubstring("white space"));
  CHECK_THROWS_WITH(load("heed vocabulary 4\n<s>\n<pad>\n</s>\n<unk>\n"), ContainsSubstring("first four"));
  CHECK_THROWS_WITH(load("heed vocabulary 2\n<pad>\n<s>\n"), ContainsSubstring("missing"));
  CHECK_THROWS_WITH(vocabulary.save(directory / "none/vocabulary.txt"),
                    ContainsSubstring("vocabulary.txt: No such file or directory"));
}
