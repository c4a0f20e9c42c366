// Packing and unpacking sentences of different lengths.
#include "nn/recurrent/packed.h"

#include "autograd/base/rng.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/rows/attention_mask.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/recurrent.h"
#include "tests/catch.hpp"

namespace heed {

TEST_CASE("pack orders sentences by length and drops the padding", "[packed]") {
  // Columns are sentences: 1 2 | 3 4 5 6 | 7
  const Tensor x = Tensor::from<int64_t>({1, 3, 7, 2, 4, -1, -1, 5, -1, -1, 6, -1}, {4, 3});
  const Packed packed = pack(x, {2, 4, 1});
  CHECK(packed.active == std::vector<int64_t>{3, 2, 1, 1});
  CHECK(packed.order == std::vector<int64_t>{1, 0, 2});
  CHECK(packed.rows.to_ids() == std::vector<int64_t>{3, 1, 7, 4, 2, 5, 6});
  CHECK(packed.lengths() == std::vector<int64_t>{2, 4, 1});
  CHECK(unpack(packed).to_ids() == std::vector<int64_t>{1, 3, 7, 2, 4, 0, 0, 5, 0, 0, 6, 0});
  CHECK(unpack(packed, 5).shape() == Shape{5, 3});
}

TEST_CASE("packed sentences whose order or number cannot be are refused", "[packed]") {
  using Ids = std::vector<int64_t>;
  const Tensor rows = Tensor::from<float>({1, 2}, {2, 1});
  for (const Packed& broken :
       {Packed{rows, Ids{2}, Ids{0, 5}}, Packed{rows, Ids{2}, Ids{0, 0}}, Packed{rows, Ids{2}, Ids{0, -1}},
        Packed{rows, Ids{2}, Ids{0}}, Packed{rows, Ids{0, 2}, Ids{0, 1}}, Packed{rows, Ids{3, -1}, Ids{0, 1, 2}}}) {
    CHECK_THROWS_AS(unpack(broken), Error);
    CHECK_THROWS_AS(to_batch_order(broken, Tensor::zeros({broken.batch(), 1})), Error);
    CHECK_THROWS_AS(broken.lengths(), Error);
    CHECK_THROWS_AS(attend_to(broken), Error);
    CHECK_THROWS_AS(to_packed_order(broken, Tensor::zeros({broken.batch(), 1})), Error);
  }
}

TEST_CASE("sentences of one length keep their order", "[packed]") {
  const Packed packed = pack(Tensor::arange(8).view({2, 4}, dense_strides({2, 4})), {1, 2, 1, 2});
  CHECK(packed.order == std::vector<int64_t>{1, 3, 0, 2});
}

TEST_CASE("a full batch is packed and unpacked without copying", "[packed]") {
  const Tensor x = Tensor::full({3, 2, 5}, 1.5);
  const Packed packed = pack(x);
  CHECK(packed.rows.data<float>() == x.data<float>());
  CHECK(unpack(packed).data<float>() == x.data<float>());
}

TEST_CASE("empty sentences and empty batches", "[packed]") {
  const Packed none = pack(Tensor::zeros({3, 2, 4}), {0, 0});
  CHECK(none.steps() == 0);
  CHECK(none.rows.shape() == Shape{0, 4});
  CHECK(unpack(none, 3).shape() == Shape{3, 2, 4});
  CHECK(pack(Tensor::zeros({3, 0, 4})).rows.shape() == Shape{0, 4});
}

TEST_CASE("rows change order and come back", "[packed]") {
  const Packed packed = pack(Tensor::zeros({3, 3, 1}), {1, 3, 2});
  const Tensor x = Tensor::from<double>({10, 11, 12}, {3, 1});
  CHECK(to_packed_order(packed, x).to_vector() == std::vector<double>{11, 12, 10});
  CHECK(to_batch_order(packed, to_packed_order(packed, x)).to_vector() == x.to_vector());
}

// From about 2,000 on a node's inputs fill a chunk of the tape's memory by themselves.
TEST_CASE("any number of steps is joined, with their gradients", "[packed]") {
  CHECK_FALSE(join_steps({}));
  for (const int64_t count : {1, 2000, 3000, 10000}) {
    const Tensor x = Rng(7).normal({count, 2}, 0, 1);
    const Tensor weights = Rng(8).normal({count, 2}, 0, 1);
    Tape tape;
    std::vector<Tensor> steps;
    for (int64_t t = 0; t < count; ++t) steps.push_back(narrow(x, 0, t, 1));
    const Tensor joined = join_steps(steps);
    CHECK(joined.to_vector() == x.to_vector());
    CHECK(tape.gradients(sum(joined * weights), {x})[0].to_vector() == weights.to_vector());
  }
}

TEST_CASE("lengths that do not fit are refused", "[packed]") {
  const Tensor x = Tensor::zeros({3, 2, 1});
  CHECK_THROWS_WITH(pack(x, {1}), Catch::Matchers::ContainsSubstring("1 lengths"));
  CHECK_THROWS_WITH(pack(x, {1, 4}), Catch::Matchers::ContainsSubstring("sentence 1 has length 4"));
  CHECK_THROWS_AS(pack(x, {-1, 1}), Error);
  CHECK_THROWS_AS(pack(Tensor::zeros({3})), Error);
  CHECK_THROWS_WITH(unpack(pack(x), 2), Catch::Matchers::ContainsSubstring("2 are wanted"));
}

TEST_CASE("rows that are not those of the sentences are refused", "[packed]") {
  const Packed p = pack(Tensor::zeros({3, 2, 4}), {3, 2}), full = pack(Tensor::zeros({3, 2, 4}));
  for (const Packed& packed : {p, full}) {
    const int64_t words = packed.rows.size(0);
    for (const int64_t rows : {int64_t{0}, int64_t{2}, words - 1, words + 1}) {
      const Packed other = packed.with(Tensor::zeros({rows, 4}));
      CHECK_THROWS_AS(unpack(other), Error);
      CHECK_THROWS_AS(unpack(packed.with(Tensor())), Error);
      Rng rng(1);
      CHECK_THROWS_AS(Recurrent<GruCell>(4, 4, {}, rng)(other), Error);
    }
    for (const int64_t sentences : {0, 1, 3}) {
      CHECK_THROWS_AS(to_packed_order(packed, Tensor::zeros({sentences, 4})), Error);
      CHECK_THROWS_AS(to_batch_order(packed, Tensor::zeros({sentences, 4})), Error);
    }
    CHECK(unpack(packed).shape() == Shape{3, 2, 4});
  }
}

}  // namespace heed
