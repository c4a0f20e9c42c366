// The parts that docs/extending.md adds: a cell, a score, an optimizer. Their files stand beside this one.
#include "autograd/check/gradcheck.h"
#include "autograd/ops/extrema.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/attention.h"
#include "nn/recurrent/recurrent.h"
#include "optim/gradient_descent.h"
#include "tests/catch.hpp"
#include "tests/docs/extending/cosine_score.h"
#include "tests/docs/extending/lion.h"
#include "tests/docs/extending/mgu.h"

using namespace heed;

// docs: a recurrent cell
TEST_CASE("a minimal gated unit has the right gradients", "[extending]") {
  Rng rng(1);
  Recurrent<MguCell> layer(2, 3, {.layers = 2, .bidirectional = true}, rng);
  convert(layer, DType::f64);
  Parameters parameters(layer);
  const Packed sentences = pack(rng.normal({4, 3, 2}, 0, 1, DType::f64), {2, 4, 0});
  const GradcheckReport report = gradcheck_model(
      "mgu", [&] { return sum(square(layer(sentences).outputs.rows)); }, parameters);
  INFO(report.text());
  CHECK(report.passed());
}

TEST_CASE("a minimal gated unit reads each sentence as if it were alone", "[extending]") {
  Rng rng(2);
  Recurrent<MguCell> layer(2, 3, {.bidirectional = true}, rng);
  convert(layer, DType::f64);
  const Tensor x = rng.normal({4, 3, 2}, 0, 1, DType::f64);  // [T, B, I]
  const std::vector<int64_t> lengths{2, 4, 1};               // what lies beyond them is padding
  const Tensor together = unpack(layer(pack(x, lengths)).outputs);
  for (int b = 0; b < 3; ++b) {
    const auto sentence = [&](const Tensor& of) { return narrow(narrow(of, 1, b, 1), 0, 0, lengths[b]); };
    const Tensor alone = unpack(layer(pack(sentence(x))).outputs);
    CHECK(amax(abs(alone - sentence(together))).item() < 1e-14);
  }
}

// docs: a score
TEST_CASE("a cosine score has the right gradients", "[extending]") {
  Rng rng(1);
  Attention attention{CosineScore(), GlobalWindow()};
  const Tensor annotations = rng.normal({8, 3}, 0, 1, DType::f64);
  const Tensor query = rng.normal({2, 3}, 0, 1, DType::f64), sharpness = Tensor::scalar(5, DType::f64);
  const SharedMask mask = attend_to_blocks(4, {0, 1});
  const auto context = [&](const std::vector<Tensor>& in) {
    attention.score.sharpness = in[2];
    return attention(in[0], attention.remember(in[1], mask)).context;
  };
  const GradcheckReport report =
      gradcheck("cosine", context, {query, annotations, sharpness}, {.second_order = true});
  INFO(report.text());
  CHECK(report.passed());
}

TEST_CASE("a cosine score sees each sentence as if it were alone", "[extending]") {
  Rng rng(2);
  Attention attention{CosineScore(), GlobalWindow()};
  convert(attention, DType::f64);
  const std::vector<int64_t> lengths{2, 4, 1};
  const Tensor x = rng.normal({4, 3, 5}, 0, 1, DType::f64), query = rng.normal({3, 5}, 0, 1, DType::f64);
  const Packed sentences = pack(x, lengths);
  const Attended together = attention(query, attention.remember(sentences.rows, attend_to(sentences)));
  for (int b = 0; b < 3; ++b) {
    const Packed one = pack(narrow(narrow(x, 1, b, 1), 0, 0, lengths[b]));
    const Attended alone = attention(narrow(query, 0, b, 1), attention.remember(one.rows, attend_to(one)));
    CHECK(amax(abs(alone.context[0] - together.context[b])).item() < 1e-14);
    CHECK(amax(abs(alone.alpha[0] - narrow(together.alpha[b], 0, 0, lengths[b]))).item() < 1e-14);
    CHECK(std::abs(sum(alone.alpha).item() - 1) < 1e-14);
  }
}

// docs: an optimizer
struct Two {
  Tensor a = Tensor::from<float>({1, -1, 0}), b = Tensor::from<float>({2});
  void parts(auto& visit) {
    visit("a", a);
    visit("b", b);
  }
};

TEST_CASE("Lion moves by the sign of its momentum, and nothing between the parameters", "[extending]") {
  Two model;
  Parameters parameters(model);
  Lion lion(parameters, 0.25, 0.1);
  const auto step = [&](double slope) {
    Tape tape;
    lion.step(tape.gradients(slope * (sum(model.a) + sum(square(model.b))), parameters));
  };
  step(1);  // m = 0.01 for a
  CHECK(model.a.to_vector() == Tensor::from<float>({0.725f, -1.225f, -0.25f}).to_vector());
  step(-0.05);  // 0.9 m - 0.005 > 0: still down
  CHECK(model.a.at({2}) == Catch::Approx(-0.25 - 0.25 * (1 - 0.025)));
  step(-1);  // 0.9 m - 0.1 < 0: up
  CHECK(model.a.at({2}) > -0.25);
  step(0);
  CHECK(sum(abs(parameters.flat())).item() ==
        Catch::Approx(sum(abs(model.a)).item() + sum(abs(model.b)).item()));  // the gaps are zeros
}

// docs: groups
TEST_CASE("weights decay, other parameters do not", "[extending]") {
  Rng rng(1);
  Recurrent<MguCell> layer(2, 3, {}, rng);
  Parameters parameters(layer);
  AdamW weights(parameters.matching("*weight*"), 1e-3, {.weight_decay = 0.1});
  AdamW rest(parameters.without("*weight*"), 1e-3, {.weight_decay = 0});
  parameters.check_split({weights.parameters(), rest.parameters()});
  Tape tape;
  const Tensor y = layer(pack(rng.normal({4, 2, 2}, 0, 1))).outputs.rows;
  const Gradients gradients = tape.gradients(sum(square(y)), parameters);
  for (AdamW* group : {&weights, &rest}) group->step(gradients.of(group->parameters()));
}
