#include <algorithm>
#include <cmath>

#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {

Shape Draw::shape(int least, int most) {
  constexpr int64_t enough = 40;  // elements: each costs four evaluations
  Shape result;
  int64_t count = 1;
  for (int64_t rank = least + below(most - least + 1); rank > 0; --rank) {
    const int64_t n = length();
    result.push_back(count * n <= enough ? n : 1);
    count *= result[result.rank() - 1];
  }
  return result;
}

Shape Draw::narrower(const Shape& full) {
  Shape result;
  for (int axis = chance(0.5) ? 0 : static_cast<int>(below(full.rank() + 1)); axis < full.rank(); ++axis)
    result.push_back(chance(0.3) ? 1 : full[axis]);
  return result;
}

Tensor Draw::clear_of(const std::vector<double>& kinks, const Shape& shape, double low, double high) {
  Tensor x = Tensor::empty(shape, DType::f64);
  const auto too_near = [&](double value) {
    return std::any_of(kinks.begin(), kinks.end(), [&](double k) { return std::abs(value - k) < 0.02; });
  };
  for (int64_t i = 0; i < x.numel(); ++i) {
    double value = real(low, high);
    while (too_near(value)) value = real(low, high);
    x.mutable_data<double>()[i] = value;
  }
  return x;
}

Tensor Draw::apart(const Shape& shape, double gap) {
  Tensor x = Tensor::empty(shape, DType::f64);
  const std::vector<int64_t> order = rng_.permutation(x.numel());
  for (size_t i = 0; i < order.size(); ++i) {
    const double size = gap * (1.5 * static_cast<double>(order[i] + 1) + real(0, 0.5));
    x.mutable_data<double>()[i] = chance(0.5) ? size : -size;
  }
  return x;
}

Tensor Draw::ids(const Shape& shape, int64_t count) {
  Tensor x = Tensor::empty(shape, DType::i64);
  for (int64_t i = 0; i < x.numel(); ++i) x.mutable_data<int64_t>()[i] = below(count);
  return x;
}

Tensor Draw::mask(const Shape& shape, double p) { return rng_.bernoulli_mask(shape, p, DType::i64); }

std::vector<int64_t> Draw::lengths(int64_t rows, int64_t most) {
  std::vector<int64_t> result(static_cast<size_t>(rows));
  for (int64_t& n : result) n = below(most + 1);
  return result;
}

Tensor relaid(const Tensor& x, int layout) {
  if (!x || x.rank() == 0 || layout == 0) return x;
  if (layout == 1) return transpose(contiguous(transpose(x, 0, -1)), 0, -1);
  if (layout == 3) return slice(concat({x, x, x}, 0), 0, x.size(0), 2 * x.size(0));
  Shape doubled = x.shape();
  doubled[x.rank() - 1] *= 2;
  return slice(reshape(stack({x, x}, -1), doubled), -1, 0, doubled[x.rank() - 1], 2);
}

std::vector<int> Draw::axes(int rank) {
  std::vector<int> result;
  for (int i = 0; i < rank; ++i)
    if (chance(0.5)) result.push_back(chance(0.5) ? i : i - rank);
  return result;
}

}  // namespace heed::gradients
