#include "autograd/files/safetensors.h"

#include <cstdlib>
#include <cstring>

#include "autograd/files/crc32c.h"
#include "autograd/views/views.h"
#include "tests/autograd/files/tensor_files.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;
using namespace heed::tensor_files;

namespace {

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

TEST_CASE("what is no file is refused", "[safetensors]") {
  const Folder folder;
  CHECK_THAT(message(folder / "missing"), ContainsSubstring("No such file"));
  CHECK_THAT(message(folder.path), ContainsSubstring("not a regular file"));
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

struct Strokes {
  Tensor weight = Tensor::from<float>({1, 2, 3, 4}, {2, 2}), mean = Tensor::from<float>({5, 6});
  void parts(auto& visit) {
    visit("weight", weight);
    visit.buffer("mean", mean);
  }
};
struct Pencil {
  std::vector<Strokes> layers{2};
  void parts(auto& visit) { visit("layers", layers); }
};

}  // namespace

TEST_CASE("a model is saved and loaded by name, in either precision", "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "model.safetensors";
  Pencil model;
  const Parameters parameters(model);
  TensorFile file;
  put_tensors(file, named_tensors(model), "model.");
  file.tensors["adam.m"] = parameters.flat();
  save_tensors(path, file);

  Pencil other;
  for (const NamedTensor& part : named_tensors(other)) *part.tensor = Tensor::zeros(part.tensor->shape());
  convert(other, DType::f64);
  Parameters others(other);
  load_into(named_tensors(other), load_tensors(path), path, "model.");
  CHECK(other.layers[1].weight.to_vector() == std::vector<double>{1, 2, 3, 4});
  CHECK(other.layers[1].mean.to_vector() == std::vector<double>{5, 6});
  CHECK(others.flat().to_vector() == parameters.flat().to_vector());
}

TEST_CASE("a part of a model is loaded by a pattern, with a report", "[safetensors]") {
  using Names = std::vector<std::string>;
  Pencil model, other;
  TensorFile file;
  put_tensors(file, named_tensors(model), "model.");
  for (const NamedTensor& part : named_tensors(other)) *part.tensor = Tensor::zeros(part.tensor->shape());
  const auto load = [&](const char* pattern) {
    return load_matching(named_tensors(other), file, "best.safetensors", pattern, "model.");
  };
  const PartLoaded first = load("*.weight");
  CHECK(first.loaded == Names{"layers.0.weight", "layers.1.weight"});
  CHECK(first.missing.empty());
  CHECK(first.left_over.empty());
  CHECK(other.layers[1].weight.to_vector() == std::vector<double>{1, 2, 3, 4});
  CHECK(other.layers[1].mean.to_vector() == std::vector<double>{0, 0});

  file.tensors.erase("model.layers.0.mean");
  file.tensors["model.layers.7.mean"] = Tensor::zeros({3});
  file.tensors["adam.layers.8.mean"] = Tensor::zeros({3});  // behind another prefix
  const PartLoaded second = load("layers.*.mean");
  CHECK(second.loaded == Names{"layers.1.mean"});
  CHECK(second.missing == Names{"layers.0.mean"});
  CHECK(second.left_over == Names{"layers.7.mean"});
  CHECK(other.layers[1].mean.to_vector() == std::vector<double>{5, 6});

  CHECK_THROWS_WITH(load("layers.0.mean"),
                    ContainsSubstring("nothing was loaded") && ContainsSubstring("layers.0.mean"));
  CHECK_THROWS_WITH(load("encoder.*"), ContainsSubstring("\"encoder.*\""));
  file.tensors["model.layers.1.weight"] = Tensor::zeros({5});
  file.tensors["model.layers.0.weight"] = Tensor::zeros({2, 2});
  CHECK_THROWS_WITH(load("*.weight"),
                    ContainsSubstring("layers.1.weight f32 [2, 2] in the model, f32 [5] in the file"));
  CHECK(other.layers[0].weight.to_vector() == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("a file that does not fit a model says everything that is wrong, and changes nothing", "[safetensors]") {
  Pencil model;
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
