// Indices and class weights have no gradient, and so the tape does not watch them. What is written into them between
// the operation and its gradient changes neither: the gradient is that of the operation as it was.
#include "autograd/ops/extrema.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/max_pooling.h"
#include "autograd/ops/order/sort.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "nn/attention/latent/latent_posterior.h"
#include "nn/losses/losses.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Parts = std::vector<Tensor>;

// What is written afterwards: a place far outside and one inside, both wrong.
void spoil(Tensor& ids) {
  for (int64_t i = 0; i < ids.numel(); ++i) ids.mutable_data<int64_t>()[i] = i == 0 ? int64_t{1} << 40 : 0;
}

// The gradients of the sum of squares of f(x), as they are and with `f`'s numbers written to meanwhile, also by a tape
// around the one that is asked.
template <class F>
void check_kept(const Tensor& x, F f) {
  const auto gradient = [&](bool write, bool nested) {
    std::optional<Tape> outer;
    if (nested) outer.emplace();
    Tape tape;
    auto [y, numbers] = f(x);
    const Tensor loss = sum(square(y));
    if (write) spoil(numbers);
    return tape.gradients(loss, {x})[0].to_vector();
  };
  for (const bool nested : {false, true}) CHECK(gradient(true, nested) == gradient(false, nested));
}

TEST_CASE("indices that are written to afterwards change no gradient", "[changed]") {
  const Tensor x = Tensor::from<double>({3, 1, 4, 1.5, 5, 9}, {3, 2});
  const auto ids = [] { return Tensor::from<int64_t>({2, 1}); };
  const auto pairs = [] { return Tensor::from<int64_t>({2, 1, 1, 0}, {2, 2}); };
  using Made = std::pair<Tensor, Tensor>;
  check_kept(x, [&](const Tensor& v) {
    Tensor i = ids();
    return Made(index_select(v, 0, i), i);
  });
  check_kept(x, [&](const Tensor& v) {
    Tensor i = ids();
    return Made(embedding(v, i), i);
  });
  check_kept(x, [&](const Tensor& v) {
    Tensor i = pairs();
    return Made(gather(v, 0, i), i);
  });
  check_kept(x, [&](const Tensor& v) {
    Tensor i = pairs();
    return Made(scatter(v, 0, i, narrow(v, 0, 0, 2)), i);
  });
  check_kept(x, [&](const Tensor& v) {
    Tensor i = pairs();
    return Made(scatter_add(v, 0, i, narrow(v, 0, 0, 2)), i);
  });
  check_kept(x, [](const Tensor& v) { return max(v, 0); });
  check_kept(x, [](const Tensor& v) { return min(v, 1); });
  check_kept(x, [](const Tensor& v) { return sort(v, 0, true); });
  check_kept(x, [](const Tensor& v) { return topk(v, 2, 0); });
  check_kept(Tensor::from<double>({3, 1, 4, 1.5, 5, 9, 2, 6}, {1, 1, 2, 4}), [](const Tensor& v) {
    return max_pool2d_with_places(v, {.kernel = {2, 2}});
  });
}

TEST_CASE("class weights that are written to afterwards change no gradient", "[changed]") {
  const Tensor x = Tensor::from<double>({0.5, -1, 2, 0}, {2, 2}), y = Tensor::from<int64_t>({0, 1});
  const auto gradient = [&](bool write) {
    Tensor weight = Tensor::from<double>({1, 3});
    Tape tape;
    const Tensor loss = cross_entropy(x, y, {.weight = weight});
    if (write) weight.mutable_data<double>()[0] = 100;
    return tape.gradients(loss, {x})[0].to_vector();
  };
  CHECK(gradient(true) == gradient(false));
}

}  // namespace
}  // namespace heed
