#include "autograd/ops/order/sort.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "autograd/base/rng.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

using Numbers = std::vector<double>;
using Ids = std::vector<int64_t>;

}  // namespace

TEST_CASE("sort puts numbers in order, equals as they stood") {
  for (const DType dtype : {DType::f32, DType::f64, DType::i64}) {
    const Tensor x = Tensor::from(Numbers{3, 1, 2, 1, 3, 2, 2, 2}, {2, 4}, dtype);
    const auto [up, up_index] = sort(x);
    CHECK(up.to_vector() == Numbers{1, 1, 2, 3, 2, 2, 2, 3});
    CHECK(up_index.to_ids() == Ids{1, 3, 2, 0, 1, 2, 3, 0});
    const auto [down, down_index] = sort(x, 1, true);
    CHECK(down.to_vector() == Numbers{3, 2, 1, 1, 3, 2, 2, 2});
    CHECK(down_index.to_ids() == Ids{0, 2, 1, 3, 0, 1, 2, 3});
    CHECK(up.dtype() == dtype);
    CHECK(argsort(x, 0).to_ids() == Ids{0, 0, 0, 0, 1, 1, 1, 1});
    CHECK(argsort(x, -2, true).to_ids() == Ids{0, 1, 0, 1, 1, 0, 1, 0});
    CHECK(sort(transpose(x, 0, 1), 0).first.to_vector() == Numbers{1, 2, 1, 2, 2, 2, 3, 3});
  }
}

TEST_CASE("nothing is larger than NaN: last upwards, first downwards and of the largest") {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  const Tensor x = Tensor::from(Numbers{nan, infinity, -infinity, nan, 0});
  CHECK(argsort(x).to_ids() == Ids{2, 4, 1, 0, 3});
  CHECK(argsort(x, 0, true).to_ids() == Ids{0, 3, 1, 4, 2});
  CHECK(topk(x, 3).second.to_ids() == Ids{0, 3, 1});
  CHECK(topk(x, 4, 0, false).second.to_ids() == Ids{2, 4, 1, 0});
  CHECK(std::isnan(topk(x, 1).first.item()));
  CHECK(argsort(Tensor::from(Numbers{0.0, -0.0})).to_ids() == Ids{0, 1});
}

TEST_CASE("topk is the beginning of sort, for every k and axis") {
  Rng rng(3);
  for (const Shape& shape : {Shape{7}, Shape{3, 5}, Shape{2, 70, 3}})
    for (int axis = 0; axis < shape.rank(); ++axis)
      for (const bool largest : {true, false}) {
        Tensor x = Tensor::empty(shape, DType::f64);
        for (int64_t i = 0; i < x.numel(); ++i)
          x.mutable_data<double>()[i] = static_cast<double>(rng.below(10));  // with many equals
        const auto [all, order] = sort(x, axis, largest);
        for (int64_t k : {int64_t{0}, int64_t{1}, shape[axis] / 2, shape[axis]}) {
          const auto [best, where_is] = topk(x, k, axis, largest);
          CHECK(best.to_vector() == slice(all, axis, 0, k).to_vector());
          CHECK(where_is.to_vector() == slice(order, axis, 0, k).to_vector());
        }
        const Numbers values = all.to_vector();
        Numbers sorted = x.to_vector(), same = values;
        std::sort(sorted.begin(), sorted.end());
        std::sort(same.begin(), same.end());
        CHECK(sorted == same);
      }
}

TEST_CASE("the gradient of what was sorted goes where it stood") {
  const Tensor x = Tensor::from(Numbers{3, 1, 2, 5, 4, 6}, {2, 3}), weights = Tensor::from(Numbers{10, 20, 30});
  Tape tape;
  const Tensor loss = sum(sort(x).first * weights) + sum(square(topk(x, 1, 0).first));
  CHECK(tape.gradients(loss, {x})[0].to_vector() == Numbers{30, 10, 20, 20 + 10, 10 + 8, 30 + 12});
}

TEST_CASE("sorting nothing, one number, and along an axis that is not there") {
  CHECK(sort(Tensor::zeros({2, 0})).first.shape() == Shape{2, 0});
  CHECK(sort(Tensor::zeros({0, 2})).second.shape() == Shape{0, 2});
  CHECK(topk(Tensor::zeros({2, 3}), 0).first.shape() == Shape{2, 0});
  CHECK(sort(Tensor::full({1}, 7)).first.item() == 7);
  const Tensor x = Tensor::zeros({2, 3});
  CHECK_THROWS_WITH(sort(x, 2), ContainsSubstring("sort: axis 2"));
  CHECK_THROWS_WITH(argsort(Tensor::scalar(1)), ContainsSubstring("argsort: axis -1"));
  CHECK_THROWS_WITH(topk(x, 4), ContainsSubstring("topk: 4 of axis 1 of f32 [2, 3]"));
  CHECK_THROWS_WITH(topk(x, -1), ContainsSubstring("topk: -1"));
  CHECK_THROWS_WITH(sort(Tensor()), ContainsSubstring("sort: operand 0 is an undefined tensor"));
  CHECK_THROWS_WITH(argsort(Tensor()), ContainsSubstring("argsort: operand 0 is an undefined tensor"));
  CHECK_THROWS_WITH(topk(Tensor(), 1), ContainsSubstring("topk: operand 0 is an undefined tensor"));
}
