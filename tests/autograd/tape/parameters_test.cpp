#include "autograd/tape/parameters.h"

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using V = std::vector<double>;

namespace {

struct Layer {
  Tensor weight, bias, running;
  Layer(double from, bool with_bias) : weight(Tensor::full({2, 3}, from)) {
    if (with_bias) bias = Tensor::full({2}, from + 0.5);
    running = Tensor::full({2}, -from);
  }
  void parts(auto& visit) {
    visit("weight", weight);
    visit("bias", bias);
    visit.buffer("running", running);
  }
};

struct Tower {
  Tensor embedding = Tensor::from<float>({1, 2, 3, 4, 5, 6}, {2, 3});
  std::vector<Layer> layers{{10, true}, {20, false}};
  Tensor output = embedding;  // tied
  std::vector<Tensor> gains{Tensor::full({1}, 7), Tensor::full({20}, 8)};
  void parts(auto& visit) {
    visit("embedding", embedding);
    visit("layers", layers);
    visit("output", output);
    visit("gains", gains);
  }
};

struct Pair {
  Tensor a, b;
  void parts(auto& visit) {
    visit("a", a);
    visit("b", b);
  }
};
struct Empty {
  void parts(auto&) {}
};

}  // namespace

TEST_CASE("parts are found by dotted paths, absent ones skipped", "[parameters]") {
  Tower model;
  std::vector<std::string> names;
  for (const NamedTensor& part : named_tensors(model)) names.push_back(part.name + (part.trained ? "" : " (kept)"));
  CHECK(names == std::vector<std::string>{"embedding", "layers.0.weight", "layers.0.bias", "layers.0.running (kept)",
                                          "layers.1.weight", "layers.1.running (kept)", "output", "gains.0",
                                          "gains.1"});
}

TEST_CASE("parameters lie in one buffer, each on lines of its own, gaps zero", "[parameters]") {
  Tower model;
  Parameters parameters(model);
  REQUIRE(parameters.size() == 6);
  CHECK(parameters.name(3) == "layers.1.weight");
  CHECK(parameters.count() == 6 + 6 + 2 + 6 + 1 + 20);
  CHECK(parameters.flat().numel() == 16 * 5 + 32);
  for (const Tensor& x : parameters.tensors()) {
    CHECK(reinterpret_cast<uintptr_t>(x.data<float>()) % 64 == 0);
    CHECK(x.is_dense());
  }
  CHECK(sum(parameters.flat()).item() == Catch::Approx(21 + 60 + 21 + 120 + 7 + 160));
  CHECK(model.layers[0].bias.label() == "layers.0.bias");
  CHECK(model.layers[0].bias.is(parameters[2]));
  CHECK(model.layers[0].running.to_vector() == V{-10, -10});
  CHECK(model.layers[0].running.label().empty());
  for (int64_t i = 0; i < parameters.flat().numel(); ++i) parameters.flat().mutable_data<float>()[i] += 1;
  CHECK(model.embedding.to_vector() == V{2, 3, 4, 5, 6, 7});
  CHECK(model.gains[1].at({19}) == 9);
}

TEST_CASE("tied weights are one parameter, and their gradients add", "[parameters]") {
  Tower model;
  convert(model, DType::f64);
  CHECK(model.embedding.is(model.output));
  Parameters parameters(model);
  CHECK(model.embedding.is(model.output));
  CHECK(model.output.label() == "embedding");
  Tape tape;
  const Tensor loss = sum(model.embedding * 2.0) + sum(transpose(model.output, 0, 1) * 3.0);
  const Gradients gradients = tape.gradients(loss, parameters);
  CHECK(gradients[0].to_vector() == V(6, 5));
  CHECK(gradients[model.output].to_vector() == V(6, 5));
}

TEST_CASE("two tensors that share numbers are no tied weights, and refused", "[parameters]") {
  Pair pair{Tensor::zeros({2, 2}), {}};
  for (const Tensor& other :
       {transpose(pair.a, 0, 1), detach(pair.a), narrow(pair.a, 0, 1, 1), narrow(pair.a, 1, 1, 1)}) {
    pair.b = other;
    CHECK_THROWS_WITH(Parameters(pair), ContainsSubstring("share numbers"));
    CHECK_THROWS_WITH(convert(pair, DType::f64), ContainsSubstring("share numbers"));
    CHECK_THROWS_WITH(clone(pair), ContainsSubstring("share numbers"));
  }
  const Tensor both = Tensor::zeros({4, 2});  // neighbours in one block share nothing
  pair = {narrow(both, 0, 0, 2), narrow(both, 0, 2, 2)};
  CHECK(Parameters(pair).count() == 8);
  pair = {both, both};
  CHECK(Parameters(pair).count() == 8);
}

TEST_CASE("views of another buffer follow the same layout", "[parameters]") {
  Tower model;
  const Parameters parameters(model);
  Tensor moments = Tensor::zeros(parameters.flat().shape());
  std::vector<Tensor> views = parameters.views(moments);
  REQUIRE(views.size() == parameters.size());
  views[2].mutable_data<float>()[1] = 5;
  const auto offset = parameters[2].data<float>() - parameters.flat().data<float>();
  CHECK(moments.at({offset + 1}) == 5);
  CHECK_THROWS_WITH(parameters.views(Tensor::zeros({3})), Catch::Matchers::ContainsSubstring("[3]"));
}

TEST_CASE("converting keeps values and names, mixed types are refused", "[parameters]") {
  Tower model;
  const Parameters first(model);
  convert(model, DType::f64);
  CHECK(model.embedding.dtype() == DType::f64);
  CHECK(model.layers[1].running.dtype() == DType::f64);
  CHECK(model.layers[0].weight.label() == "layers.0.weight");
  const Parameters second(model);
  CHECK(second.flat().to_vector() == first.flat().to_vector());
  model.gains[0] = Tensor::zeros({1});
  CHECK_THROWS_WITH(Parameters(model), Catch::Matchers::ContainsSubstring("gains.0 is f32, but embedding is f64"));
  Empty empty;
  CHECK_THROWS_WITH(Parameters(empty), Catch::Matchers::ContainsSubstring("lists no parts"));
}
