// Nothing to do is something to do right: no rows, no columns, nothing to sum over, on both sides of the size from
// which a product goes through packed panels.
#include "autograd/kernels/packed_weights.h"
#include "autograd/ops/conv.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/pooling.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/attention.h"
#include "nn/attention/multi_head.h"
#include "nn/losses/linear_cross_entropy.h"
#include "nn/losses/losses.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/recurrent.h"
#include "nn/recurrent/rnn.h"
#include "optim/shards.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

const int64_t sides[] = {1, 8, 45, 46, 64};  // 45^2 < 2048 < 46^2

bool all_zero(const Tensor& x) {
  for (const double number : x.to_vector())
    if (number != 0) return false;
  return true;
}

// Zero gradients for whatever the operation reads.
void check_zero_gradients(const std::function<Tensor()>& f, const std::vector<Tensor>& of, const Shape& shape) {
  CHECK(f().shape() == shape);
  Tape tape;
  const Tensor y = f();
  CHECK(y.shape() == shape);
  for (const Tensor& gradient : tape.gradients(sum(y), of)) CHECK(all_zero(gradient));
}

TEST_CASE("a product without rows has none, and zero gradients", "[no rows]") {
  for (const DType dtype : {DType::f32, DType::f64})
    for (const int64_t n : sides) {
      const Tensor x = Tensor::zeros({0, n}, dtype), w = Tensor::full({n, n}, 1, dtype),
                   b = Tensor::full({n}, 1, dtype);
      const Tensor deep = Tensor::zeros({2, 0, n}, dtype), base = Tensor::zeros({0, n}, dtype);
      check_zero_gradients([&] { return linear(x, w); }, {x, w}, {0, n});
      check_zero_gradients([&] { return linear(x, w, b); }, {x, w, b}, {0, n});
      check_zero_gradients([&] { return linear(deep, w, b); }, {deep, w, b}, {2, 0, n});
      check_zero_gradients([&] { return linear_onto(base, x, w); }, {base, x, w}, {0, n});
      check_zero_gradients([&] { return matmul(x, w); }, {x, w}, {0, n});
      check_zero_gradients([&] { return matmul(deep, w); }, {deep, w}, {2, 0, n});
      Immutable weights;
      const Immutable::Scope scope(weights);
      CHECK(linear(x, w).shape() == Shape{0, n});
      Tensor y = Tensor::empty({0, n}, dtype);
      CHECK_NOTHROW(PackedMatrix(w, true).multiply(y, x, false));
    }
}

TEST_CASE("a product over nothing is zero", "[no rows]") {
  const Tensor x = Tensor::zeros({2, 3, 0}, DType::f64), w = Tensor::zeros({4, 0}, DType::f64);
  const Tensor b = Tensor::full({4}, 2, DType::f64);
  CHECK(linear(x, w).shape() == Shape{2, 3, 4});
  CHECK(all_zero(linear(x, w)));
  CHECK(sum(linear(x, w, b)).item() == 48);
  CHECK(all_zero(matmul(x, Tensor::zeros({0, 5}, DType::f64))));
  CHECK(all_zero(matmul(Tensor::zeros({2, 3, 0}), Tensor::zeros({2, 0, 5}))));
  CHECK(linear(Tensor::zeros({3, 64}), Tensor::zeros({0, 64})).shape() == Shape{3, 0});
  Tape tape;
  CHECK(linear(Tensor::zeros({3, 64}), Tensor::zeros({0, 64})).shape() == Shape{3, 0});
}

template <class Cell>
void run_over_no_words(int64_t input, int64_t hidden) {
  Rng rng(1);
  Recurrent<Cell> net(input, hidden, {.layers = 2, .bidirectional = true}, rng);
  Parameters parameters(net);
  for (const std::vector<int64_t>& lengths : {std::vector<int64_t>{0}, {0, 0}, {}}) {
    const auto batch = static_cast<int64_t>(lengths.size());
    Tape tape;
    const RecurrentOutput out = net(pack(Tensor::zeros({3, batch, input}), lengths));
    CHECK(out.outputs.rows.shape() == Shape{0, 2 * hidden});
    CHECK(out.last.h.shape() == Shape{4, batch, hidden});
    CHECK(all_zero(out.last.h));
    CHECK(all_zero(tape.gradients(sum(out.last.h) + sum(out.outputs.rows), parameters).flat()));
  }
}

TEST_CASE("sentences of length 0 have no outputs, and states of zeros", "[no rows]") {
  for (const auto& [input, hidden] : {std::pair<int64_t, int64_t>{2, 3}, {32, 64}, {64, 32}}) {
    run_over_no_words<GruCell>(input, hidden);
    run_over_no_words<GruChoCell>(input, hidden);
    run_over_no_words<LstmCell>(input, hidden);
    run_over_no_words<RnnCell>(input, hidden);
  }
}

TEST_CASE("attention without queries, or without anything to attend to", "[no rows]") {
  Rng rng(1);
  for (const int64_t size : {4, 64}) {
    MultiHeadAttention heads(size, 2, rng);
    Parameters parameters(heads);
    const Tensor none = Tensor::zeros({2, 0, size}), three = Tensor::full({2, 3, size}, 1);
    const Tensor mask = Tensor::full({2, 3}, 1, DType::i64);
    Tape tape({.keep = true});
    CHECK(heads(none, three, three).y.shape() == Shape{2, 0, size});
    CHECK(heads(none, three, three, mask).y.shape() == Shape{2, 0, size});
    CHECK(heads(none, none, none, {}, true).y.shape() == Shape{2, 0, size});
    CHECK(heads(three, none, none).y.shape() == Shape{2, 3, size});
    CHECK(all_zero(tape.gradients(sum(heads(none, three, three, mask).y), parameters).flat()));

    const Attention attention{AdditiveScore({size, size, size}, rng), GlobalWindow()};
    const auto memory = attention.remember(Tensor::zeros({0, size}), attend_to(pack(Tensor::zeros({0, 2, size}))));
    CHECK(all_zero(attention(Tensor::full({2, size}, 1), memory).context));
    CHECK(attention(Tensor::zeros({0, size}), memory).context.shape() == Shape{0, size});
  }
}

TEST_CASE("a loss over nothing is 0", "[no rows]") {
  Rng rng(1);
  const Linear layer(64, 64, rng);
  const Tensor logits = Tensor::zeros({0, 3}), ids = Tensor::zeros({0}, DType::i64);
  CHECK(cross_entropy(logits, ids).item() == 0);
  CHECK(cross_entropy(logits, ids, {.reduction = Reduction::sum}).item() == 0);
  CHECK(nll(logits, ids).item() == 0);
  CHECK(cross_entropy_prob(logits, logits).item() == 0);
  CHECK(mse(logits, logits).item() == 0);
  CHECK(bce_with_logits(logits, logits).item() == 0);
  const Tensor x = Tensor::zeros({0, 64});
  CHECK(linear_cross_entropy(x, layer, ids).item() == 0);
  Tape tape;
  CHECK(all_zero(tape.gradients(linear_cross_entropy(x, layer, ids), {layer.weight})[0]));
}

TEST_CASE("images without pixels, channels or members", "[no rows]") {
  const Tensor none = Tensor::zeros({0, 64, 8, 8}), w = Tensor::zeros({64, 64, 3, 3});
  check_zero_gradients([&] { return conv2d(none, w); }, {none, w}, {0, 64, 6, 6});
  check_zero_gradients([&] { return conv2d(none, w, {}, {.winograd = false}); }, {none, w}, {0, 64, 6, 6});
  CHECK(avg_pool2d(none, {}).shape() == Shape{0, 64, 4, 4});
  CHECK(sum(Tensor::zeros({0, 3}), {0}).to_vector() == std::vector<double>{0, 0, 0});
  CHECK(softmax(Tensor::zeros({0, 3})).shape() == Shape{0, 3});
  CHECK(softmax(Tensor::zeros({3, 0})).shape() == Shape{3, 0});
  CHECK_THROWS_AS(mean(Tensor::zeros({0})), Error);
}

TEST_CASE("a shard without sentences adds nothing", "[no rows]") {
  Rng rng(1);
  Linear layer(64, 64, rng);
  Parameters parameters(layer);
  ThreadPool pool(2);
  Shards shards(pool, parameters, 3);
  const auto result = shards.gradients([&](int s) { return sum(layer(Tensor::full({s == 1 ? 0 : 2, 64}, 1))); });
  const auto two = shards.gradients([&](int s) { return s == 1 ? Tensor() : sum(layer(Tensor::full({2, 64}, 1))); });
  CHECK(result.gradients.flat().to_vector() == two.gradients.flat().to_vector());
}

}  // namespace
}  // namespace heed
