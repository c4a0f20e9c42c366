#include "autograd/views/diagonals.h"

#include <cmath>
#include <limits>

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

using Numbers = std::vector<double>;
using Ids = std::vector<int64_t>;

// 1, 2, 3, ..
Tensor counted(const Shape& shape) { return reshape(Tensor::arange(shape.numel()) + 1, shape); }

}  // namespace

TEST_CASE("diag takes a diagonal out of a matrix, or makes a matrix of it") {
  const Tensor x = counted({3, 4});
  CHECK(diag(x).to_ids() == Ids{1, 6, 11});
  CHECK(diag(x, 1).to_ids() == Ids{2, 7, 12});
  CHECK(diag(x, 3).to_ids() == Ids{4});
  CHECK(diag(x, -1).to_ids() == Ids{5, 10});
  CHECK(diag(counted({2})).to_ids() == Ids{1, 0, 0, 2});
  CHECK(diag(counted({2}), 1).to_ids() == Ids{0, 1, 0, 0, 0, 2, 0, 0, 0});
  CHECK(diag(counted({1}), -2).to_ids() == Ids{0, 0, 0, 0, 0, 0, 1, 0, 0});
  CHECK(diag(transpose(x, 0, 1), 1).to_ids() == Ids{5, 10});
  for (int64_t far :
       {int64_t{4}, int64_t{-3}, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()})
    CHECK(diag(x, far).shape() == Shape{0});
  CHECK(diag(Tensor::zeros({0, 3})).shape() == Shape{0});
  CHECK(diag(Tensor::zeros({0})).shape() == Shape{0, 0});
}

TEST_CASE("diagonal and diag_embed take stacks, diagonal any two axes") {
  const Tensor x = counted({2, 2, 3});
  CHECK(diagonal(x).to_ids() == Ids{1, 5, 7, 11});
  CHECK(diagonal(x, 0, 0, 2).to_ids() == Ids{1, 8, 4, 11});  // [i, .., i], the diagonal last
  CHECK(diagonal(x, 0, 0, 2).shape() == Shape{2, 2});
  CHECK(diagonal(x, 1, 2, 0).to_ids() == Ids{7, 10});  // its rows are the third axis
  CHECK(diag_embed(counted({2, 2})).to_ids() == Ids{1, 0, 0, 2, 3, 0, 0, 4});
  const Tensor back = diagonal(diag_embed(counted({2, 3}), -2), -2);
  CHECK(back.to_ids() == Ids{1, 2, 3, 4, 5, 6});
}

TEST_CASE("tril and triu keep a triangle, whatever stands in the other") {
  const Tensor x = counted({3, 3});
  CHECK(tril(x).to_ids() == Ids{1, 0, 0, 4, 5, 0, 7, 8, 9});
  CHECK(triu(x).to_ids() == Ids{1, 2, 3, 0, 5, 6, 0, 0, 9});
  CHECK(tril(x, 1).to_ids() == Ids{1, 2, 0, 4, 5, 6, 7, 8, 9});
  CHECK(tril(x, -1).to_ids() == Ids{0, 0, 0, 4, 0, 0, 7, 8, 0});
  CHECK(triu(x, 1).to_ids() == Ids{0, 2, 3, 0, 0, 6, 0, 0, 0});
  CHECK(triu(x, -1).to_ids() == Ids{1, 2, 3, 4, 5, 6, 0, 8, 9});
  CHECK(tril(counted({2, 1, 3})).to_ids() == Ids{1, 0, 0, 4, 0, 0});
  CHECK(triu(counted({3, 1})).to_ids() == Ids{1, 0, 0});
  CHECK(tril(transpose(counted({2, 3}), 0, 1)).to_ids() == Ids{1, 0, 2, 5, 3, 6});
  for (int64_t k : {int64_t{3}, std::numeric_limits<int64_t>::max()}) {
    CHECK(tril(x, k).to_ids() == x.to_ids());
    CHECK(triu(x, k).to_ids() == Ids(9, 0));
  }
  for (int64_t k : {int64_t{-3}, std::numeric_limits<int64_t>::min()}) {
    CHECK(tril(x, k).to_ids() == Ids(9, 0));
    CHECK(triu(x, k).to_ids() == x.to_ids());
  }
  CHECK(tril(Tensor::zeros({2, 0})).shape() == Shape{2, 0});
  CHECK(triu(Tensor::zeros({0, 2})).shape() == Shape{0, 2});
  const Tensor bad = Tensor::full({2, 2}, std::nan(""), DType::f64);
  CHECK(sum(tril(bad, -2)).item() == 0);
}

TEST_CASE("roll moves numbers on, and in again at the start") {
  const Tensor x = counted({2, 3});
  CHECK(roll(x, 1, 1).to_ids() == Ids{3, 1, 2, 6, 4, 5});
  CHECK(roll(x, -1, -1).to_ids() == Ids{2, 3, 1, 5, 6, 4});
  CHECK(roll(x, 1, 0).to_ids() == Ids{4, 5, 6, 1, 2, 3});
  CHECK(roll(x, -7, 1).to_ids() == roll(x, 2, 1).to_ids());
  CHECK(roll(x, 6, 1).to_ids() == x.to_ids());
  CHECK(roll(transpose(x, 0, 1), 1, 0).to_ids() == Ids{3, 6, 1, 4, 2, 5});
  CHECK(roll(Tensor::zeros({0, 2}), 3, 0).shape() == Shape{0, 2});
  CHECK(roll(Tensor::zeros({0, 2}), 3, 1).shape() == Shape{0, 2});
  CHECK(roll(x, std::numeric_limits<int64_t>::min(), 1).shape() == Shape{2, 3});
}

TEST_CASE("the gradient of a diagonal lies on the diagonal, and overlapping parts add up") {
  const Tensor x = to(counted({2, 3}), DType::f64);
  Tape tape;
  const Tensor loss = sum(square(diagonal(x))) + sum(diag(x, 1)) + sum(tril(x)) + sum(x[1]);
  CHECK(tape.gradients(loss, {x})[0].to_vector() == Numbers{3, 1, 0, 2, 12, 2});
}

TEST_CASE("diagonals, triangles and rolls say what does not fit") {
  const Tensor vector = Tensor::zeros({3}), stack = Tensor::zeros({2, 2, 2});
  CHECK_THROWS_WITH(diag(stack), ContainsSubstring("diag: wants a vector or a matrix, got f32 [2, 2, 2]"));
  CHECK_THROWS_WITH(diag(Tensor::scalar(1)), ContainsSubstring("diag"));
  CHECK_THROWS_WITH(diagonal(vector), ContainsSubstring("diagonal: wants two axes"));
  CHECK_THROWS_WITH(diagonal(stack, 0, 1, -2), ContainsSubstring("axis 1 twice"));
  CHECK_THROWS_WITH(diagonal(stack, 0, 1, 3), ContainsSubstring("diagonal: axis 3"));
  CHECK_THROWS_WITH(diag_embed(Tensor::scalar(1)), ContainsSubstring("diag_embed"));
  CHECK_THROWS_WITH(diag(vector, std::numeric_limits<int64_t>::min()), ContainsSubstring("too far out"));
  CHECK_THROWS_AS(diag(vector, int64_t{1} << 40), Error);
  CHECK_THROWS_WITH(tril(vector), ContainsSubstring("tril: wants matrices"));
  CHECK_THROWS_WITH(triu(Tensor::scalar(1)), ContainsSubstring("triu: wants matrices"));
  CHECK_THROWS_WITH(roll(stack, 1, 3), ContainsSubstring("roll: axis 3"));
  CHECK_THROWS_WITH(roll(Tensor::scalar(1), 1, 0), ContainsSubstring("roll: axis 0"));
  for (Tensor (*f)(const Tensor&, int64_t) : {diag, diag_embed, tril, triu})
    CHECK_THROWS_WITH(f(Tensor(), 0), ContainsSubstring("undefined tensor"));
  CHECK_THROWS_WITH(diagonal(Tensor()), ContainsSubstring("diagonal: operand 0 is an undefined"));
  CHECK_THROWS_WITH(roll(Tensor(), 1, 0), ContainsSubstring("roll: operand 0 is an undefined"));
}
