#include "optim/shards.h"

#include <atomic>

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "optim/clip.h"
#include "optim/gradient_descent.h"
#include "tests/catch.hpp"
#include "tests/optim/models.h"

using namespace heed;
using heed::test::wave;

namespace {

constexpr int64_t kRows = 12;

// Two layers, large enough that the flat buffer has several blocks.
struct Model {
  Tensor weight1, bias1, weight2;
  explicit Model(DType dtype)
      : weight1(wave({150, 200}, 0.1, dtype)), bias1(wave({150}, 0.2, dtype)), weight2(wave({30, 150}, 0.3, dtype)) {}
  void parts(auto& visit) {
    visit("weight1", weight1);
    visit("bias1", bias1);
    visit("weight2", weight2);
  }
  Tensor loss(const Tensor& x) const {
    return sum(square(linear(tanh(linear(x, weight1, bias1)), weight2))) * (1.0 / kRows);
  }
};

struct Trained {
  std::vector<double> gradient, parameters;
  double loss, norm;
};

Trained train(int threads, int count, DType dtype, bool with_norm = true) {
  Model model(dtype);
  Parameters parameters(model);
  ThreadPool pool(threads);
  Shards shards(pool, parameters, count);
  Adam adam(parameters);
  adam.threads = &pool;
  const Tensor x = wave({kRows, 200}, 0.4, dtype);
  const int64_t part = kRows / count;
  Trained result{};
  for (int step = 0; step < 3; ++step) {
    ShardResult now =
        shards.gradients([&](int s) { return model.loss(slice(x, 0, s * part, (s + 1) * part)); }, with_norm);
    adam.step(now.gradients, with_norm ? clip_scale(now.norm, 0.1) : 1);
    result = {now.gradients.flat().to_vector(), parameters.flat().to_vector(), now.loss, now.norm};
  }
  return result;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(b[i])));
  return most;
}

}  // namespace

TEST_CASE("shards: the same bits for any number of threads") {
  for (int count : {1, 2, 3, 4}) {
    const Trained alone = train(1, count, DType::f32);
    CHECK(alone.norm > 0);
    for (int threads : {2, 3}) {
      const Trained together = train(threads, count, DType::f32);
      CHECK(together.gradient == alone.gradient);
      CHECK(together.parameters == alone.parameters);
      CHECK(together.loss == alone.loss);
      CHECK(together.norm == alone.norm);
    }
  }
}

TEST_CASE("shards: the cut changes nothing but the rounding") {
  const Trained whole = train(2, 1, DType::f64);
  for (int count : {2, 3, 4}) {
    const Trained cut = train(2, count, DType::f64);
    CHECK(largest_difference(cut.gradient, whole.gradient) < 1e-12);
    CHECK(largest_difference(cut.parameters, whole.parameters) < 1e-12);
    CHECK(cut.loss == Catch::Approx(whole.loss).epsilon(1e-13));
  }
}

TEST_CASE("shards: gradients and norm are those of one tape over everything") {
  Model model(DType::f64);
  Parameters parameters(model);
  ThreadPool pool(2);
  const Tensor x = wave({kRows, 200}, 0.4, DType::f64);
  for (bool with_norm : {false, true}) {
    const ShardResult result = sharded_gradients(
        pool, parameters, 3, [&](int s) { return model.loss(slice(x, 0, 4 * s, 4 * s + 4)); }, with_norm);
    Tape tape;
    const Tensor loss = model.loss(x);
    const Gradients expected = tape.gradients(loss, parameters);
    CHECK(largest_difference(result.gradients.flat().to_vector(), expected.flat().to_vector()) < 1e-12);
    CHECK(result.gradients[model.bias1].shape() == Shape{150});
    CHECK(result.losses.size() == 3);
    CHECK(result.norm == (with_norm ? norm(result.gradients) : 0));
  }
}

TEST_CASE("shards: one that is empty adds nothing, whichever it is") {
  Model model(DType::f64);
  Parameters parameters(model);
  ThreadPool pool(2);
  Shards shards(pool, parameters, 3);
  const Tensor x = wave({kRows, 200}, 0.4, DType::f64);
  const auto expected = sharded_gradients(pool, parameters, 1, [&](int) { return model.loss(x); });
  for (int chosen : {0, 1, 2}) {
    const ShardResult result = shards.gradients([&](int s) { return s == chosen ? model.loss(x) : Tensor(); }, true);
    CHECK(result.gradients.flat().to_vector() == expected.gradients.flat().to_vector());
    CHECK(result.loss == expected.loss);
  }
  const ShardResult nothing = shards.gradients([](int) { return Tensor(); }, true);
  CHECK(nothing.norm == 0);
  CHECK(nothing.loss == 0);
}

TEST_CASE("shards: a result that is kept is not overwritten by the next call") {
  Model model(DType::f32);
  Parameters parameters(model);
  ThreadPool pool(2);
  Shards shards(pool, parameters, 2);
  const auto gradients_of = [&](double phase) {
    return shards.gradients([&](int s) { return model.loss(wave({3, 200}, phase + s, DType::f32)); });
  };
  const ShardResult kept = gradients_of(0.1);
  const std::vector<double> before = kept.gradients.flat().to_vector();
  const ShardResult next = gradients_of(0.7);
  CHECK(kept.gradients.flat().to_vector() == before);
  CHECK(next.gradients.flat().to_vector() != before);
}

TEST_CASE("shards: an error in a shard comes out, and the next call is not affected") {
  Model model(DType::f32);
  Parameters parameters(model);
  const Tensor x = wave({kRows, 200}, 0.4, DType::f32);
  for (int threads : {1, 2, 3}) {
    ThreadPool pool(threads);
    Shards shards(pool, parameters, 4);
    const auto good = [&](int s) { return model.loss(slice(x, 0, 3 * s, 3 * s + 3)); };
    const std::vector<double> before = shards.gradients(good).gradients.flat().to_vector();
    CHECK_THROWS_WITH(shards.gradients([&](int s) {
      if (s >= 2) throw Error("shard {} is ill", s);
      return good(s);
    }),
                      Catch::Matchers::ContainsSubstring("shard 2 is ill"));
    CHECK_FALSE(recording());
    CHECK(shards.gradients(good).gradients.flat().to_vector() == before);
  }
}

TEST_CASE("shards: refuses no shards, and a tape that is alive already") {
  using Catch::Matchers::ContainsSubstring;
  Model model(DType::f32);
  Parameters parameters(model);
  ThreadPool pool(1);
  CHECK_THROWS_WITH(Shards(pool, parameters, 0), ContainsSubstring("at least 1"));
  Shards shards(pool, parameters, 1);
  Tape tape;
  CHECK_THROWS_WITH(shards.gradients([](int) { return Tensor(); }), ContainsSubstring("end that tape first"));
}
