// First steps, 3: pullbacks.
//
// An operation y = f(x) of many numbers has a table of slopes, its Jacobian J: row k, column i holds the
// slope of y_k by x_i. The way back needs one product with it: given the gradient of a loss by y, it wants
// the gradient by x,
//
//     dx_i = sum_k dy_k J_ki,     or    dx = J^T dy.
//
// The function that computes this from dy, without writing J down, is the operation's pullback. Four are
// written here with plain loops and compared with heed's.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>

#include "autograd/functional/derivatives.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"

using namespace heed;

namespace {

using Numbers = std::vector<double>;

// y = x_0 + x_1 + ..: each x has the slope 1.
Numbers sum_pullback(double dy, size_t count) { return Numbers(count, dy); }

// y_kj = x_j in each of so many rows: x_j is used once in each, so the gradients of its uses add up.
Numbers broadcast_pullback(const Numbers& dy, size_t columns) {
  Numbers dx(columns, 0.0);
  for (size_t i = 0; i < dy.size(); ++i) dx[i % columns] += dy[i];
  return dx;
}

// Y = X W with X [n, m], W [m, p]:  dX = dY W^T.
Numbers product_pullback(const Numbers& dy, const Numbers& w, size_t n, size_t m, size_t p) {
  Numbers dx(n * m, 0.0);
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < m; ++j)
      for (size_t k = 0; k < p; ++k) dx[i * m + j] += dy[i * p + k] * w[j * p + k];
  return dx;
}

// y = softmax(x):  dx_i = y_i (dy_i - sum_k dy_k y_k).
Numbers softmax_pullback(const Numbers& dy, const Numbers& y) {
  double mean = 0;
  for (size_t k = 0; k < y.size(); ++k) mean += dy[k] * y[k];
  Numbers dx(y.size());
  for (size_t i = 0; i < y.size(); ++i) dx[i] = y[i] * (dy[i] - mean);
  return dx;
}

double apart = 0;  // the largest difference so far
void compare(const char* name, const Numbers& by_hand, const Tensor& by_heed) {
  const Numbers heed = by_heed.to_vector();
  std::printf("%s\n  by hand", name);
  for (size_t i = 0; i < by_hand.size(); ++i) apart = std::max(apart, std::abs(by_hand[i] - heed.at(i)));
  for (const double number : by_hand) std::printf(" %8.4f", number);
  std::printf("\n  by heed");
  for (const double number : heed) std::printf(" %8.4f", number);
  std::printf("\n");
}

void show(const char* name, const Tensor& table) {
  std::printf("%s\n", name);
  for (int64_t i = 0; i < table.size(0); ++i, std::printf("\n"))
    for (int64_t j = 0; j < table.size(1); ++j) std::printf(" %7.4f", table.at({i, j}));
}

}  // namespace

int main() try {
  const Tensor x = Tensor::from(Numbers{1, 2, 3}), w = Tensor::from(Numbers{1, 0, 2, 1, 0, 3}, {3, 2});
  const Tensor six = Tensor::from(Numbers{1, 2, 3, 4, 5, 6}, {2, 3});
  const Tensor four = Tensor::from(Numbers{1, -1, 2, 0}, {2, 2});
  const auto pull = [](auto f, const Tensor& at, const Tensor& dy) {  // J^T dy, as heed's tape has it
    return vjp([f](const std::vector<Tensor>& inputs) { return f(inputs[0]); }, {at}, {dy}).products[0];
  };
  const auto rows = [](const Tensor& v) { return expand(v, {2, 3}); };
  const auto weights = [](const Tensor& v) { return softmax(v); };
  const Tensor y = weights(x);
  show("J of a broadcast of 3 numbers to 2 rows", reshape(jacobian(rows, x), {6, 3}));
  show("y = softmax(1, 2, 3)", reshape(y, {1, 3}));
  show("J of softmax there", jacobian(weights, x));
  const auto total = [](const Tensor& v) { return sum(v); };
  compare("sum, dy = 5", sum_pullback(5, 3), pull(total, x, Tensor::scalar(5, DType::f64)));
  compare("broadcast, dy = 1 2 3 / 4 5 6", broadcast_pullback(six.to_vector(), 3), pull(rows, x, six));
  compare("product, dY = 1 -1 / 2 0, W = 1 0 / 2 1 / 0 3", product_pullback(four.to_vector(), w.to_vector(), 2, 3, 2),
          pull([&](const Tensor& v) { return matmul(v, w); }, six, four));
  compare("softmax, dy = 1 0 0", softmax_pullback({1, 0, 0}, y.to_vector()),
          pull(weights, x, Tensor::from(Numbers{1, 0, 0})));
  return apart < 1e-12 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
