// <u, J v> = <J^T u, v>: a check of derivatives without a step. J^T u comes from the kernels of the backward pass, and
// J v from the pullbacks, differentiated (functional/derivatives.h); rounding alone may keep them apart.
#include <cmath>

#include "autograd/functional/derivatives.h"
#include "tests/catch.hpp"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

constexpr int kOfEach = 20;

// <a, b>, and the sum of the sizes of its terms.
struct Inner {
  double product = 0, size = 0;
};
Inner inner(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  Inner result;
  for (size_t k = 0; k < a.size(); ++k) {
    const std::vector<double> x = a[k].to_vector(), y = b[k].to_vector();
    for (size_t i = 0; i < x.size(); ++i) {
      result.product += x[i] * y[i];
      result.size += std::fabs(x[i] * y[i]);
    }
  }
  return result;
}

std::vector<Tensor> random_like(const std::vector<Tensor>& tensors, Rng& rng) {
  std::vector<Tensor> result;
  for (const Tensor& x : tensors) result.push_back(rng.uniform(x.shape(), -1, 1, DType::f64));
  return result;
}

}  // namespace

TEST_CASE("transpose: a Jacobian and its transpose agree for every entry of the registry", "[gradients]") {
  for (const Entry& entry : all())
    for (int number = 0; number < kOfEach; ++number) {
      const Sample sample = sample_number(entry, number);
      Rng rng(static_cast<uint64_t>(number) + 1);
      const auto floats = [&](const std::vector<Tensor>& x) {
        std::vector<Tensor> outputs;
        for (const Tensor& y : sample.f(x))
          if (is_float(y.dtype())) outputs.push_back(y);
        return outputs;
      };
      const std::vector<Tensor> v = random_like(sample.inputs, rng);
      const Products onward = jvp(floats, sample.inputs, v);
      const std::vector<Tensor> u = random_like(onward.values, rng);
      const Products back = vjp(floats, sample.inputs, u);
      const Inner left = inner(u, onward.products), right = inner(back.products, v);
      INFO(entry.name << ", sample " << number << ": <u, J v> = " << left.product
                      << ", <J^T u, v> = " << right.product);
      const double rounding = entry.name == "to" ? 1e-7 : 1e-12;  // it goes through f32
      CHECK(std::fabs(left.product - right.product) <= rounding * (1 + left.size + right.size));
    }
}

}  // namespace heed::gradients
