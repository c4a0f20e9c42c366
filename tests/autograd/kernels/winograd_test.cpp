#include "autograd/kernels/winograd.h"

#include "autograd/kernels/transpose_block.h"
#include "autograd/ops/conv.h"
#include "optim/thread_pool.h"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::test;

namespace {

struct Sample {
  Shape x;
  int64_t outputs;
  winograd::Padding padding;
};

// Pictures narrower and wider than a register and a tile, channels that fill registers and that do not; one panel, and
// three.
const std::vector<Sample> samples = {
    {{2, 16, 8, 8}, 16, {1, 1}},   {{1, 17, 13, 9}, 33, {0, 2}}, {{3, 3, 4, 5}, 2, {2, 1}},
    {{1, 40, 21, 37}, 20, {1, 0}}, {{2, 1, 3, 3}, 1, {0, 0}},    {{1, 2, 5, 150}, 3, {1, 1}},
    {{4, 18, 59, 38}, 17, {1, 1}},
};

struct Results {
  Tensor y, dx, dw;
};

Results by_conv2d(const Tensor& x, const Tensor& w, const Tensor& bias, const Tensor& dy,
                  const Conv2dOptions& options) {
  Tape tape;
  const Tensor y = conv2d(x, w, bias, options);
  const Gradients gradients = tape.gradients({y}, {dy}, {x, w});
  return {detach(y), gradients[0], gradients[1]};
}

Results by_winograd(const Tensor& x, const Tensor& w, const Tensor& bias, const Tensor& dy,
                    const winograd::Padding& padding) {
  Results r{Tensor::empty(dy.shape(), x.dtype()), Tensor::empty(x.shape(), x.dtype()),
            Tensor::empty(w.shape(), x.dtype())};
  winograd::convolve(r.y, x, w, bias, padding);
  winograd::input_gradient(r.dx, dy, w, padding);
  winograd::weight_gradient(r.dw, dy, x, padding);
  return r;
}

Shape output_shape(const Sample& s) {
  return {s.x[0], s.outputs, s.x[2] + 2 * s.padding[0] - 2, s.x[3] + 2 * s.padding[1] - 2};
}

}  // namespace

TEST_CASE("Winograd's convolution and its gradients are those of conv2d") {
  for (const Sample& s : samples) {
    INFO(to_string(s.x) << " to " << s.outputs << " channels");
    const Tensor x = random_tensor(s.x, 1), w = random_tensor({s.outputs, s.x[1], 3, 3}, 2),
                 bias = random_tensor({s.outputs, 2}, 3), dy = random_tensor(output_shape(s), 4);
    const Tensor strided = bias.view({s.outputs}, {2});
    const Results expected = by_conv2d(x, w, strided, dy, {{1, 1}, s.padding, {1, 1}, 1});
    const auto close = [](const Tensor& got, const Tensor& wanted) {
      CHECK(largest_difference(got, wanted) <= 1e-13 * (1 + largest(wanted)));
    };
    const Results got = by_winograd(x, w, strided, dy, s.padding);
    close(got.y, expected.y);
    close(got.dx, expected.dx);
    close(got.dw, expected.dw);
  }
}

TEST_CASE("conv2d takes Winograd's way in f32 where it pays, and keeps five digits") {
  const Sample s{{2, 24, 14, 19}, 32, {1, 1}};
  const Shape kernels{32, 24, 3, 3};
  const Tensor x = random_tensor(s.x, 1), w = random_tensor(kernels, 2), bias = random_tensor({32}, 3),
               dy = random_tensor(output_shape(s), 4);
  const auto single = [](const Tensor& t) { return to(t, DType::f32); };
  const Conv2dOptions options{{1, 1}, s.padding, {1, 1}, 1};
  const Results plain = by_conv2d(x, w, bias, dy, options);
  const Results fast = by_conv2d(single(x), single(w), single(bias), single(dy), options);
  const Results same = by_winograd(single(x), single(w), single(bias), single(dy), s.padding);
  const bool taken = winograd::pays(s.x, kernels, output_shape(s));
  CHECK(taken == (fast.y.to_vector() == same.y.to_vector()));
  CHECK(taken == (fast.dx.to_vector() == same.dx.to_vector()));
  CHECK(taken == (fast.dw.to_vector() == same.dw.to_vector()));
  const auto close = [](const Tensor& got, const Tensor& wanted) {
    CHECK(largest_difference(to(got, DType::f64), wanted) <= 1e-5 * largest(wanted));
  };
  close(fast.y, plain.y);
  close(fast.dx, plain.dx);
  close(fast.dw, plain.dw);
}

TEST_CASE("Winograd's results have the same bits with any number of threads, also inside a task of the pool") {
  for (const Sample& s : samples) {
    INFO(to_string(s.x));
    const auto random = [](const Shape& shape, uint64_t seed) { return to(random_tensor(shape, seed), DType::f32); };
    const Tensor x = random(s.x, 1), w = random({s.outputs, s.x[1], 3, 3}, 2), bias = random({s.outputs}, 3),
                 dy = random(output_shape(s), 4);
    const Results alone = by_winograd(x, w, bias, dy, s.padding);
    const auto same = [&](const Results& got) {
      return got.y.to_vector() == alone.y.to_vector() && got.dx.to_vector() == alone.dx.to_vector() &&
             got.dw.to_vector() == alone.dw.to_vector();
    };
    for (int threads : {1, 2, 3}) {
      ThreadPool pool(threads);
      const OperationThreads lent(pool);
      CHECK(same(by_winograd(x, w, bias, dy, s.padding)));
      std::vector<Results> several(3);
      pool.run(3, [&](int64_t i) { several[static_cast<size_t>(i)] = by_winograd(x, w, bias, dy, s.padding); });
      for (const Results& one : several) CHECK(same(one));
    }
  }
}

TEST_CASE("Winograd's way is not taken for few channels, few tiles or tiles that stand empty") {
  CHECK_FALSE(winograd::pays({8, 3, 32, 32}, {64, 3, 3, 3}, {8, 64, 32, 32}));
  CHECK_FALSE(winograd::pays({1, 64, 8, 8}, {64, 64, 3, 3}, {1, 64, 8, 8}));
  CHECK_FALSE(winograd::pays({64, 64, 2, 2}, {64, 64, 3, 3}, {64, 64, 2, 2}));
  CHECK_FALSE(winograd::pays({0, 64, 32, 32}, {64, 64, 3, 3}, {0, 64, 32, 32}));
}

TEST_CASE("blocks are transposed in registers, what does not fill them number by number") {
  constexpr int w = Vec<float>::width;
  for (int64_t rows : {1, w - 1, w, 2 * w, 2 * w + 3})
    for (int64_t columns : {1, w - 1, w, 3 * w + 1}) {
      const int64_t from_step = columns + 2, to_step = rows + 1;
      std::vector<float> from(static_cast<size_t>(rows * from_step)), to(static_cast<size_t>(columns * to_step), -1);
      for (size_t i = 0; i < from.size(); ++i) from[i] = static_cast<float>(i);
      transpose_into(to.data(), to_step, from.data(), from_step, rows, columns);
      std::vector<float> expected(to.size(), -1);
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j) expected[j * to_step + i] = from[i * from_step + j];
      CHECK(to == expected);
    }
}
