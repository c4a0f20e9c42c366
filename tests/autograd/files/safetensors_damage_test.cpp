// Files of tensors that were cut, damaged or made to do harm.
#include "autograd/base/memory.h"
#include "autograd/files/json_scan.h"
#include "tests/autograd/files/tensor_files.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::tensor_files;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a file cut anywhere is refused", "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "cut.safetensors";
  save_tensors(path, sample());
  const std::string whole = content(path);
  for (size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    REQUIRE_THAT(message(path, whole.substr(0, length)), ContainsSubstring(path.string()));
  }
  CHECK_THAT(message(path, whole + "x"), ContainsSubstring("longer than its header says"));
}

TEST_CASE("every flipped bit is noticed, and one in a tensor names it", "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "flipped.safetensors";
  save_tensors(path, sample());
  const std::string whole = content(path);
  uint64_t length;
  std::memcpy(&length, whole.data(), 8);
  const size_t header_end = whole.find_last_not_of(' ', 8 + length - 1) + 1;  // behind it only padding
  int in_data = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    if (at >= header_end && at < 8 + length) continue;
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    const std::string said = message(path, damaged);
    INFO("byte " << at << ": " << said);
    REQUIRE_FALSE(said.empty());
    if (at >= 8 + length && said.find("is damaged: its checksum is") != std::string::npos) ++in_data;
  }
  CHECK(in_data == static_cast<int>(whole.size() - 8 - length));
  std::string damaged = whole;
  damaged[8 + length] ^= 1;
  CHECK_THAT(message(path, damaged), ContainsSubstring("tensor ids is damaged"));
}

TEST_CASE("a hostile header is refused before memory is asked for", "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "hostile.safetensors";
  const auto one = [](const std::string& shape, const std::string& offsets, const std::string& dtype = "F32") {
    return with_header(fmt::format(R"({{"w":{{"dtype":"{}","shape":{},"data_offsets":{}}}}})", dtype, shape, offsets),
                       64);
  };
  const auto pair = [](const std::string& a, const std::string& b) {
    return with_header(fmt::format(R"({{"a":{{"dtype":"F32","shape":[8],"data_offsets":{}}},"b":)"
                                   R"({{"dtype":"F32","shape":[8],"data_offsets":{}}}}})",
                                   a, b),
                       64);
  };
  const std::string good = R"("w":{"dtype":"F32","shape":[16],"data_offsets":[0,64]})";
  struct Case {
    std::string bytes, said;
  };
  std::string huge = with_header("{}");
  std::memset(huge.data(), 0xFF, 8);
  const Case cases[] = {
      {huge, "announces a header"},
      {std::string("\x00\x00\x00\x01\x00\x00\x00\x00{}", 10), "announces a header"},
      {one("[1099511627776]", "[0,4398046511104]"), "the file has 64"},
      {one("[4294967296,4294967296]", "[0,64]"), "no memory holds"},
      {one("[9007199254740992,2,2,2]", "[0,64]"), "takes 288230376151711744 bytes"},
      {one("[0,4294967296,4294967296,4294967296]", "[0,64]"), "no memory holds"},
      {one("[9007199254740993]", "[0,64]"), "above 2^53"},
      {one("[99999999999999999999999]", "[0,64]"), "above 2^53"},
      {one("[-16]", "[0,64]"), "whole number of at least 0 expected, '-' found"},
      {one("[16.0]", "[0,64]"), "fraction"},
      {one("[16e0]", "[0,64]"), "exponent"},
      {one("[016]", "[0,64]"), "leading zeros"},
      {one("[16,]", "[0,64]"), "whole number of at least 0 expected, ']' found"},
      {one("[1,1,1,1,1,1,1,1,16]", "[0,64]"), "more than 8 axes"},
      {one("[[[[[[[[16]]]]]]]]", "[0,64]"), "whole number of at least 0 expected, '[' found"},
      {one("[16]", "[64,0]"), "data_offsets are [64, 0]"},
      {one("[16]", "[0,60]"), "takes 64 bytes"},
      {one("[15]", "[0,60]"), "the file has 64"},
      {one("[15]", "[4,64]"), "leave a hole"},
      {one("[16]", "[0,64]", "BF16"), "takes 32 bytes"},
      {one("[16]", "[0,64]", "F33"), "tensor w has numbers of the unknown type F33; known are F64, "},
      {pair("[0,32]", "[16,48]"), "overlap"},
      {pair("[0,32]", "[0,32]"), "overlap"},
      {pair("[32,64]", "[32,64]"), "leave a hole"},
      {with_header("{" + good + "," + good + "}", 64), "\"w\" occurs twice"},
      {with_header("{" + good + R"(,"\u0077":{"dtype":"F32","shape":[0],"data_offsets":[64,64]}})", 64), "twice"},
      {with_header(R"({"w":{"dtype":"F32","dtype":"F32","shape":[16],"data_offsets":[0,64]}})", 64),
       "\"dtype\" twice"},
      {with_header(R"({"w":{"dtype":"F32","shape":[16]}})", 64), "lacks"},
      {with_header(R"({"w":{"dtype":"F32","shape":[16],"data_offsets":[0,64],"x":{}}})", 64), "unknown entry \"x\""},
      {with_header(R"({"__metadata__":{"a":"1","a":"2"}})"), "\"a\" twice"},
      {with_header(R"({"__metadata__":{"a":1}})"), "'\"' expected"},
      {with_header(R"({"__metadata__":{"a":{"b":{"c":"d"}}}})"), "'\"' expected"},
      {with_header(R"({"__metadata__":{"a":")" + std::string(1 << 20, 'x') + "\"}}"), "bytes of metadata"},
      {with_header("{\"\xC0\xAF\":1}"), "not UTF-8 at byte 2"},
      {with_header("{\"\xED\xA0\x80\":1}"), "not UTF-8"},
      {with_header("{\"\xF4\x90\x80\x80\":1}"), "not UTF-8"},
      {with_header("{\"\xE2\x82"), "not UTF-8"},
      {with_header(R"({"\ud800":1})"), "surrogate"},
      {with_header(R"({"\udc00":1})"), "surrogate"},
      {with_header(R"({"\ud800\u0041":1})"), "surrogate"},
      {with_header(R"({"\u12G4":1})"), "hexadecimal"},
      {with_header(R"({"\x":1})"), "unknown escape"},
      {with_header("{\"a\nb\":1}"), "control character"},
      {with_header("{\"a"), "string without end"},
      {with_header("{" + good + "}}", 64), "nothing more expected"},
      {with_header("{" + good, 64), "'}' expected, the end found"},
      {with_header(std::string(100000, '[')), "does not begin with"},
      {with_header("{" + std::string(100000, '{')), "'\"' expected"},
      {with_header(""), "does not begin with"},
  };
  const int64_t held = memory::held_bytes();
  for (const Case& c : cases) {
    const std::string said = message(path, c.bytes);
    INFO(c.bytes.substr(8, 200));
    CHECK_THAT(said, ContainsSubstring(c.said) && ContainsSubstring(path.string()));
  }
  CHECK(memory::held_bytes() == held);
}

TEST_CASE("UTF-8 is accepted up to the last code point", "[safetensors]") {
  CHECK(find_bad_utf8("plain \xC2\x80 \xDF\xBF \xE0\xA0\x80 \xEF\xBF\xBF \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF") ==
        std::string_view::npos);
  for (const char* bad : {"\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xF5\x80\x80\x80", "\xFF", "\xC3"})
    CHECK(find_bad_utf8(bad) == 0);
  JsonScan scan(R"("\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\")", "text");
  CHECK(scan.string() == "\xC3\xA9\xF0\x9F\x98\x80/\b\f\n\r\t\"\\");
}
