#include "examples/support/text/text.h"

#include "autograd/base/error.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

#include <zlib.h>

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
using heed::tests::TemporaryDirectory;
using Strings = std::vector<std::string>;

namespace {

std::string gzip(const std::string& bytes, const std::filesystem::path& path) {
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  return path.string();
}

}  // namespace

TEST_CASE("lines end at line feeds and nowhere else") {
  const TemporaryDirectory directory;
  const auto read = [&](const std::string& bytes) { return read_lines(directory.write("text", bytes)); };
  CHECK(read("a\nb\n") == Strings{"a", "b"});
  CHECK(read("a\nb") == Strings{"a", "b"});
  CHECK(read("a\r\n\r\nb\r\n") == Strings{"a", "", "b"});
  CHECK(read("\n") == Strings{""});
  CHECK(read("a\rb\x0C\v\u2028\u0085c\n") == Strings{"a\rb\x0C\v\u2028\u0085c"});
  CHECK(read("\xEF\xBB\xBFzwei\n") == Strings{"zwei"});
}

TEST_CASE("gzip files are unpacked, and damaged ones refused") {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "satz " + std::to_string(i * 7919) + "\n";
  const std::string path = gzip(text, directory / "text.gz");
  const Strings lines = read_lines(path);
  REQUIRE(lines.size() == 20000);
  CHECK(lines[19999] == "satz 158372081");

  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  CHECK_THROWS_WITH(read_lines(path), ContainsSubstring("text.gz") && ContainsSubstring("cut or damaged"));
  CHECK_THROWS_WITH(read_lines(directory.write("plain.gz", "no gzip\n")), ContainsSubstring("not a gzip file"));
}

TEST_CASE("missing, empty and foreign files are errors that name the file") {
  const TemporaryDirectory directory;
  CHECK_THROWS_WITH(read_lines(directory / "none.en"),
                    ContainsSubstring("no such file") && ContainsSubstring("none.en"));
  CHECK_THROWS_WITH(read_lines(directory.write("empty.en", "")), ContainsSubstring("empty.en is empty"));
  CHECK_THROWS_WITH(read_lines(directory.string()), ContainsSubstring("is a directory"));
  CHECK_THROWS_AS(read_lines(directory / "none.en"), heed::Error);
  CHECK_THROWS_WITH(read_lines(directory.write("latin1.fr",
                                               "bonjour\nl'\xE9"
                                               "cole\n")),
                    ContainsSubstring("latin1.fr, line 2, byte 3: 0xe9 is not valid UTF-8"));
}

TEST_CASE("UTF-8 is validated to the letter") {
  for (const char* good :
       {"", "abc", "é", "€", "😀", "\u007F\u0080\u07FF\u0800\uFFFF\U00010000\U0010FFFF", "\uD7FF\uE000"}) {
    INFO(good);
    CHECK(invalid_utf8(good) == std::nullopt);
  }
  // A lone continuation, overlong forms, a surrogate, beyond U+10FFFF, cut sequences, a broken continuation.
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xE2(\xA1"}) {
    const std::string text = std::string("ab") + bad;
    CHECK(invalid_utf8(text) == 2u);
  }
}

TEST_CASE("words stand between runs of white space") {
  CHECK(split_words("  the \t cat  sat\u00A0!\u202F? \r") == Strings{"the", "cat", "sat", "!", "?"});
  CHECK(split_words("a\u3000b\u2009c") == Strings{"a", "b", "c"});
  CHECK(split_words(" \t ").empty());
  CHECK(split_words("").empty());
  CHECK(split_words("\u00E0 la") == Strings{"\u00E0", "la"});  // U+00E0 ends in the byte of U+00A0
  CHECK(join_words({"a", "b", "c"}) == "a b c");
  CHECK(join_words({}) == "");
}

TEST_CASE("columns are counted in characters, not bytes") {
  CHECK(char_count("garçon") == 6);
  CHECK(char_count("e\u0301") == 1);
  CHECK(char_count("漢字") == 4);
  CHECK(char_count("█░") == 2);
  CHECK(char_count("\xFF") == 1);
  CHECK(pad_right("é", 3) == "é  ");
  CHECK(pad_right("long", 3) == "long");
  CHECK(split_characters("aé😀") == Strings{"a", "é", "😀"});
}
