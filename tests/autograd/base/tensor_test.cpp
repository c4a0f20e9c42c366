// What a tensor says when it is asked for what it has not.
#include "autograd/base/tensor.h"

#include "autograd/base/memory.h"
#include "autograd/tape/record.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("an undefined tensor answers with an error", "[tensor]") {
  Tensor none;
  CHECK_FALSE(bool(none));
  CHECK(none.label().empty());
  CHECK(describe(none) == "an undefined tensor");
  CHECK_THROWS_AS(none.shape(), Error);
  CHECK_THROWS_AS(none.strides(), Error);
  CHECK_THROWS_AS(none.dtype(), Error);
  CHECK_THROWS_AS(none.rank(), Error);
  CHECK_THROWS_AS(none.numel(), Error);
  CHECK_THROWS_AS(none.size(0), Error);
  CHECK_THROWS_AS(none.is_dense(), Error);
  CHECK_THROWS_AS(none.data<float>(), Error);
  CHECK_THROWS_AS(none.mutable_data<float>(), Error);
  CHECK_THROWS_AS(none.data<int>(), Error);
  CHECK_THROWS_AS(none.address(), Error);
  CHECK_THROWS_AS(none.item(), Error);
  CHECK_THROWS_AS(none.at({0}), Error);
  CHECK_THROWS_AS(none.to_vector(), Error);
  CHECK_THROWS_AS(none.to_ids(), Error);
  CHECK_THROWS_AS(none[0], Error);
  CHECK_THROWS_AS(none.origin(), Error);
  CHECK_THROWS_AS(none.block(), Error);
  CHECK_THROWS_AS(none.view({1}, {}), Error);
  CHECK_THROWS_AS(none.set_label("x"), Error);
  CHECK_THROWS_AS(densify(none), Error);
  CHECK_THROWS_AS(copy_of(none), Error);
  CHECK_THROWS_AS(copy_into(none, Tensor::zeros({1})), Error);
  CHECK_FALSE(none.is_unique());
}

TEST_CASE("numbers are read in their own type only", "[tensor]") {
  const Tensor i = Tensor::from(std::vector<int64_t>{1, 2, 3}), d = Tensor::from(std::vector<double>{1});
  CHECK_THROWS_WITH(i.data<int>(), ContainsSubstring("int64_t"));
  CHECK_THROWS_AS(i.data<uint64_t>(), Error);
  CHECK_THROWS_AS(i.data<double>(), Error);
  CHECK_THROWS_AS(d.data<float>(), Error);
  CHECK_THROWS_AS(d.data<long double>(), Error);
  CHECK_THROWS_AS(d.data<char>(), Error);
  CHECK(i.data<int64_t>()[2] == 3);
}

TEST_CASE("numbers of other types become whole ones or doubles", "[tensor]") {
  CHECK(Tensor::from(std::vector<int>{1, 2}).dtype() == DType::i64);
  CHECK(Tensor::from(std::vector<bool>{true, false}).to_ids() == std::vector<int64_t>{1, 0});
  CHECK(Tensor::from(std::vector<long double>{0.5L}).item() == 0.5);
}

TEST_CASE("sizes beyond 64 bits are refused", "[tensor]") {
  const int64_t huge = int64_t{1} << 32, most = INT64_MAX;
  const Tensor one = Tensor::zeros({1, 1}), three = Tensor::zeros({3}), nothing = Tensor::zeros({0});
  const int64_t before = memory::live_bytes();
  CHECK_THROWS_AS(expand(one, {huge, huge}), Error);
  CHECK(memory::live_bytes() == before);  // the view that was not made takes none
  CHECK(Tensor::zeros({0, huge, huge}).to_vector().empty());
  CHECK_THROWS_AS(expand(one, {most, 2}), Error);
  CHECK_THROWS_AS(Tensor::empty({huge, huge}), Error);
  CHECK_THROWS_AS(reshape(three, {0}), Error);
  CHECK_THROWS_AS(reshape(three, {-1, 0}), Error);
  CHECK_THROWS_AS(reshape(nothing, {huge, huge}), Error);
  CHECK_THROWS_AS(reshape(three, {huge, huge, -1}), Error);
  CHECK_THROWS_AS(reshape(three, {-3}), Error);
  CHECK_THROWS_AS(reshape(Tensor::zeros({6}), {-2, -3}), Error);
  CHECK(reshape(nothing, {4, 0}).shape() == Shape{4, 0});
  const Tensor wide = Tensor::zeros({2, 3});
  CHECK_THROWS_AS(narrow(wide, 1, 1, most), Error);
  CHECK_THROWS_AS(narrow(wide, 1, most, 1), Error);
  CHECK_THROWS_AS(narrow(wide, 1, -1, 1), Error);
  CHECK(slice(wide, 1, 0, most, most).shape() == Shape{2, 1});
  CHECK(slice(wide, 1, 3, most).shape() == Shape{2, 0});
  CHECK_THROWS_AS(select(wide, 0, most), Error);
  CHECK_THROWS_AS(select(wide, 0, INT64_MIN), Error);
  CHECK_THROWS_AS(split(wide, {most, most}, 0), Error);
  CHECK_THROWS_AS(repeat(wide, {huge, huge}), Error);
  CHECK_THROWS_AS(repeat(wide, {-1, 1}), Error);
  CHECK_THROWS_AS(pad(wide, {{most, most}, {0, 0}}), Error);
  CHECK_THROWS_AS(wide.size(2), Error);
  CHECK_THROWS_AS(wide.size(-3), Error);
}

}  // namespace
}  // namespace heed
