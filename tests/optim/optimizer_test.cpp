#include "optim/optimizer.h"

#include <limits>
#include <memory>

#include "autograd/views/views.h"
#include "optim/clip.h"
#include "optim/gradient_descent.h"
#include "optim/optimizers.h"
#include "tests/catch.hpp"
#include "tests/optim/models.h"

using namespace heed;
using heed::test::flat_gradients;
using heed::test::Pair;
using heed::test::wave;

namespace {

using Make = std::function<std::unique_ptr<Optimizer>(const Parameters&)>;

template <class O, class... Options>
Make make(double rate, Options... options) {
  return [=](const Parameters& parameters) { return std::make_unique<O>(parameters, rate, options...); };
}

// Every optimizer in every variant that has a formula of its own, and all that have a name.
std::vector<Make> all_kinds() {
  std::vector<Make> kinds{
      make<Sgd>(0.1),
      make<Sgd>(0.1, SgdOptions{.momentum = 0.9, .dampening = 0.2, .weight_decay = 0.1}),
      make<Sgd>(0.1, SgdOptions{.momentum = 0.9, .nesterov = true}),
      make<Adagrad>(0.1, AdagradOptions{.rate_decay = 0.1, .weight_decay = 0.1, .initial_accumulator = 0.5}),
      make<Adadelta>(1.0, AdadeltaOptions{.weight_decay = 0.1}),
      make<RmsProp>(0.1),
      make<RmsProp>(0.1, RmsPropOptions{.momentum = 0.5}),
      make<RmsProp>(0.1, RmsPropOptions{.weight_decay = 0.1, .centered = true}),
      make<RmsProp>(0.1, RmsPropOptions{.momentum = 0.5, .centered = true}),
      make<Adam>(0.1, AdamOptions{.weight_decay = 0.1}),
      make<Adam>(0.1, AdamOptions{.amsgrad = true}),
      make<AdamW>(0.1)};
  for (const auto& choice : optimizers)
    kinds.push_back([&](const Parameters& parameters) { return make_optimizer(choice.name, parameters, 0.1, 0.1); });
  return kinds;
}

Gradients gradients_at(const Parameters& parameters, int t) {
  const DType dtype = parameters.flat().dtype();
  return flat_gradients(parameters,
                        {wave(parameters[0].shape(), 2.0 + t, dtype), wave(parameters[1].shape(), 5.0 - t, dtype)});
}

std::vector<double> run(const Make& make_optimizer, int steps, DType dtype, ThreadPool* threads = nullptr,
                        Shape shape = {3, 5}) {
  Pair model(dtype, shape);
  Parameters parameters(model);
  auto optimizer = make_optimizer(parameters);
  optimizer->threads = threads;
  for (int t = 0; t < steps; ++t) optimizer->step(gradients_at(parameters, t));
  return parameters.flat().to_vector();
}

struct One {
  Tensor p = Tensor::from<double>({2.0});
  void parts(auto& visit) { visit("p", p); }
};

// Where p = 2 is after gradients of 1 and then -3.
std::vector<double> two_steps(const Make& make_optimizer) {
  One model;
  Parameters parameters(model);
  auto optimizer = make_optimizer(parameters);
  std::vector<double> path;
  for (double g : {1.0, -3.0}) {
    optimizer->step(flat_gradients(parameters, {Tensor::from<double>({g})}));
    path.push_back(model.p.item());
  }
  return path;
}

void check_path(const Make& make_optimizer, double first, double second) {
  const std::vector<double> path = two_steps(make_optimizer);
  CHECK(path[0] == Catch::Approx(first).epsilon(1e-12));
  CHECK(path[1] == Catch::Approx(second).epsilon(1e-12));
}

}  // namespace

TEST_CASE("optimizers: two steps by hand") {
  check_path(make<Sgd>(0.1), 1.9, 2.2);
  // b = 1, then 0.5 * 1 + 0.8 * -3: the first step is not dampened
  check_path(make<Sgd>(0.1, SgdOptions{.momentum = 0.5, .dampening = 0.2}), 1.9, 1.9 + 0.19);
  // b = 1, d = 1.5; b = -2.5, d = -4.25
  check_path(make<Sgd>(0.1, SgdOptions{.momentum = 0.5, .nesterov = true}), 1.85, 2.275);
  check_path(make<Sgd>(0.1, SgdOptions{.weight_decay = 0.5}), 1.8, 1.8 + 0.1 * (3 - 0.9));
  check_path(make<Adagrad>(0.1, AdagradOptions{.rate_decay = 1, .eps = 1e-15}), 1.9,
             1.9 + 0.05 * 3 / std::sqrt(10.0));
  // s = 0.5, 4.75
  check_path(make<RmsProp>(0.1, RmsPropOptions{.alpha = 0.5, .eps = 1e-15}), 2 - 0.1 / std::sqrt(0.5),
             2 - 0.1 / std::sqrt(0.5) + 0.3 / std::sqrt(4.75));
  // m = 0.5 / 0.5; then m = -1.25 / 0.75, v = 4.75 / 0.75
  const AdamOptions half{.beta1 = 0.5, .beta2 = 0.5, .eps = 1e-15};
  check_path(make<Adam>(0.1, half), 1.9, 1.9 + 0.1 * (1.25 / 0.75) / std::sqrt(4.75 / 0.75));
  const AdamWOptions decayed{.beta1 = 0.5, .beta2 = 0.5, .eps = 1e-15, .weight_decay = 0.5};
  check_path(make<AdamW>(0.1, decayed), 1.8, 1.8 * 0.95 + 0.1 * (1.25 / 0.75) / std::sqrt(4.75 / 0.75));
}

TEST_CASE("optimizers: AdamW decays by 0.01 whatever other options are named") {
  const double step = 0.1;  // of the first one, whose two moments are of one size
  CHECK(two_steps(make<AdamW>(step, AdamWOptions{.beta2 = 0.98}))[0] == Catch::Approx(2 * (1 - step * 0.01) - step));
  CHECK(two_steps(make<AdamW>(step, AdamWOptions{.weight_decay = 0}))[0] == Catch::Approx(2 - step));
}

TEST_CASE("optimizers: a parameter without gradient is carried on by momentum and shrunk by decay") {
  const auto moved = [](const Make& make_one) {
    Tensor p = Tensor::from(std::vector<double>{2});
    Parameters parameters(std::vector<NamedTensor>{{"p", &p}});
    const std::unique_ptr<Optimizer> optimizer = make_one(parameters);
    const double before = p.item();
    optimizer->step(Gradients(parameters.tensors(), {Tensor::zeros({1}, DType::f64)}));
    return p.item() - before;
  };
  CHECK(moved(make<Sgd>(0.1)) == 0);
  CHECK(moved(make<Adam>(0.1)) == 0);
  CHECK(moved(make<Sgd>(0.1, SgdOptions{.weight_decay = 0.5})) == Catch::Approx(-0.1));
  CHECK(moved(make<AdamW>(0.1)) == Catch::Approx(-0.002));
}

TEST_CASE("optimizers: a rate that is no number from 0 on is refused") {
  Tensor p = Tensor::from(std::vector<double>{2});
  Parameters parameters(std::vector<NamedTensor>{{"p", &p}});
  for (const double rate : {-1.0, std::nan(""), double(INFINITY), -double(INFINITY)}) {
    CHECK_THROWS_WITH(Adam(parameters, rate), Catch::Matchers::ContainsSubstring("learning rate"));
    Sgd sgd(parameters, 0.1);
    sgd.learning_rate = rate;
    CHECK_THROWS_AS(sgd.step(Gradients(parameters.tensors(), {Tensor::zeros({1}, DType::f64)})), Error);
    CHECK(sgd.steps() == 0);
  }
  CHECK_THROWS_AS(Adam(parameters, 0.1, {.beta1 = std::nan("")}), Error);
  CHECK_THROWS_AS(Adam(parameters, 0.1, {.weight_decay = -1}), Error);
}

TEST_CASE("optimizers: any number of threads gives the same bits") {
  ThreadPool two(2), three(3);
  for (const Make& kind : all_kinds()) {
    const Shape big{3, kBlock + 11};
    const std::vector<double> alone = run(kind, 3, DType::f32, nullptr, big);
    CHECK(run(kind, 3, DType::f32, &two, big) == alone);
    CHECK(run(kind, 3, DType::f32, &three, big) == alone);
  }
}

TEST_CASE("optimizers: f32 follows f64, and the gaps of the flat buffer stay zero") {
  for (const Make& kind : all_kinds()) {
    const std::vector<double> exact = run(kind, 5, DType::f64), single = run(kind, 5, DType::f32);
    REQUIRE(exact.size() == 32);
    for (size_t i = 0; i < exact.size(); ++i) CHECK(single[i] == Catch::Approx(exact[i]).epsilon(1e-4).margin(1e-5));
    CHECK(exact[15] == 0);
    for (size_t i = 23; i < 32; ++i) CHECK(exact[i] == 0);
  }
}

TEST_CASE("optimizers: a resumed run goes on as if it had not stopped") {
  for (const Make& kind : all_kinds()) {
    Pair model(DType::f32);
    Parameters parameters(model);
    auto first = kind(parameters);
    for (int t = 0; t < 3; ++t) first->step(gradients_at(parameters, t));
    first->learning_rate *= 0.5;
    std::map<std::string, Tensor> saved;
    for (const auto& [name, tensor] : first->state("optimizer/")) {
      saved[name] = Tensor::empty(tensor.shape(), tensor.dtype());
      copy_into(saved[name], tensor);
    }
    saved["model/a"] = Tensor::scalar(1);  // belongs to somebody else

    Pair copy(DType::f32);
    Parameters others(copy);
    copy_into(others.flat(), parameters.flat());
    auto second = kind(others);
    second->restore(saved, "optimizer/");
    CHECK(second->steps() == 3);
    CHECK(second->learning_rate == first->learning_rate);
    for (int t = 3; t < 5; ++t) {
      first->step(gradients_at(parameters, t));
      second->step(gradients_at(others, t));
    }
    CHECK(others.flat().to_vector() == parameters.flat().to_vector());
  }
}

TEST_CASE("optimizers: what does not fit is refused and changes nothing") {
  using Catch::Matchers::ContainsSubstring;
  Pair model(DType::f32);
  Parameters parameters(model);
  Adam adam(parameters);
  adam.step(gradients_at(parameters, 0));
  const auto state = adam.state();
  CHECK(state.size() == 6);
  CHECK(state.at("exp_avg/a").shape() == Shape{3, 5});
  CHECK_THROWS_WITH(Sgd(parameters).restore(state), ContainsSubstring("does not keep"));
  CHECK_THROWS_WITH(adam.restore(Sgd(parameters).state()), ContainsSubstring("exp_avg/a"));
  auto wrong = adam.state();
  wrong["exp_avg_sq/b"] = Tensor::zeros({8});
  CHECK_THROWS_WITH(adam.restore(wrong), ContainsSubstring("[8]"));
  CHECK(adam.steps() == 1);

  CHECK_THROWS_WITH(adam.step(Gradients({}, {model.a})), ContainsSubstring("1 gradients for 2 parameters"));
  CHECK_THROWS_WITH(adam.step(Gradients({}, {model.b, model.a})), ContainsSubstring("another order"));
  CHECK(adam.steps() == 1);
  CHECK_THROWS_WITH(Adam(parameters, 0.1, {.beta2 = 1}), ContainsSubstring("beta2 is 1"));
  CHECK_THROWS_WITH(Adam(parameters, 0.1, {.eps = 0}), ContainsSubstring("more than 0"));
  CHECK_THROWS_WITH(Sgd(parameters, 0.1, {.nesterov = true}), ContainsSubstring("wants momentum"));
}

TEST_CASE("optimizers: gradients without a flat buffer, and views, are gathered") {
  Pair model(DType::f64), other(DType::f64);
  Parameters parameters(model), others(other);
  Adam adam(parameters), gathering(others);
  const Tensor a = wave({5, 3}, 0.5, DType::f64), b = wave({7}, 0.7, DType::f64);
  const Tensor turned = transpose(a, 0, 1);  // [3, 5], not dense
  for (int t = 0; t < 2; ++t) {
    adam.step(flat_gradients(parameters, {turned, b}));
    gathering.step(Gradients({}, {turned, b}));
  }
  CHECK(others.flat().to_vector() == parameters.flat().to_vector());
}

TEST_CASE("optimizers: clipping on the way equals clipping first") {
  Pair model(DType::f64), other(DType::f64);
  Parameters parameters(model), others(other);
  Adam adam(parameters), fused(others);
  Gradients clipped = gradients_at(parameters, 0);
  const Gradients whole = gradients_at(others, 0);
  const double before = clip_norm(clipped, 0.5);
  adam.step(clipped);
  fused.step(whole, clip_scale(before, 0.5));
  CHECK(others.flat().to_vector() == parameters.flat().to_vector());
}

namespace {

struct Velocity : Optimizer {
  explicit Velocity(const Parameters& parameters) : Optimizer(parameters, 0.1, {"velocity"}) {}
  void update() override {
    each([rate = learning_rate](auto& p, auto g, auto& velocity) {
      velocity = 0.9 * velocity + g;
      p = p - rate * velocity;
    });
  }
};

struct Forgetful : Optimizer {
  explicit Forgetful(const Parameters& parameters) : Optimizer(parameters, 0.1, {}) {}
  void update() override {
    each([](auto& p, auto g, auto& m) { p = p - (m = g); });
  }
};

}  // namespace

TEST_CASE("optimizers: one of your own is a formula") {
  check_path([](const Parameters& parameters) { return std::make_unique<Velocity>(parameters); }, 1.9,
             1.9 - 0.1 * (0.9 - 3));
  One model;
  Parameters parameters(model);
  Forgetful forgetful(parameters);
  CHECK_THROWS_WITH(forgetful.step(flat_gradients(parameters, {model.p})),
                    Catch::Matchers::ContainsSubstring("takes 1 numbers"));
}

TEST_CASE("every optimizer that has a name brings a loss down at its usual rate", "[optim]") {
  for (const auto& choice : optimizers) {
    INFO(choice.name);
    One model;
    Parameters parameters(model);
    const auto optimizer = make_optimizer(choice.name, parameters);
    CHECK(optimizer->learning_rate > 0);
    for (int t = 0; t < 3; ++t)  // of p^2 / 8
      optimizer->step(flat_gradients(parameters, {Tensor::from<double>({model.p.item() / 4})}));
    CHECK(std::abs(model.p.item()) < 2);
    CHECK(make_optimizer(choice.name, parameters, 0.5)->learning_rate == 0.5);
  }
  One model;
  CHECK_THROWS_WITH(make_optimizer("adm", Parameters(model)),
                    Catch::Matchers::ContainsSubstring("no optimizer 'adm'; take " + names_of(optimizers)));
}

static_assert(!std::is_copy_constructible_v<Adam> && std::is_move_constructible_v<Adam>,
              "a copy would share the moments, but not count the steps");
