// Layers of torch.nn with PyTorch's own numbers: loaded by their names, they give PyTorch's outputs.
#include <filesystem>

#include "nn/attention/multi_head.h"
#include "nn/layers/batch_norm.h"
#include "nn/layers/conv2d.h"
#include "nn/layers/embedding.h"
#include "nn/layers/layer_norm.h"
#include "nn/layers/linear.h"
#include "nn/pytorch/state_dict.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/recurrent.h"
#include "nn/recurrent/rnn.h"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::test;

namespace {

namespace fs = std::filesystem;

// A module as torch would save it, "module." before the names of its state dict, with its inputs and outputs.
struct Golden {
  TensorFile module, values;
  const Tensor& operator[](const std::string& name) const { return values.tensors.at(name); }
  Tensor maybe(const std::string& name) const { return values.tensors.contains(name) ? (*this)[name] : Tensor(); }
};

// Names of a case are "in.x", "param.weight", "out.y", in heed's own set behind "case/".
Golden golden_of(const TensorFile& file, const std::string& prefix) {
  Golden golden;
  for (const auto& [full, tensor] : file.tensors) {
    if (!full.starts_with(prefix)) continue;
    std::string name = full.substr(prefix.size());
    golden.values.tensors[name] = tensor;
    const bool running = name.starts_with("in.running_");
    if (!name.starts_with("param.") && !running) continue;
    name = name.substr(name.find('.') + 1);
    if (name.starts_with("out_proj_")) name.replace(0, 9, "out_proj.");
    golden.module.tensors["module." + name] = tensor;
    if (running) golden.module.tensors["module.num_batches_tracked"] = Tensor::zeros({}, DType::i64);
  }
  REQUIRE(!golden.module.tensors.empty());
  return golden;
}

// The case of heed's own set, and that of another set where it is at hand.
std::vector<Golden> golden(const std::string& name) {
  static const TensorFile own = load_tensors(fs::path(HEED_SOURCE_DIR) / "tests/parity/golden.safetensors");
  std::vector<Golden> found{golden_of(own, name + "/")};
  const fs::path other = fs::path(HEED_SOURCE_DIR) / ".." / "shared" / "golden" / (name + ".safetensors");
  if (fs::exists(other)) found.push_back(golden_of(load_tensors(other), ""));
  else WARN("skipped: no other golden values of " << name << " in ../shared/golden");
  return found;
}

// A layer's parameters in f64, as they are before they are loaded.
template <class Layer>
Layer loaded(Layer layer, const Golden& golden) {
  convert(layer, DType::f64);
  from_pytorch(layer, golden.module, "module.");
  return layer;
}

int64_t size_of(const Golden& golden, const std::string& name, int axis) {
  return golden.module.tensors.at("module." + name).size(axis);
}
bool has_bias(const Golden& golden) {
  for (const auto& [name, tensor] : golden.module.tensors)
    if (name.find("bias") != std::string::npos) return true;
  return false;
}

template <class Cell>
void check_recurrent(const std::string& name) {
  INFO(name);
  for (const Golden& golden : golden(name)) {
    RecurrentShape shape{.layers = 1, .bidirectional = false, .bias = has_bias(golden)};
    shape.bidirectional = golden.module.tensors.contains("module.weight_ih_l0_reverse");
    while (golden.module.tensors.contains(fmt::format("module.weight_ih_l{}", shape.layers))) ++shape.layers;
    Rng rng(1);
    const Recurrent<Cell> layer(size_of(golden, "weight_ih_l0", 1), size_of(golden, "weight_hh_l0", 1), shape, rng);
    const Tensor lengths = golden.maybe("in.lengths");
    const Tensor x = golden["in.x"];
    const auto [y, last] = loaded(layer, golden)(lengths ? pack(x, lengths.to_ids()) : pack(x),
                                                 {golden.maybe("in.h0"), golden.maybe("in.c0")});
    CHECK(largest_difference(unpack(y, x.size(0)), golden["out.y"]) < 1e-10);
    CHECK(largest_difference(last.h, golden["out.hn"]) < 1e-10);
    if (last.c) CHECK(largest_difference(last.c, golden["out.cn"]) < 1e-10);
  }
}

}  // namespace

TEST_CASE("PyTorch's recurrent layers give PyTorch's outputs", "[pytorch]") {
  for (const std::string kind : {"plain", "bidir", "2layer", "2layer_bidir_lengths"}) {
    check_recurrent<LstmCell>("rnn__lstm_seq_" + kind);
    check_recurrent<GruCell>("rnn__gru_seq_" + kind);
    check_recurrent<RnnCell>("rnn__rnn_seq_" + kind);
  }
  check_recurrent<LstmCell>("rnn__lstm_seq_2layer_bidir");
  check_recurrent<GruCell>("rnn__gru_seq_2layer_bidir");
  check_recurrent<LstmCell>("rnn__lstm_seq_nobias");
  check_recurrent<GruCell>("rnn__gru_seq_nobias");
}

TEST_CASE("PyTorch's cells give PyTorch's outputs", "[pytorch]") {
  const auto check = [](const std::string& name, auto cell) {
    for (const Golden& golden : golden(name)) {
      Rng rng(1);
      const auto made = loaded(cell(size_of(golden, "weight_ih", 1), size_of(golden, "weight_hh", 1), rng), golden);
      const State next = made(golden["in.x"], {golden["in.h"], golden.maybe("in.c")});
      CHECK(largest_difference(next.h, golden["out.h"]) < 1e-10);
      if (next.c) CHECK(largest_difference(next.c, golden["out.c"]) < 1e-10);
    }
  };
  check("rnn__lstm_cell_basic", [](int64_t in, int64_t out, Rng& rng) { return LstmCell(in, out, rng); });
  check("rnn__gru_cell_basic", [](int64_t in, int64_t out, Rng& rng) { return GruCell(in, out, rng); });
  check("rnn__rnn_tanh_cell_basic", [](int64_t in, int64_t out, Rng& rng) { return RnnCell(in, out, rng); });
}

TEST_CASE("PyTorch's plain layers give PyTorch's outputs", "[pytorch]") {
  Rng rng(1);
  for (const Golden& golden : golden("nn__linear_basic")) {
    const Linear layer(size_of(golden, "weight", 1), size_of(golden, "weight", 0), rng);
    CHECK(largest_difference(loaded(layer, golden)(golden["in.x"]), golden["out.y"]) < 1e-10);
  }
  for (const Golden& golden : golden("shape__embedding_2d")) {
    const Embedding layer(size_of(golden, "weight", 0), size_of(golden, "weight", 1), rng);
    CHECK(largest_difference(loaded(layer, golden)(golden["in.indices"]), golden["out.y"]) < 1e-10);
  }
  for (const Golden& golden : golden("nn__layer_norm_2d")) {
    const LayerNorm layer({size_of(golden, "weight", 0)});
    CHECK(largest_difference(loaded(layer, golden)(golden["in.x"]), golden["out.y"]) < 1e-10);
  }
  for (const Golden& golden : golden("nn__conv2d_3x3_pad1")) {
    const Conv2d layer(size_of(golden, "weight", 1), size_of(golden, "weight", 0), {3, 3}, rng, {.padding = {1, 1}});
    CHECK(largest_difference(loaded(layer, golden)(golden["in.x"]), golden["out.y"]) < 1e-10);
  }
  for (const bool training : {false, true})
    for (const Golden& golden : golden(training ? "nn__batch_norm_2d_train" : "nn__batch_norm_2d_eval")) {
      BatchNorm layer = loaded(BatchNorm(size_of(golden, "weight", 0)), golden);
      CHECK(largest_difference(layer(golden["in.x"], training), golden["out.y"]) < 1e-10);
      CHECK(largest_difference(layer.running_mean, golden["out.running_mean"]) < 1e-10);
    }
}

TEST_CASE("PyTorch's attention with several heads gives PyTorch's outputs", "[pytorch]") {
  for (const char* name : {"attention__mha_self", "attention__mha_cross", "attention__mha_nobias"})
    for (const Golden& golden : golden(name)) {
      INFO(name);
      Rng rng(1);
      const int64_t heads = golden["out.alpha"].size(1);
      const MultiHeadAttention layer(size_of(golden, "out_proj.weight", 0), heads, rng, has_bias(golden));
      const Tensor query = golden["in.query"], key = golden.maybe("in.key"), value = golden.maybe("in.value");
      const auto [y, alpha] = loaded(layer, golden)(query, key ? key : query, value ? value : query);
      CHECK(largest_difference(y, golden["out.y"]) < 1e-10);
      CHECK(largest_difference(alpha, golden["out.alpha"]) < 1e-10);
    }
}
