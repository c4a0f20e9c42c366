// Files as others write them, read and written again without a change to any byte of a tensor.
#include "autograd/files/stored_tensors.h"

#include "tests/autograd/files/tensor_files.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::tensor_files;
using Catch::Matchers::ContainsSubstring;

namespace {

// Bytes that are all different from their neighbours.
std::string some_bytes(size_t count, int first) {
  std::string bytes(count, '\0');
  for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>(first + 37 * static_cast<int>(i));
  return bytes;
}

// What the writer of Hugging Face's safetensors makes of a state dict of PyTorch: the metadata first, the tensors by
// the width of their types and then by name, the header padded with spaces to a multiple of 8 bytes, no checksums.
struct Theirs {
  std::string embedding = some_bytes(24, 1), ids = some_bytes(16, 2), bias = some_bytes(6, 3),
              mask = some_bytes(3, 4);
  std::string bytes() const {
    std::string header = R"({"__metadata__":{"format":"pt"},)"
                         R"("embeddings.position_ids":{"dtype":"I64","shape":[1,2],"data_offsets":[0,16]},)"
                         R"("dense.bias":{"dtype":"F16","shape":[3],"data_offsets":[16,22]},)"
                         R"("embeddings.weight":{"dtype":"BF16","shape":[4,3],"data_offsets":[22,46]},)"
                         R"("mask":{"dtype":"BOOL","shape":[3],"data_offsets":[46,49]}})";
    while (header.size() % 8 != 0) header += " ";
    return with_header(header) + ids + bias + embedding + mask;
  }
};

void check_equal(const StoredFile& a, const StoredFile& b) {
  CHECK(a.metadata == b.metadata);
  REQUIRE(a.tensors.size() == b.tensors.size());
  for (const auto& [name, tensor] : a.tensors) {
    INFO(name);
    REQUIRE(b.tensors.contains(name));
    CHECK(tensor.type == b.tensors.at(name).type);
    CHECK(tensor.shape == b.tensors.at(name).shape);
    CHECK(tensor.bytes == b.tensors.at(name).bytes);
  }
}

}  // namespace

TEST_CASE("a file in Hugging Face's layout comes back with the same names, types, shapes and bytes",
          "[safetensors]") {
  const Folder folder;
  const Theirs theirs;
  write(folder / "theirs.safetensors", theirs.bytes());
  const StoredFile file = load_stored(folder / "theirs.safetensors");
  CHECK(file.metadata == std::map<std::string, std::string>{{"format", "pt"}});
  CHECK(file.tensors.size() == 4);
  CHECK(file.tensors.at("embeddings.position_ids").bytes == theirs.ids);
  CHECK(file.tensors.at("dense.bias").type == "F16");
  CHECK(file.tensors.at("dense.bias").bytes == theirs.bias);
  CHECK(file.tensors.at("embeddings.weight").type == "BF16");
  CHECK(file.tensors.at("embeddings.weight").shape == Shape{4, 3});
  CHECK(file.tensors.at("embeddings.weight").bytes == theirs.embedding);
  CHECK(file.tensors.at("mask").bytes == theirs.mask);

  save_stored(folder / "ours.safetensors", file);
  check_equal(load_stored(folder / "ours.safetensors"), file);
  std::string damaged = content(folder / "ours.safetensors");
  damaged.back() ^= 1;  // of the mask; what heed writes has checksums
  write(folder / "ours.safetensors", damaged);
  CHECK_THROWS_WITH(load_stored(folder / "ours.safetensors"), ContainsSubstring("tensor mask is damaged"));

  const TensorFile numbers = load_tensors(folder / "theirs.safetensors");
  CHECK(numbers.converted ==
        std::map<std::string, std::string>{{"dense.bias", "F16"}, {"embeddings.weight", "BF16"}, {"mask", "BOOL"}});
  CHECK(numbers.tensors.at("dense.bias").dtype() == DType::f32);
  CHECK(numbers.tensors.at("embeddings.position_ids").to_ids().size() == 2);
}

TEST_CASE("tensors in whatever order, not aligned to their types, empty or single", "[safetensors]") {
  const Folder folder;
  const std::string header =
      R"({"z":{"data_offsets":[9,17],"dtype":"F64","shape":[]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
      R"("none":{"dtype":"F16","shape":[0,5],"data_offsets":[17,17]},"m":{"shape":[2,2],"dtype":"BF16",)"
      R"("data_offsets":[1,9]}})";
  const std::string a = "\7", m = some_bytes(8, 50), z = std::string("\0\0\0\0\0\0\xf0\x3f", 8);
  write(folder / "odd.safetensors", with_header(header) + a + m + z);
  const StoredFile file = load_stored(folder / "odd.safetensors");
  CHECK(file.tensors.at("m").bytes == m);
  CHECK(file.tensors.at("none").bytes.empty());
  save_stored(folder / "ours.safetensors", file);
  check_equal(load_stored(folder / "ours.safetensors"), file);
  const TensorFile numbers = load_tensors(folder / "odd.safetensors");
  CHECK(numbers.tensors.at("z").item() == 1);
  CHECK(numbers.tensors.at("a").to_ids() == std::vector<int64_t>{7});
  CHECK(numbers.tensors.at("none").shape() == Shape{0, 5});
}

TEST_CASE("what does not fit together is not saved", "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "kept.safetensors";
  write(path, "as it was");
  const auto refused = [&](const StoredTensor& tensor, const char* said) {
    CHECK_THROWS_WITH(save_stored(path, {{{"w", tensor}}, {}}),
                      ContainsSubstring(said) && ContainsSubstring(path.string()));
    CHECK_THROWS_WITH(to_tensors({{{"w", tensor}}, {}}), ContainsSubstring(said));
    CHECK(content(path) == "as it was");
  };
  refused({"F33", {1}, "1234"}, "tensor w has the unknown type \"F33\"");
  refused({"F16", {3}, "12345"}, "the 5 bytes of tensor w do not fill F16 [3]");
  refused({"F4", {3}, "12"}, "the 2 bytes of tensor w do not fill F4 [3]");
}

TEST_CASE("a model loads a file of f16, and the report says so", "[safetensors]") {
  const Folder folder;
  const StoredFile half{{{"w", {"F16", {2}, std::string("\0\x3c\0\xc0", 4)}},
                         {"b", {"F32", {1}, std::string("\0\0\x80\x3f", 4)}},
                         {"n", {"I8", {1}, "\5"}}},
                        {}};
  save_stored(folder / "half.safetensors", half);
  const TensorFile file = load_tensors(folder / "half.safetensors");
  for (const DType dtype : {DType::f32, DType::f64}) {
    Tensor w = Tensor::zeros({2}, dtype), b = Tensor::zeros({1}, dtype), n = Tensor::zeros({1}, DType::i64);
    const std::vector<NamedTensor> model{{"w", &w}, {"b", &b}, {"n", &n, false}};
    const PartLoaded report = load_matching(model, file, "half.safetensors", "*");
    const std::string name = to_string(dtype);
    std::vector<std::string> expected{"w: F16 in the file, " + name + " in the model"};
    if (dtype == DType::f64) expected.push_back("b: f32 in the file, f64 in the model");
    expected.push_back("n: I8 in the file, i64 in the model");
    CHECK(report.converted == expected);
    CHECK(w.to_vector() == std::vector<double>{1, -2});
    w = Tensor::zeros({2}, dtype);
    load_into(model, file, "half.safetensors");
    CHECK(w.to_vector() == std::vector<double>{1, -2});
    CHECK(n.to_ids() == std::vector<int64_t>{5});
  }
  Tensor wrong = Tensor::zeros({1});
  CHECK_THROWS_WITH(load_matching({{"n", &wrong}}, file, "half.safetensors", "n"),
                    ContainsSubstring("n f32 [1] in the model, I8 [1] in the file"));
}

TEST_CASE("a name that is missing is answered with one that is like it", "[safetensors]") {
  TensorFile file;
  file.tensors["model.encoder.rnn.weight_ih_l0"] = Tensor::zeros({1});
  file.tensors["model.encoder.rnn.weight_hh_l0"] = Tensor::zeros({1});
  file.tensors["model.output.weight"] = Tensor::zeros({1});
  Tensor x = Tensor::zeros({1});
  const auto said = [&](const char* name, const std::string& prefix = "") {
    try {
      load_into({{name, &x}}, file, "theirs.safetensors", prefix);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(said("encoder.rnn.weight_ih_l0"),
             ContainsSubstring("encoder.rnn.weight_ih_l0 f32 [1]; the file has model.encoder.rnn.weight_ih_l0\n"));
  CHECK_THAT(said("enoder.rnn.weight_hh_l0", "model."),
             ContainsSubstring("; the file has model.encoder.rnn.weight_hh_l0\n"));
  CHECK_THAT(said("weight"), ContainsSubstring("; the file has model.output.weight\n"));
  for (const char* unlike : {"norm.weight", "input.bias", "model.encoder.attention.query"})
    CHECK_THAT(said(unlike), !ContainsSubstring("the file has"));
}
