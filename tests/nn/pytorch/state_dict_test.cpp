#include "nn/pytorch/state_dict.h"

#include <filesystem>

#include <unistd.h>

#include "nn/attention/multi_head.h"
#include "nn/layers/batch_norm.h"
#include "nn/layers/embedding.h"
#include "nn/layers/layer_norm.h"
#include "nn/layers/linear.h"
#include "nn/recurrent/cells.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/recurrent.h"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Names = std::vector<std::string>;

Names names_of(const TensorFile& file) {
  Names names;
  for (const auto& [name, tensor] : file.tensors) names.push_back(name);
  return names;
}

// A module of PyTorch and a model of heed with the same parts.
struct Tagger {
  Embedding embedding;
  Recurrent<LstmCell> rnn;
  BatchNorm norm;
  MultiHeadAttention attention;
  Linear output;
  explicit Tagger(uint64_t seed) {
    Rng rng(seed);
    embedding = Embedding(7, 3, rng);
    rnn = Recurrent<LstmCell>(3, 2, {.layers = 2, .bidirectional = true}, rng);
    norm = BatchNorm(4);
    attention = MultiHeadAttention(4, 2, rng);
    output = Linear(4, 5, rng);
  }
  void parts(auto& visit) {
    visit("embedding", embedding);
    visit("rnn", rnn);
    visit("norm", norm);
    visit("attention", attention);
    visit("output", output);
  }
};

template <class Model>
void check_same(Model& a, Model& b) {
  const auto x = named_tensors(a), y = named_tensors(b);
  REQUIRE(x.size() == y.size());
  for (size_t i = 0; i < x.size(); ++i) {
    INFO(x[i].name);
    CHECK(x[i].tensor->to_vector() == y[i].tensor->to_vector());
  }
}

template <class Model>
std::string message(Model& model, const TensorFile& file, const std::string& prefix = "") {
  const auto numbers = [&] {
    std::vector<std::vector<double>> all;
    for (const NamedTensor& part : named_tensors(model)) all.push_back(part.tensor->to_vector());
    return all;
  };
  const auto before = numbers();
  try {
    from_pytorch(model, file, prefix);
  } catch (const Error& error) {
    CHECK(numbers() == before);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("names as PyTorch has them", "[pytorch]") {
  CHECK(pytorch_name("forward.0.weight_ih") == "weight_ih_l0");
  CHECK(pytorch_name("encoder.rnn.backward.11.bias_hh") == "encoder.rnn.bias_hh_l11_reverse");
  CHECK(pytorch_name("layers.3.attention.out_proj_bias") == "layers.3.attention.out_proj.bias");
  CHECK(pytorch_name("out_proj_weight") == "out_proj.weight");
  for (const char* same : {"weight", "output.weight", "forward.0.weight", "fast_forward.0.weight_ih", "weight_ih",
                           "norm.running_mean", "attention.in_proj_weight", "my_out_proj_weight"})
    CHECK(pytorch_name(same) == same);
}

TEST_CASE("a model goes to PyTorch's names and back, by a file", "[pytorch]") {
  Tagger model(1), other(2), half(3);
  const TensorFile file = to_pytorch(model, "net.");
  CHECK(file.metadata.at("format") == "pt");
  CHECK(names_of(file) == Names{"net.attention.in_proj_bias",
                                "net.attention.in_proj_weight",
                                "net.attention.out_proj.bias",
                                "net.attention.out_proj.weight",
                                "net.embedding.weight",
                                "net.norm.bias",
                                "net.norm.num_batches_tracked",
                                "net.norm.running_mean",
                                "net.norm.running_var",
                                "net.norm.weight",
                                "net.output.bias",
                                "net.output.weight",
                                "net.rnn.bias_hh_l0",
                                "net.rnn.bias_hh_l0_reverse",
                                "net.rnn.bias_hh_l1",
                                "net.rnn.bias_hh_l1_reverse",
                                "net.rnn.bias_ih_l0",
                                "net.rnn.bias_ih_l0_reverse",
                                "net.rnn.bias_ih_l1",
                                "net.rnn.bias_ih_l1_reverse",
                                "net.rnn.weight_hh_l0",
                                "net.rnn.weight_hh_l0_reverse",
                                "net.rnn.weight_hh_l1",
                                "net.rnn.weight_hh_l1_reverse",
                                "net.rnn.weight_ih_l0",
                                "net.rnn.weight_ih_l0_reverse",
                                "net.rnn.weight_ih_l1",
                                "net.rnn.weight_ih_l1_reverse"});
  CHECK(file.tensors.at("net.norm.num_batches_tracked").dtype() == DType::i64);
  CHECK(file.tensors.at("net.norm.num_batches_tracked").shape() == Shape{});

  const auto path =
      std::filesystem::temp_directory_path() / fmt::format("heed-state-dict-{}.safetensors", ::getpid());
  save_tensors(path, file);
  const TensorFile back = load_tensors(path);
  std::filesystem::remove(path);
  const Parameters parameters(other);  // also into tensors that lie in a flat buffer
  from_pytorch(other, back, "net.");
  check_same(other, model);
  CHECK(parameters[0].to_vector() == model.embedding.weight.to_vector());
  from_pytorch(half.rnn, back, "net.rnn.");
  check_same(half.rnn, model.rnn);
  CHECK(half.output.weight.to_vector() != model.output.weight.to_vector());
}

TEST_CASE("numbers of 16 bits are loaded under PyTorch's names", "[pytorch]") {
  Linear layer;
  layer.weight = Tensor::zeros({1, 2});
  const StoredFile half{{{"fc.weight", {"F16", {1, 2}, std::string("\0\x3c\0\xc0", 4)}}}, {}};
  from_pytorch(layer, to_tensors(half), "fc.");
  CHECK(layer.weight.to_vector() == std::vector<double>{1, -2});
}

TEST_CASE("a cell that was chosen by name is loaded, too", "[pytorch]") {
  Rng rng(1);
  const auto recurrent = [&](const char* cell) {
    return Recurrent<AnyCell>(3, 2, {}, rng, choose(recurrent_cells, "cell", cell).make);
  };
  Recurrent<GruCell> gru(3, 2, {}, rng);
  Recurrent<AnyCell> any = recurrent("gru-torch"), published = recurrent("gru");
  from_pytorch(any, to_pytorch(gru));
  CHECK(named_tensors(any)[1].tensor->to_vector() == gru.forward[0].weight_hh.to_vector());
  CHECK_THAT(message(published, to_pytorch(gru)),
             ContainsSubstring("from_pytorch: forward.0.weight_hh_gates is of a GruChoCell") &&
                 ContainsSubstring("take GruCell"));
  CHECK_THROWS_WITH(to_pytorch(published), ContainsSubstring("to_pytorch: forward.0.weight_hh_gates"));
}

TEST_CASE("what is missing, left over or of another shape is said, and nothing is loaded", "[pytorch]") {
  Tagger model(1), other(2);
  TensorFile file = to_pytorch(model, "net.");
  file.tensors["net.rnn.weight_ih_l1"] = Tensor::zeros({12, 4});
  file.tensors["net.rnn.weight_hr_l0"] = Tensor::zeros({1, 2});
  file.tensors.erase("net.output.weight");
  file.tensors["net.outputs.weight"] = Tensor::zeros({5, 4});
  CHECK_THAT(
      message(other, file, "net."),
      ContainsSubstring("from_pytorch: what the file has under net. does not fit") &&
          ContainsSubstring("Nothing was loaded") &&
          ContainsSubstring(
              "Missing from the file (1):\n  net.output.weight f32 [5, 4]; the file has net.outputs.weight\n") &&
          ContainsSubstring(
              "Unexpected in the file (2):\n  net.outputs.weight f32 [5, 4]\n  net.rnn.weight_hr_l0 f32 [1, 2]\n") &&
          ContainsSubstring("net.rnn.weight_ih_l1 f32 [8, 4] in the model, f32 [12, 4] in the file"));
  CHECK_THAT(message(other.rnn, file, "net.rnn"),  // without the dot
             ContainsSubstring("net.rnnweight_ih_l0 f32 [8, 3]; the file has net.rnn.weight_ih_l0"));
  CHECK_THAT(message(other.rnn, file),
             ContainsSubstring("weight_ih_l0 f32 [8, 3]; the file has net.rnn.weight_ih_l0"));
}

TEST_CASE("a bias that the layer was made without must be zero", "[pytorch]") {
  Rng rng(1);
  Recurrent<LstmCell> with(3, 2, {}, rng), without(3, 2, {.bias = false}, rng);
  TensorFile file = to_pytorch(with, "rnn.");
  CHECK_THAT(message(without, file, "rnn."), ContainsSubstring("made without a bias; make them with one") &&
                                                 ContainsSubstring("\n  rnn.bias_hh_l0\n  rnn.bias_ih_l0"));
  file.tensors["rnn.bias_ih_l0"] = Tensor::zeros({8});
  CHECK_THAT(message(without, file, "rnn."),
             ContainsSubstring("\n  rnn.bias_hh_l0") && !ContainsSubstring("bias_ih"));
  file.tensors["rnn.bias_hh_l0"] = Tensor::zeros({8});
  CHECK(message(without, file, "rnn.").empty());
  CHECK(without.forward[0].weight_ih.to_vector() == with.forward[0].weight_ih.to_vector());

  MultiHeadAttention attention(4, 2, rng, false), biased(4, 2, rng);  // its biases begin as zeros
  CHECK(message(attention, to_pytorch(biased)).empty());
  biased.out_proj_bias = Tensor::full({4}, 1);
  CHECK_THAT(message(attention, to_pytorch(biased)), ContainsSubstring("\n  out_proj.bias"));

  // Not so where no weight stands beside it, and not the other way round.
  LayerNorm plain({4}, 1e-5, false);
  CHECK_THAT(message(plain, to_pytorch(biased)), ContainsSubstring("Unexpected in the file"));
  CHECK_THAT(message(biased, to_pytorch(attention)), ContainsSubstring("Missing from the file (2):\n  in_proj_bias"));
}

TEST_CASE("of a batch norm the count of batches is let go, elsewhere it is left over", "[pytorch]") {
  BatchNorm norm(2);
  TensorFile file = to_pytorch(norm, "bn.");
  file.tensors["bn.running_mean"] = Tensor::from<float>({3, 4});
  CHECK(message(norm, file, "bn.").empty());
  CHECK(norm.running_mean.to_vector() == std::vector<double>{3, 4});
  file.tensors.erase("bn.running_mean");
  CHECK_THAT(message(norm, file, "bn."), ContainsSubstring("bn.running_mean f32 [2]"));
  file.tensors["bn.running_mean"] = Tensor::zeros({2});
  file.tensors["bn.more.num_batches_tracked"] = Tensor::zeros({}, DType::i64);
  CHECK_THAT(message(norm, file, "bn."),
             ContainsSubstring("Unexpected in the file (1):\n  bn.more.num_batches_tracked"));
}

namespace {

// Words in and words out share their table.
struct Tied {
  Embedding embedding;
  Linear output;
  explicit Tied(uint64_t seed) {
    Rng rng(seed);
    embedding = Embedding(5, 3, rng);
    output.weight = embedding.weight;
  }
  void parts(auto& visit) {
    visit("embedding", embedding);
    visit("output", output);
  }
};

}  // namespace

TEST_CASE("of tied weights one name is enough, and two must agree", "[pytorch]") {
  Tied model(1), other(2);
  const TensorFile both = to_pytorch(model);
  for (const char* dropped : {"embedding.weight", "output.weight", ""}) {
    TensorFile file = both;
    file.tensors.erase(dropped);
    Tied fresh(3);
    from_pytorch(fresh, file);
    CHECK(fresh.output.weight.to_vector() == model.output.weight.to_vector());
    CHECK(fresh.embedding.weight.to_vector() == model.output.weight.to_vector());
  }
  TensorFile file = both;
  file.tensors["output.weight"] = Tensor::zeros({5, 3});
  CHECK_THAT(message(other, file),
             ContainsSubstring("embedding.weight and output.weight are tied in the model, but differ in the file"));
  CHECK_THAT(message(other, TensorFile{}), ContainsSubstring("Missing from the file (2)"));
}
