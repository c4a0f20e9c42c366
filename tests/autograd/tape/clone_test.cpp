// Copies of tensors and of whole models.
#include "autograd/ops/reduce.h"
#include "autograd/tape/parameters.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/zip/elementwise.h"
#include "nn/recurrent/any_cell.h"
#include "nn/recurrent/rnn.h"
#include "tests/autograd/tape/coders.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Catch::Matchers::ContainsSubstring;
using tests::Coder, tests::Coders;
using Numbers = std::vector<double>;

TEST_CASE("a tensor's clone has memory of its own, and gradient flows through it", "[clone]") {
  for (const DType dtype : {DType::f32, DType::f64, DType::i64}) {
    Tensor x = Tensor::full({3}, 2, dtype);
    const Tensor copy = clone(x);
    copy_into(x, Tensor::full({3}, 5, dtype));
    CHECK(copy.to_vector() == Numbers{2, 2, 2});
    CHECK(copy.dtype() == dtype);
  }
  CHECK(clone(Tensor::zeros({0, 2})).shape() == Shape{0, 2});
  CHECK_THROWS_WITH(clone(Tensor()), ContainsSubstring("clone"));
  const Tensor x = Tensor::full({}, 3, DType::f64);
  Tape tape;
  CHECK(tape.gradients(square(clone(x)), {x})[0].item() == 6);
}

TEST_CASE("a model's clone stays as it is while the model changes", "[clone]") {
  Coders net;
  Parameters whole(net);
  Coders snapshot = clone(net);
  whole.set_numbers(whole.buffer(9));
  copy_into(net.decoder.mean, Tensor::full({2}, 9, DType::f64));
  CHECK(snapshot.encoder.weight.to_vector() == Numbers(6, 1));
  CHECK(snapshot.decoder.bias.to_vector() == Numbers{2.5, 2.5});
  CHECK(snapshot.decoder.mean.to_vector() == Numbers{-2, -2});
  CHECK(snapshot.output.is(snapshot.encoder.weight));
  CHECK(net.output.is(net.encoder.weight));
  CHECK(snapshot.encoder.bias.label() == "encoder.bias");
  CHECK_NOTHROW(whole.check_current("test"));
  Parameters copies(snapshot);
  copies.set_numbers(copies.buffer(4));
  CHECK(net.encoder.weight.to_vector() == Numbers(6, 9));
  CHECK(copies.name(2) == "decoder.weight");
}

struct Pointing {
  Coder* coder;
  void parts(auto& visit) { visit("coder", *coder); }
};

struct WithCell {
  AnyCell cell;
  void parts(auto& visit) { visit("cell", cell); }
};

TEST_CASE("clones of parts behind another type are deep; of parts behind a pointer they are refused", "[clone]") {
  Rng rng(1);
  WithCell net{make_cell<RnnCell>(2, 3, rng, true)};
  Parameters parameters(net);
  WithCell copy = clone(net);
  const Numbers before = parameters.numbers().to_vector();
  parameters.set_numbers(parameters.buffer(1));
  CHECK(Parameters(copy).numbers().to_vector() == before);
  Coder coder(1);
  Pointing pointing{&coder};
  const Tensor weight = coder.weight;
  CHECK_THROWS_WITH(clone(pointing), ContainsSubstring("coder.weight by a pointer"));
  CHECK(coder.weight.is(weight));
}

}  // namespace
}  // namespace heed
