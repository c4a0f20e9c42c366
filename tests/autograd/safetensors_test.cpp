#include "autograd/safetensors.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "autograd/crc32c.h"
#include "autograd/json_scan.h"
#include "autograd/memory.h"
#include "autograd/shape_ops.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() : path(fs::temp_directory_path() / ("heed-tensors-" + std::to_string(::getpid()))) {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path operator/(const char* name) const { return path / name; }
  fs::path path;
};

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

// A file with this header and this many zero bytes of data.
std::string with_header(const std::string& header, size_t data = 0) {
  const uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data, '\0');
}

std::string message(const fs::path& path) {
  try {
    load_tensors(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string message(const fs::path& path, const std::string& bytes) {
  write(path, bytes);
  return message(path);
}

TensorFile sample() {
  TensorFile file;
  file.tensors["encoder.weight"] = Tensor::from<float>({1, -2, 3.5f, 4, 5, 6}, {2, 3});
  file.tensors["bias"] = Tensor::from<float>({0.1f, -0.f, INFINITY});
  file.tensors["moments"] = Tensor::from<double>({1e300, 0.1});
  file.tensors["ids"] = Tensor::from<int64_t>({-1, INT64_MAX, 0}, {3, 1});
  file.tensors["scalar"] = Tensor::scalar(2.5, DType::f64);
  file.tensors["nothing"] = Tensor::empty({3, 0, 2});
  file.tensors["\"quoted\" \\ \xC3\xA9\n"] = Tensor::from<float>({7});
  file.metadata["step"] = "1200";
  file.metadata["odd \"key\""] = "line\nbreak \xF0\x9F\x98\x80 \\ \x01";
  return file;
}

void check_equal(const TensorFile& a, const TensorFile& b) {
  CHECK(a.metadata == b.metadata);
  REQUIRE(a.tensors.size() == b.tensors.size());
  for (const auto& [name, x] : a.tensors) {
    const Tensor& y = b.tensors.at(name);
    INFO(name);
    CHECK(x.dtype() == y.dtype());
    CHECK(x.shape() == y.shape());
    CHECK(x.to_vector() == y.to_vector());
  }
}

// While it lives, no file of this process grows beyond `bytes`: what a full disk looks like.
struct FullDisk {
  explicit FullDisk(rlim_t bytes) {
    old_action = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_limit);
    const rlimit limit{bytes, old_limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_limit);
    ::signal(SIGXFSZ, old_action);
  }
  rlimit old_limit{};
  void (*old_action)(int);
};

}  // namespace

TEST_CASE("CRC-32C gives the published values, in pieces too", "[safetensors]") {
  const std::string digits = "123456789", zeros(32, '\0'), ones(32, '\xff');
  CHECK(crc32c(digits.data(), 9) == 0xE3069283);  // the check value of the catalogue of CRCs
  CHECK(crc32c(zeros.data(), 32) == 0x8A9136AA);  // RFC 3720, appendix B.4
  CHECK(crc32c(ones.data(), 32) == 0x62A8AB43);
  CHECK(crc32c(nullptr, 0) == 0);
  for (size_t cut = 0; cut <= 32; ++cut)
    CHECK(crc32c(ones.data() + cut, 32 - cut, crc32c(ones.data(), cut)) == 0x62A8AB43);
}

TEST_CASE("tensors and metadata come back as they were saved", "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "all.safetensors";
  const TensorFile file = sample();
  save_tensors(path, file);
  check_equal(file, load_tensors(path));
  save_tensors(path, TensorFile{});
  check_equal(TensorFile{}, load_tensors(path));
}

TEST_CASE("the numbers in a file are aligned, and views are saved as what they show", "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "views.safetensors";
  TensorFile file;
  file.tensors["a"] = Tensor::from<float>({1, 2, 3});
  file.tensors["b"] = transpose(Tensor::from<double>({1, 2, 3, 4, 5, 6}, {2, 3}), 0, 1);
  save_tensors(path, file);
  CHECK(load_tensors(path).tensors.at("b").to_vector() == std::vector<double>{1, 4, 2, 5, 3, 6});
  const std::string bytes = content(path);
  uint64_t length;
  std::memcpy(&length, bytes.data(), 8);
  CHECK((8 + length) % 64 == 0);
  double first;  // the wide type comes first
  std::memcpy(&first, bytes.data() + 8 + length, 8);
  CHECK(first == 1);
}

TEST_CASE("a file of another writer, without checksums or padding, is read", "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "other.safetensors";
  const std::string header =
      R"( {"__metadata__":{"format":"pt"},"b":{"shape":[2],"dtype":"I64","data_offsets":[4,20]},)"
      R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}  )";
  write(path, with_header(header.substr(1), 20));
  const TensorFile file = load_tensors(path);
  CHECK(file.metadata.at("format") == "pt");
  CHECK(file.tensors.at("a").shape() == Shape{});
  CHECK(file.tensors.at("b").to_ids() == std::vector<int64_t>{0, 0});
}

TEST_CASE("golden: the files of the reference values load", "[safetensors]") {
  const char* named = std::getenv("HEED_GOLDEN");
  const fs::path folder = named ? fs::path(named) : fs::path(HEED_SOURCE_DIR) / ".." / "shared" / "golden";
  if (!fs::is_directory(folder)) {
    WARN("skipped: no reference values in " << folder.string() << "; name their folder in HEED_GOLDEN");
    return;
  }
  int read = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".safetensors") continue;
    INFO(entry.path().string());
    CHECK(load_tensors(entry.path()).metadata.contains("op"));
    ++read;
  }
  CHECK(read > 0);
}

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
  const auto one = [](const std::string& shape, const std::string& offsets,
                      const std::string& dtype = "F32") {
    return with_header(
        fmt::format(R"({{"w":{{"dtype":"{}","shape":{},"data_offsets":{}}}}})", dtype, shape, offsets), 64);
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
      {one("[16]", "[0,64]", "BF16"), "tensor w has numbers of type BF16"},
      {one("[16]", "[0,64]", "F33"), "tensor w has numbers of type F33"},
      {pair("[0,32]", "[16,48]"), "overlap"},
      {pair("[0,32]", "[0,32]"), "overlap"},
      {pair("[32,64]", "[32,64]"), "leave a hole"},
      {with_header("{" + good + "," + good + "}", 64), "\"w\" occurs twice"},
      {with_header("{" + good + R"(,"\u0077":{"dtype":"F32","shape":[0],"data_offsets":[64,64]}})", 64),
       "twice"},
      {with_header(R"({"w":{"dtype":"F32","dtype":"F32","shape":[16],"data_offsets":[0,64]}})", 64),
       "\"dtype\" twice"},
      {with_header(R"({"w":{"dtype":"F32","shape":[16]}})", 64), "lacks"},
      {with_header(R"({"w":{"dtype":"F32","shape":[16],"data_offsets":[0,64],"x":{}}})", 64),
       "unknown entry \"x\""},
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

TEST_CASE("what is no file is refused", "[safetensors]") {
  const Folder folder;
  CHECK_THAT(message(folder / "missing"), ContainsSubstring("No such file"));
  CHECK_THAT(message(folder.path), ContainsSubstring("not a regular file"));
}

TEST_CASE("UTF-8 is accepted up to the last code point", "[safetensors]") {
  CHECK(
      find_bad_utf8("plain \xC2\x80 \xDF\xBF \xE0\xA0\x80 \xEF\xBF\xBF \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF") ==
      std::string_view::npos);
  for (const char* bad :
       {"\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xF5\x80\x80\x80", "\xFF", "\xC3"})
    CHECK(find_bad_utf8(bad) == 0);
  JsonScan scan(R"("\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\")", "text");
  CHECK(scan.string() == "\xC3\xA9\xF0\x9F\x98\x80/\b\f\n\r\t\"\\");
}

TEST_CASE("what cannot be saved is said before the old file is touched", "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "kept.safetensors";
  save_tensors(path, sample());
  const std::string before = content(path);
  const auto refused = [&](auto change, const char* said) {
    TensorFile file = sample();
    change(file);
    CHECK_THROWS_WITH(save_tensors(path, file), ContainsSubstring(said));
    CHECK(content(path) == before);
  };
  refused([](TensorFile& f) { f.metadata["crc32c.bias"] = "0"; }, "crc32c.bias is taken");
  refused([](TensorFile& f) { f.metadata["x"] = "\xFF"; }, "not UTF-8");
  refused([](TensorFile& f) { f.metadata["x"] = std::string(2 << 20, 'x'); }, "bytes of metadata");
  refused([](TensorFile& f) { f.tensors["\xFF"] = Tensor::zeros({1}); }, "not UTF-8");
  refused([](TensorFile& f) { f.tensors["__metadata__"] = Tensor::zeros({1}); }, "__metadata__");
  refused([](TensorFile& f) { f.tensors["x"] = Tensor(); }, "x is undefined");
  {
    const FullDisk full(20000);
    refused([](TensorFile& f) { f.tensors["big"] = Tensor::zeros({100000}); }, "File too large");
  }
  check_equal(sample(), load_tensors(path));
  CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 1);
}

namespace {

struct Layer {
  Tensor weight = Tensor::from<float>({1, 2, 3, 4}, {2, 2}), mean = Tensor::from<float>({5, 6});
  void parts(auto& visit) {
    visit("weight", weight);
    visit.buffer("mean", mean);
  }
};
struct Model {
  std::vector<Layer> layers{2};
  void parts(auto& visit) { visit("layers", layers); }
};

}  // namespace

TEST_CASE("a model is saved and loaded by name, in either precision", "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "model.safetensors";
  Model model;
  const Parameters parameters(model);
  TensorFile file;
  put_tensors(file, named_tensors(model), "model.");
  file.tensors["adam.m"] = parameters.flat();
  save_tensors(path, file);

  Model other;
  for (const NamedTensor& part : named_tensors(other)) *part.tensor = Tensor::zeros(part.tensor->shape());
  convert(other, DType::f64);
  Parameters others(other);
  load_into(named_tensors(other), load_tensors(path), path, "model.");
  CHECK(other.layers[1].weight.to_vector() == std::vector<double>{1, 2, 3, 4});
  CHECK(other.layers[1].mean.to_vector() == std::vector<double>{5, 6});
  CHECK(others.flat().to_vector() == parameters.flat().to_vector());
}

TEST_CASE("a file that does not fit a model says everything that is wrong, and changes nothing",
          "[safetensors]") {
  Model model;
  TensorFile file;
  put_tensors(file, named_tensors(model));
  file.tensors.erase("layers.0.mean");
  file.tensors["layers.7.weight"] = Tensor::zeros({3});
  file.tensors["layers.1.weight"] = Tensor::zeros({2, 3});
  file.tensors["layers.1.mean"] = Tensor::zeros({2}, DType::i64);
  file.tensors["layers.0.weight"] = Tensor::zeros({2, 2});
  CHECK_THROWS_WITH(load_into(named_tensors(model), file, "best.safetensors"),
                    ContainsSubstring("best.safetensors does not fit") &&
                        ContainsSubstring("Missing from the file (1):\n  layers.0.mean f32 [2]") &&
                        ContainsSubstring("Unexpected in the file (1):\n  layers.7.weight f32 [3]") &&
                        ContainsSubstring("Mismatch (2):") &&
                        ContainsSubstring("layers.1.weight f32 [2, 2] in the model, f32 [2, 3] in the file"));
  CHECK(model.layers[0].weight.to_vector() == std::vector<double>{1, 2, 3, 4});
}
