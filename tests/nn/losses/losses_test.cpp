#include "nn/losses/losses.h"

#include <cmath>
#include <limits>

#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

using Numbers = std::vector<double>;
using Ids = std::vector<int64_t>;

Tensor waves(const Shape& shape, double size = 2) {
  Tensor x = Tensor::empty(shape, DType::f64);
  for (int64_t i = 0; i < x.numel(); ++i)
    x.mutable_data<double>()[i] = size * std::sin(2.3 * static_cast<double>(i) + 1);
  return x;
}

Tensor remainders(int64_t count, int64_t classes) {
  Tensor ids = Tensor::empty({count}, DType::i64);
  for (int64_t i = 0; i < count; ++i) ids.mutable_data<int64_t>()[i] = (i * 5 + 2) % classes;
  return ids;
}

void check_near(const Tensor& got, const Tensor& expected, double tolerance) {
  REQUIRE(got.shape() == expected.shape());
  const Numbers a = got.to_vector(), b = expected.to_vector();
  for (size_t i = 0; i < a.size(); ++i) {
    INFO("element " << i << ": " << a[i] << " and " << b[i]);
    CHECK(std::abs(a[i] - b[i]) <= tolerance * std::max(1.0, std::abs(b[i])));
  }
}

// The kernel's definition in plain operations, without ignored positions: logits [N, C].
Tensor plain(const Tensor& x, const Tensor& targets, double smoothing, const Tensor& weight) {
  const int64_t n = x.size(0), classes = x.size(1);
  const Tensor w = weight ? weight : Tensor::full({classes}, 1, x.dtype());
  const Tensor logp = log_softmax(x) * w;
  const Tensor hit = reshape(gather(logp, 1, reshape(targets, {n, 1})), {n});
  return hit * (smoothing - 1) - sum(logp, {1}) * (smoothing / static_cast<double>(classes));
}

}  // namespace

TEST_CASE("cross entropy by hand") {
  const Tensor logits = log(Tensor::from(Numbers{1, 2, 5, 4, 4, 8}, {2, 3}));
  const Tensor targets = Tensor::from(Ids{2, 0});
  const double first = -std::log(5.0 / 8), second = -std::log(4.0 / 16);
  CHECK(cross_entropy(logits, targets).item() == Approx((first + second) / 2));
  CHECK(cross_entropy(logits, targets, {.reduction = Reduction::sum}).item() == Approx(first + second));
  check_near(cross_entropy(logits, targets, {.reduction = Reduction::none}), Tensor::from(Numbers{first, second}),
             1e-14);
  check_near(log_probability(logits, targets), Tensor::from(Numbers{-first, -second}), 1e-14);
  Tape tape;
  const Tensor slopes = tape.gradients(cross_entropy(logits, targets), {logits})[0];
  check_near(slopes, Tensor::from(Numbers{1. / 16, 2. / 16, -3. / 16, -6. / 16, 2. / 16, 4. / 16}, {2, 3}), 1e-14);
}

TEST_CASE("ignored positions count nothing, and a batch of them alone gives 0") {
  const Tensor logits = waves({3, 4});
  const Tensor targets = Tensor::from(Ids{1, 0, 3});
  Tape tape({.keep = true});
  const Tensor loss = cross_entropy(logits, targets, {.ignore_index = 0});
  const Tensor two = index_select(logits, 0, Tensor::from(Ids{0, 2}));
  CHECK(loss.item() == Approx(cross_entropy(two, Tensor::from(Ids{1, 3})).item()));
  const Tensor slopes = tape.gradients(loss, {logits})[0];
  CHECK(slice(slopes, 0, 1, 2).to_vector() == Numbers(4, 0.0));
  const Tensor none = cross_entropy(logits, Tensor::full({3}, -100, DType::i64), {.ignore_index = -100});
  CHECK(none.item() == 0);
  CHECK(tape.gradients(none, {logits})[0].to_vector() == Numbers(12, 0.0));
}

TEST_CASE("cross entropy of every width equals its definition, values and gradients") {
  for (int64_t classes : {1, 3, 16, 33, 257, 5000})
    for (double smoothing : {0.0, 0.1})
      for (bool weighted : {false, true}) {
        const Tensor x = waves({3, classes}, 3), targets = remainders(3, classes);
        const Tensor weight = weighted ? square(waves({classes})) : Tensor();
        const Tensor upstream = Tensor::from(Numbers{1, -2, 0.5});
        Tape tape({.keep = true});
        const CrossEntropyOptions options{
            .label_smoothing = smoothing, .weight = weight, .reduction = Reduction::none};
        const Tensor fast = cross_entropy(x, targets, options), slow = plain(x, targets, smoothing, weight);
        check_near(fast, slow, 1e-12);
        check_near(tape.gradients({fast}, {upstream}, {x})[0], tape.gradients({slow}, {upstream}, {x})[0], 1e-13);
      }
}

TEST_CASE("logits that grow along the row, are huge, or -inf") {
  const int64_t classes = 9000;
  Tensor rising = Tensor::empty({1, classes}, DType::f32);
  for (int64_t i = 0; i < classes; ++i) rising.mutable_data<float>()[i] = static_cast<float>(i) * 0.25f - 1e4f;
  const double expected = std::log(1 / (1 - std::exp(-0.25)));
  CHECK(cross_entropy(rising, Tensor::from(Ids{classes - 1})).item() == Approx(expected).epsilon(1e-5));
  Tensor gap = Tensor::full({1, classes}, -std::numeric_limits<double>::infinity());
  gap.mutable_data<float>()[8000] = 3e4f;
  gap.mutable_data<float>()[8500] = 3e4f;
  Tape tape;
  const Tensor loss = cross_entropy(gap, Tensor::from(Ids{8000}));
  CHECK(loss.item() == Approx(std::log(2.0)));
  const Tensor slopes = tape.gradients(loss, {gap})[0];
  CHECK(slopes.at({0, 8000}) == Approx(-0.5));
  CHECK(slopes.at({0, 8500}) == Approx(0.5));
  CHECK(slopes.at({0, 17}) == 0);
}

TEST_CASE("the gradient of cross entropy is added to what is there already") {
  const Tensor x = waves({2, 21});
  const Tensor targets = Tensor::from(Ids{4, -1});
  Tape tape({.keep = true});
  const Tensor loss = cross_entropy(x, targets, {.ignore_index = -1});
  const Tensor both = tape.gradients(sum(square(x)) + loss + loss * 2, {x})[0];
  check_near(both, x * 2 + tape.gradients(loss, {x})[0] * 3, 1e-14);
}

TEST_CASE("classes on another axis, and targets of several axes") {
  const Tensor x = waves({2, 5, 3});
  const Tensor targets = Tensor::from(Ids{4, 0, 1, 2, 2, 3}, {2, 3});
  const Tensor turned = transpose(x, 1, 2);
  const CrossEntropyOptions middle{.reduction = Reduction::none, .class_axis = 1}, last{.reduction = Reduction::none};
  check_near(cross_entropy(x, targets, middle), cross_entropy(turned, targets, last), 1e-15);
  check_near(nll(log_softmax(x, 1), targets, middle), cross_entropy(x, targets, middle), 1e-14);
  CHECK(log_probability(turned, targets).shape() == Shape{2, 3});
}

TEST_CASE("cross entropy refuses what it cannot mean") {
  const Tensor x = waves({2, 3});
  CHECK_THROWS_WITH(cross_entropy(x, Tensor::from(Ids{0, 3})),
                    ContainsSubstring("target 3") && ContainsSubstring("0..2"));
  CHECK_THROWS_WITH(cross_entropy(x, Tensor::from(Ids{-1, 0})), ContainsSubstring("ignore_index"));
  CHECK_THROWS_WITH(cross_entropy(x, Tensor::from(Ids{0})), ContainsSubstring("[2]"));
  CHECK_THROWS_WITH(cross_entropy(x, waves({2})), ContainsSubstring("i64"));
  CHECK_THROWS_WITH(cross_entropy(x, Tensor::from(Ids{0, 1}), {.label_smoothing = 2}),
                    ContainsSubstring("smoothing"));
  CHECK_THROWS_WITH(cross_entropy(x, Tensor::from(Ids{0, 1}), {.weight = waves({2})}), ContainsSubstring("weights"));
  CHECK_THROWS_WITH(nll(x, Tensor::from(Ids{0, 3})), ContainsSubstring("target 3"));
  CHECK_THROWS_WITH(cross_entropy_prob(x, waves({3, 2})), ContainsSubstring("[N, C]"));
}

TEST_CASE("binary cross entropy by hand, far out, and at 0") {
  const Tensor x = Tensor::from(Numbers{0, 1000, -1000, 1000}), t = Tensor::from(Numbers{1, 1, 1, 0});
  check_near(bce_with_logits(x, t, Reduction::none), Tensor::from(Numbers{std::log(2.0), 0, 1000, 1000}), 1e-15);
  Tape tape;
  const Tensor slopes = tape.gradients(bce_with_logits(x, t, Reduction::sum), {x})[0];
  check_near(slopes, Tensor::from(Numbers{-0.5, 0, -1, 1}), 1e-15);
}

TEST_CASE("mean squared error by hand") {
  const Tensor x = Tensor::from(Numbers{1, 4}), target = Tensor::from(Numbers{3, 3});
  CHECK(mse(x, target).item() == 2.5);
  CHECK(mse(x, target, Reduction::sum).item() == 5);
  CHECK(mse(x, target, Reduction::none).to_vector() == Numbers{4, 1});
}
