// Several optimizers over one model, each over a selection of its parameters.
#include <memory>

#include "autograd/check/gradcheck.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/zip/elementwise.h"
#include "optim/average.h"
#include "optim/clip.h"
#include "optim/gradient_descent.h"
#include "optim/optimizers.h"
#include "optim/shards.h"
#include "tests/catch.hpp"
#include "tests/optim/models.h"

namespace heed {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::wave;

// Counts what is computed of the encoder's gradient.
Tensor counted(const Tensor& x, int& pullbacks) {
  return record("counted", {x}, x * 1.0, [&pullbacks](const Tensor& dy) {
    ++pullbacks;
    return dy;
  });
}

struct Part {
  Tensor weight, bias;
  Part(int64_t wide, double phase, DType dtype)
      : weight(wave({2, wide}, phase, dtype)), bias(wave({wide}, -phase, dtype)) {}
  void parts(auto& visit) {
    visit("weight", weight);
    visit("bias", bias);
  }
  Tensor operator()() const { return sum(weight * weight) + sum(weight * bias) + sum(exp(bias)); }
};

struct Net {
  Part encoder, middle, decoder;
  explicit Net(DType dtype, int64_t wide = 3)
      : encoder(wide, 0.3, dtype), middle(1, 0.7, dtype), decoder(wide + 1, 1.1, dtype) {}
  void parts(auto& visit) {
    visit("encoder", encoder);
    visit("middle", middle);
    visit("decoder", decoder);
  }
  Tensor loss() const { return encoder() * 0.5 + middle() + decoder() * 0.25; }
};

TEST_CASE("groups: AdamW with decay on the weights alone, a step by hand") {
  Net net(DType::f64);
  const Parameters whole(net);
  AdamW decayed(whole.matching("*.weight"), 0.1, {.weight_decay = 0.5});
  AdamW rest(whole.without("*.weight"), 0.2, {.weight_decay = 0});
  whole.check_split({decayed.parameters(), rest.parameters()});
  std::vector<std::vector<double>> before, slopes;
  Tape tape;
  const Gradients gradients = tape.gradients(net.loss(), whole);
  for (const Tensor& p : whole.tensors()) before.push_back(p.to_vector());
  for (const Tensor& g : gradients) slopes.push_back(g.to_vector());
  for (AdamW* group : {&decayed, &rest}) group->step(gradients.of(group->parameters()));
  for (size_t i = 0; i < whole.size(); ++i) {
    const bool weight = whole.name(i).ends_with("weight");
    const double rate = weight ? 0.1 : 0.2, decay = weight ? 0.5 : 0;
    const std::vector<double> after = whole[i].to_vector();
    for (size_t k = 0; k < after.size(); ++k)  // the first step's moments are g and g^2
      CHECK(after[k] ==
            Catch::Approx(before[i][k] * (1 - rate * decay) - rate * slopes[i][k] / (std::abs(slopes[i][k]) + 1e-8))
                .epsilon(1e-12));
  }
}

// The parameters after a few steps of optimizers over these selections, by one backward pass each.
std::vector<double> run(std::string_view name, const std::vector<std::string>& groups, DType dtype, int64_t wide,
                        ThreadPool* threads) {
  Net net(dtype, wide);
  Parameters whole(net);
  std::vector<std::unique_ptr<Optimizer>> optimizers;
  for (const std::string& group : groups) {
    const bool others = group[0] == '-';
    optimizers.push_back(
        make_optimizer(name, others ? whole.without(group.substr(1)) : whole.matching(group), 0.01, 0.1));
    optimizers.back()->threads = threads;
  }
  for (int t = 0; t < 3; ++t) {
    Tape tape;
    const Gradients gradients = tape.gradients(net.loss() * 1e-3, whole);
    for (auto& optimizer : optimizers) optimizer->step(gradients.of(optimizer->parameters()));
  }
  return whole.flat().to_vector();
}

TEST_CASE("groups: like one optimizer over all to the bit, however the model is split") {
  ThreadPool pool(3);
  for (const auto& choice : optimizers)
    for (const DType dtype : {DType::f32, DType::f64})
      for (const int64_t wide : {1, 20001}) {  // pieces that fill no block, and that fill several
        INFO(choice.name);
        const std::vector<double> whole = run(choice.name, {"*"}, dtype, wide, nullptr);
        CHECK(run(choice.name, {"*.weight", "-*.weight"}, dtype, wide, nullptr) == whole);
        CHECK(run(choice.name, {"*.weight", "-*.weight"}, dtype, wide, &pool) == whole);
        CHECK(run(choice.name, {"middle.*", "encoder.*", "decoder.*"}, dtype, wide, &pool) == whole);
      }
}

TEST_CASE("groups: a rate that is 0 or changes moves its own group alone") {
  Net net(DType::f64);
  const Parameters whole(net);
  Sgd first(whole.matching("encoder.*"), 0), second(whole.without("encoder.*"), 0.1);
  const std::vector<double> encoder = net.encoder.weight.to_vector(), decoder = net.decoder.weight.to_vector();
  for (int t = 0; t < 2; ++t) {
    Tape tape;
    const Gradients gradients = tape.gradients(net.loss(), whole);
    second.learning_rate = t == 0 ? 0.1 : 0;
    first.step(gradients.of(first.parameters()));
    second.step(gradients.of(second.parameters()));
    CHECK(net.encoder.weight.to_vector() == encoder);
    CHECK(net.decoder.weight.to_vector() != decoder);
  }
}

TEST_CASE("groups: of a frozen part no gradient is computed") {
  Net net(DType::f64);
  const Parameters whole(net);
  const auto step = [&](const Parameters& trained) {
    int pullbacks = 0;
    Tape tape;
    const Tensor code = counted(net.encoder(), pullbacks);
    Sgd(trained, 0.1).step(tape.gradients(code * net.decoder() + net.middle(), trained));
    return pullbacks;
  };
  CHECK(step(whole) == 1);
  const std::vector<double> frozen = net.encoder.weight.to_vector(), free = net.decoder.weight.to_vector();
  CHECK(step(whole.without("encoder.*")) == 0);
  CHECK(net.encoder.weight.to_vector() == frozen);
  CHECK(net.decoder.weight.to_vector() != free);
}

TEST_CASE("groups: another group's gradients are refused, though their shapes are the same") {
  Net net(DType::f64);
  const Parameters whole(net), biases = whole.matching("*er.bias"), one = whole.matching("encoder.bias");
  Tensor same = wave({3}, 0.5, DType::f64);
  const Parameters other(std::vector<NamedTensor>{{"same", &same}});
  Sgd sgd(one, 0.1);
  const std::vector<double> before = net.encoder.bias.to_vector();
  Tape tape({.keep = true});
  const Tensor loss = net.loss() + sum(same);
  CHECK_THROWS_WITH(sgd.step(tape.gradients(loss, other)),
                    ContainsSubstring("same") && ContainsSubstring("encoder.bias"));
  CHECK_THROWS_WITH(sgd.step(tape.gradients(loss, biases)), ContainsSubstring("gradients.of(selection)"));
  CHECK_THROWS_WITH(sgd.step(tape.gradients(loss, other).of(one)),
                    ContainsSubstring("encoder.bias was not asked for"));
  CHECK(net.encoder.bias.to_vector() == before);
  CHECK_NOTHROW(sgd.step(tape.gradients(loss, biases).of(one)));
}

TEST_CASE("groups: state has the parameters' full names, and is restored") {
  Net net(DType::f32);
  const Parameters whole(net);
  Adam adam(whole.matching("*.bias"), 0.1);
  const auto step = [&](Optimizer& optimizer) {
    Tape tape;
    optimizer.step(tape.gradients(net.loss(), optimizer.parameters()));
  };
  step(adam);
  std::map<std::string, Tensor> saved;
  for (const auto& [name, tensor] : adam.state("biases.")) saved[name] = copy_of(tensor);
  CHECK(saved.size() == 2 + 2 * 3);
  CHECK(saved.contains("biases.exp_avg/decoder.bias"));
  const std::vector<double> here = whole.numbers().to_vector();
  step(adam);
  const std::vector<double> expected = whole.numbers().to_vector();
  Parameters(net).set_numbers(Tensor::from(here, {static_cast<int64_t>(here.size())}, DType::f32));
  Adam again(whole.matching("*.bias"), 0.7);
  again.restore(saved, "biases.");
  step(again);
  CHECK(whole.numbers().to_vector() == expected);
  Adam weights(whole.matching("*.weight"), 0.1);
  CHECK_THROWS_WITH(weights.restore(saved, "biases."), ContainsSubstring("weight"));
}

TEST_CASE("groups: the norm of a share is its own, and clipping it leaves the rest alone") {
  Net net(DType::f64);
  const Parameters whole(net), biases = whole.matching("*.bias");
  Tape tape({.keep = true});
  const Tensor loss = net.loss();
  const Gradients all = tape.gradients(loss, whole);
  Gradients share = all.of(biases);
  CHECK(norm(share) == norm(tape.gradients(loss, biases)));
  const std::vector<double> before = all.flat().to_vector();
  clip_norm(share, 1e-3);
  CHECK(norm(share) == Catch::Approx(1e-3).epsilon(0.01));
  CHECK(all.flat().to_vector() == before);
}

TEST_CASE("groups: the average of a selection is that part of the whole's, and swaps that part alone") {
  ThreadPool pool(2);
  for (const int64_t wide : {2, 20001}) {
    Net net(DType::f32, wide);
    Parameters whole(net);
    const Parameters weights = whole.matching("*.weight");
    Average all(whole, 0.9), some(weights, 0.9);
    for (int t = 0; t < 3; ++t) {
      whole.set_numbers(wave(whole.buffer().shape(), t, DType::f32));
      all.update();
      some.update(&pool);
    }
    const std::vector<Tensor> mean = whole.views(all.mean());
    std::vector<std::vector<double>> before;
    for (const Tensor& p : whole.tensors()) before.push_back(p.to_vector());
    some.swap();
    for (size_t i = 0; i < whole.size(); ++i)
      CHECK(whole[i].to_vector() == (whole.name(i).ends_with("weight") ? mean[i].to_vector() : before[i]));
    some.swap();
    for (size_t i = 0; i < whole.size(); ++i) CHECK(whole[i].to_vector() == before[i]);
  }
}

TEST_CASE("groups: shards and gradient checks take a selection") {
  ThreadPool pool(2);
  Net net(DType::f64);
  const Parameters whole(net);
  Parameters biases = whole.matching("*.bias");
  const auto loss = [&](int shard) { return net.loss() * (1.0 + shard); };
  const Gradients part = Shards(pool, biases, 3).gradients(loss).gradients;
  CHECK(part.flat().to_vector() == Shards(pool, whole, 3).gradients(loss).gradients.of(biases).flat().to_vector());
  const std::vector<double> before = whole.numbers().to_vector();
  const GradcheckReport report = gradcheck_model(
      "biases", [&] { return net.loss(); }, biases);
  INFO(report.text());
  CHECK(report.passed());
  CHECK(report.checked >= 3);
  CHECK(whole.numbers().to_vector() == before);
}

}  // namespace
}  // namespace heed
