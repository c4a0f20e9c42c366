#include "autograd/ops/indexing.h"

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

Tensor counted(const Shape& shape) {
  Tensor x = Tensor::empty(shape, DType::f64);
  for (int64_t i = 0; i < x.numel(); ++i) x.mutable_data<double>()[i] = static_cast<double>(i) * 0.25 - 1;
  return x;
}

}  // namespace

TEST_CASE("embedding looks rows up and sums the gradients of repeated ids") {
  const Tensor weight = Tensor::from(Numbers{0, 1, 10, 11, 20, 21}, {3, 2});
  const Tensor ids = Tensor::from(Ids{2, 0, 2, 1}, {2, 2});
  Tape tape({.keep = true});
  const Tensor y = embedding(weight, ids);
  CHECK(y.shape() == Shape{2, 2, 2});
  CHECK(y.to_vector() == Numbers{20, 21, 0, 1, 20, 21, 10, 11});
  CHECK(tape.gradients(sum(y), {weight})[0].to_vector() == Numbers{1, 1, 1, 1, 2, 2});
  CHECK(embedding(weight, Tensor::zeros({2, 0}, DType::i64)).shape() == Shape{2, 0, 2});
}

TEST_CASE("the padding row of an embedding has a value but no gradient") {
  const Tensor weight = Tensor::from(Numbers{5, 6, 7}, {3, 1});
  Tape tape;
  const Tensor y = embedding(weight, Tensor::from(Ids{1, 2, 1}), 1);
  CHECK(y.to_vector() == Numbers{6, 7, 6});
  CHECK(tape.gradients(sum(y), {weight})[0].to_vector() == Numbers{0, 0, 1});
}

TEST_CASE("embedding of a transposed table, and of floats of any width") {
  const Tensor table = counted({2, 3});
  const Tensor ids = Tensor::from(Ids{1, 1, 0});
  Tape tape;
  const Tensor y = embedding(transpose(table, 0, 1), ids);
  CHECK(y.to_vector() == Numbers{-0.75, 0, -0.75, 0, -1, -0.25});
  CHECK(tape.gradients(sum(y), {table})[0].to_vector() == Numbers{1, 2, 0, 1, 2, 0});
  const Tensor wide = Tensor::full({4, 37}, 0.5);
  Tape second;
  const Tensor total = sum(embedding(wide, Tensor::from(Ids{3, 3, 3})));
  CHECK(second.gradients(total, {wide})[0].at({3, 36}) == 3);
}

TEST_CASE("a bad id is named with its place and the size of the table") {
  const Tensor weight = Tensor::zeros({3, 2});
  CHECK_THROWS_WITH(embedding(weight, Tensor::from(Ids{0, 1, 2, 7}, {2, 2})),
                    ContainsSubstring("index 7") && ContainsSubstring("[1, 1]") && ContainsSubstring("0..2"));
  CHECK_THROWS_WITH(embedding(weight, Tensor::from(Ids{-1})), ContainsSubstring("index -1"));
  CHECK_THROWS_WITH(embedding(weight, Tensor::zeros({2})), ContainsSubstring("i64"));
  CHECK_THROWS_WITH(gather(weight, 1, Tensor::from(Ids{0, 2}, {2, 1})), ContainsSubstring("index 2"));
  CHECK_THROWS_WITH(gather(weight, 1, Tensor::zeros({4, 1}, DType::i64)), ContainsSubstring("axis 0"));
  CHECK_THROWS_WITH(gather(weight, 1, Tensor::from(Ids{0})), ContainsSubstring("same number of axes"));
  CHECK_THROWS_WITH(scatter(weight, 0, Tensor::zeros({1, 2}, DType::i64), Tensor::zeros({2, 2})),
                    ContainsSubstring("source"));
  CHECK_THROWS_WITH(one_hot(Tensor::from(Ids{5}), 5), ContainsSubstring("0..4"));
}

TEST_CASE("index_select takes slices along any axis") {
  const Tensor x = counted({2, 3, 2});
  const Tensor index = Tensor::from(Ids{2, 0, 2});
  CHECK(index_select(x, 1, index).to_vector() ==
        Numbers{0, 0.25, -1, -0.75, 0, 0.25, 1.5, 1.75, 0.5, 0.75, 1.5, 1.75});
  CHECK(index_select(x, -1, Tensor::from(Ids{1})).to_vector() == Numbers{-0.75, -0.25, 0.25, 0.75, 1.25, 1.75});
  CHECK(index_select(Tensor::from(Ids{4, 5, 6}), 0, index).to_ids() == Ids{6, 4, 6});
  CHECK(index_select(x, 0, Tensor::zeros({0}, DType::i64)).shape() == Shape{0, 3, 2});
}

TEST_CASE("gather and scatter are each other's transpose") {
  const Tensor x = Tensor::from(Numbers{1, 2, 3, 4, 5, 6}, {2, 3});
  const Tensor index = Tensor::from(Ids{2, 0, 1, 1}, {2, 2});
  CHECK(gather(x, 1, index).to_vector() == Numbers{3, 1, 5, 5});
  CHECK(gather(transpose(x, 0, 1), 0, transpose(index, 0, 1)).to_vector() == Numbers{3, 5, 1, 5});
  const Tensor src = Tensor::from(Numbers{10, 20, 30, 40}, {2, 2});
  CHECK(scatter_add(x, 1, index, src).to_vector() == Numbers{21, 2, 13, 4, 75, 6});
  CHECK(scatter(x, 0, Tensor::from(Ids{1, 0, 1}, {1, 3}), Tensor::from(Numbers{7, 8, 9}, {1, 3})).to_vector() ==
        Numbers{1, 8, 3, 7, 5, 9});
  CHECK(x.to_vector() == Numbers{1, 2, 3, 4, 5, 6});
}

TEST_CASE("one_hot") {
  const Tensor y = one_hot(Tensor::from(Ids{2, 0}), 3);
  CHECK(y.shape() == Shape{2, 3});
  CHECK(y.to_ids() == Ids{0, 0, 1, 1, 0, 0});
}

TEST_CASE("the gradient of the gradient respects the padding row") {
  const Tensor weight = Tensor::from(Numbers{2, 3}, {2, 1});
  const Tensor ids = Tensor::from(Ids{0, 1});
  Tape outer;
  Tensor slopes;
  {
    Tape inner;
    const Tensor y = embedding(weight, ids, 0);
    slopes = inner.gradients(sum(square(y)), {weight})[0];  // 0 and 2 w_1
  }
  CHECK(slopes.to_vector() == Numbers{0, 6});
  CHECK(outer.gradients(sum(slopes), {weight})[0].to_vector() == Numbers{0, 2});
}
