// Parameters that are the model's no longer, and hooks on what is no value of the tape.
#include "autograd/backward/recompute.h"
#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "optim/average.h"
#include "optim/clip.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

struct MovedPair {
  Tensor a = Tensor::from<float>({1, 2, 3}), b = Tensor::from<float>({4, 5});
  void parts(auto& visit) {
    visit("a", a);
    visit("b", b);
  }
};

}  // namespace

TEST_CASE("a model whose parts are moved after the tape has read them is not trained in silence", "[tape]") {
  MovedPair model;
  {
    Tape tape;
    const Tensor loss = sum(square(model.a));
    const Parameters parameters(model);
    CHECK_THROWS_WITH(tape.gradients(loss, parameters),
                      ContainsSubstring("gradients: ") && ContainsSubstring("before the tape reads the model"));
  }
  Tape tape;
  const Parameters parameters(model);
  CHECK(tape.gradients(sum(square(model.a)), parameters)[0].to_vector() == std::vector<double>{2, 4, 6});
}

TEST_CASE("what keeps parameters that the model has exchanged says so", "[tape]") {
  MovedPair model;
  Parameters parameters(model);
  Average average(parameters, 0.5);
  convert(model, DType::f64);
  CHECK_THROWS_WITH(average.update(), ContainsSubstring("Average: a of these Parameters is the model's no longer"));
  CHECK_THROWS_WITH(average.swap(), ContainsSubstring("Average: "));
  CHECK_THROWS_WITH(parameters.numbers(), ContainsSubstring("Parameters::numbers: "));
  CHECK_THROWS_WITH(parameters.set_numbers(parameters.buffer()), ContainsSubstring("Parameters::set_numbers: "));
}

TEST_CASE("parameters need a tensor and a name of its own for each part", "[tape]") {
  Tensor a = Tensor::from<float>({1}), b = Tensor::from<float>({2}), none;
  using Named = std::vector<NamedTensor>;
  CHECK_THROWS_WITH(Parameters(Named{{"a", nullptr}}), ContainsSubstring("parameters: a is no tensor"));
  CHECK_THROWS_WITH(Parameters(Named{{"a", &none}}), ContainsSubstring("parameters: a is no tensor"));
  CHECK_THROWS_WITH(Parameters(Named{{"w", &a}, {"w", &b}}), ContainsSubstring("two parts are called w"));
  CHECK(Parameters(Named{{"w", &a}, {"w", &a}, {"tied", &a}}).size() == 1);
}

TEST_CASE("gradients that the tape around them has recorded are not clipped behind its back", "[tape][clip]") {
  MovedPair model;
  const Parameters parameters(model);
  Tape outer;
  Gradients gradients = [&] {
    Tape inner;
    return inner.gradients(sum(square(model.a)) + sum(model.b), parameters);
  }();
  CHECK_THROWS_WITH(clip_norm(gradients, 0.5),
                    ContainsSubstring("clip_norm: these gradients are values of the tape"));
  CHECK_THROWS_WITH(clip_value(gradients, 0.5), ContainsSubstring("clip_value: "));
  CHECK_NOTHROW(clip_norm(gradients, 1e9));  // nothing to change
}

TEST_CASE("a hook that could never be called is refused", "[tape][hooks]") {
  const Tensor x = Tensor::from<double>({.1, .7});
  Tape tape;
  const auto look = [](const Tensor& g) { return g * 10; };
  const auto f = [&](const std::vector<Tensor>& v) -> std::vector<Tensor> {
    Tensor y = tanh(v[0]);
    tape.on_gradient(y, look);
    return {y * y};
  };
  CHECK_THROWS_WITH(recompute(f, {x}), ContainsSubstring("on_gradient: another tape records here"));
}

TEST_CASE("a part is computed once more in the precision that it had", "[tape][recompute]") {
  const Tensor a = Tensor::full({64, 64}, 0.3), w = Tensor::full({64, 64}, 1.7);
  Tape tape;
  std::vector<Tensor> y;
  {
    const ProductPrecision products(Precision::bf16);
    y = recompute([&](const std::vector<Tensor>& v) { return std::vector<Tensor>{linear(v[0], w)}; }, {a});
  }
  CHECK_NOTHROW(tape.gradients(sum(y[0]), std::vector<Tensor>{a}));
}
