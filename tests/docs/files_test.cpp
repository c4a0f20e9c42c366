// The blocks of docs/files.md (documents_test.cpp holds the two together), and what they should give.
#include <unistd.h>

#include <filesystem>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

// --- the blocks

// The tagger of the Python program: what it calls its modules is what parts() says here.
struct Tagger {
  Embedding embedding;      // nn.Embedding(7, 3)
  Recurrent<LstmCell> rnn;  // nn.LSTM(3, 2, num_layers=2, bidirectional=True)
  Linear output;            // nn.Linear(4, 5)

  explicit Tagger(Rng& rng)
      : embedding(7, 3, rng), rnn(3, 2, {.layers = 2, .bidirectional = true}, rng), output(4, 5, rng) {}
  // ids i64 [T, B] -> logits [T, B, 5]
  Tensor operator()(const Tensor& ids) const { return output(unpack(rnn(pack(embedding(ids))).outputs)); }
  void parts(auto& visit) {
    visit("embedding", embedding);
    visit("rnn", rnn);
    visit("output", output);
  }
};

Tagger read_tagger(const std::string& path) {
  Rng rng(1);
  Tagger tagger(rng);
  from_pytorch(tagger, load_tensors(path));
  return tagger;
}

// The recurrent layer of a larger program's checkpoint.
void read_encoder(Tagger& tagger, const std::string& path) {
  from_pytorch(tagger.rnn, load_tensors(path), "module.encoder.rnn.");
}

void write_tagger(Tagger& tagger, const std::string& path) { save_tensors(path, to_pytorch(tagger)); }

// What was converted on the way: "output.weight: F16 in the file, f32 in the model", ..
std::vector<std::string> read_output(Tagger& tagger, const std::string& path) {
  return load_matching(named_tensors(tagger), load_tensors(path), path, "output.*").converted;
}

// A copy without the tensors whose names match the pattern.
void copy_without(const std::string& from, const std::string& to, const std::string& pattern) {
  StoredFile file = load_stored(from);
  std::erase_if(file.tensors, [&](const auto& tensor) { return matches(pattern, tensor.first); });
  save_stored(to, file);
}

// --- and what they should give

struct Path {
  std::string name;
  explicit Path(const char* what)
      : name(std::filesystem::temp_directory_path() / fmt::format("heed-docs-{}-{}.safetensors", what, ::getpid())) {}
  ~Path() { std::filesystem::remove(name); }
};

// Python's .half(): the same file with the upper half of each float, which is exact for these numbers.
void write_half(const std::string& from, const std::string& to) {
  StoredFile file = load_stored(from);
  for (auto& [name, tensor] : file.tensors) {
    std::string upper;
    for (size_t i = 0; i < tensor.bytes.size(); i += 4) upper += tensor.bytes.substr(i + 2, 2);
    tensor = {"BF16", tensor.shape, upper};
  }
  save_stored(to, file);
}

}  // namespace

TEST_CASE("docs/files.md: a module of torch.nn", "[documents]") {
  const Path path("tagger"), part("part"), half("half");
  Rng rng(7);
  Tagger tagger(rng);
  for (const NamedTensor& tensor : named_tensors(tagger)) *tensor.tensor = Tensor::full(tensor.tensor->shape(), 0.25);
  write_tagger(tagger, path.name);
  const Tensor ids = Tensor::from<int64_t>({0, 3, 6, 1}, {2, 2});
  CHECK(read_tagger(path.name)(ids).to_vector() == tagger(ids).to_vector());
  CHECK(load_tensors(path.name).tensors.contains("rnn.weight_hh_l1_reverse"));

  write_half(path.name, half.name);
  CHECK(read_tagger(half.name)(ids).to_vector() == tagger(ids).to_vector());
  CHECK(read_output(tagger, half.name) ==
        std::vector<std::string>{"output.weight: BF16 in the file, f32 in the model",
                                 "output.bias: BF16 in the file, f32 in the model"});

  save_tensors(part.name, to_pytorch(tagger.rnn, "module.encoder.rnn."));
  Tagger other(rng);
  read_encoder(other, part.name);
  CHECK(other.rnn.backward[1].bias_hh.to_vector() == tagger.rnn.backward[1].bias_hh.to_vector());
  CHECK_THROWS_WITH(read_encoder(other, path.name), ContainsSubstring("Missing from the file (16)"));

  copy_without(half.name, part.name, "rnn.*");
  const StoredFile rest = load_stored(part.name);
  CHECK(rest.tensors.size() == 3);
  CHECK(rest.tensors.at("output.bias").type == "BF16");
  CHECK(rest.metadata.at("format") == "pt");
}
