// When two tensors count as equal. With the reference's own scale
//     s = min(max(1, max |r|), 1000)        over its finite elements
// every element must satisfy  |x - r| <= rtol |r| + atol s.  What is infinite or NaN must be just that.
#include "tests/parity/parity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace heed::parity {
namespace {

struct Tolerance {
  double relative, absolute;
};

Tolerance tolerance_of(const Case& c) {
  const bool doubles = c.dtype == DType::f64;
  const char* own = doubles ? "float64_tol" : "float32_tol";
  if (c.attrs.contains(own)) {
    const auto pair = c.attr(own).get<std::vector<double>>();
    if (pair.size() != 2) throw Error("attribute {} wants two numbers", own);
    return {pair[0], pair[1]};
  }
  return doubles ? Tolerance{1e-10, 1e-12} : Tolerance{1e-4, 1e-5};
}

double scale_of(const std::vector<double>& reference) {
  double largest = 1;
  for (double r : reference)
    if (std::isfinite(r)) largest = std::max(largest, std::fabs(r));
  return std::min(largest, 1000.0);
}

// "[1, 0, 4]" of element `at` in row-major order.
std::string index_text(const Shape& shape, int64_t at) {
  std::vector<int64_t> index(shape.rank());
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    index[axis] = at % shape[axis];
    at /= shape[axis];
  }
  return to_string(Shape(index));
}

// The difference as a fraction of what is allowed: above 1 is wrong.
double excess(double x, double r, const Tolerance& tolerance, double scale) {
  constexpr double wrong = std::numeric_limits<double>::infinity();
  if (std::isnan(r)) return std::isnan(x) ? 0 : wrong;
  if (std::isinf(r)) return x == r ? 0 : wrong;
  if (!std::isfinite(x)) return wrong;
  const double difference = std::fabs(x - r);
  const double allowed = tolerance.relative * std::fabs(r) + tolerance.absolute * scale;
  return difference == 0 ? 0 : allowed == 0 ? wrong : difference / allowed;
}

void compare_numbers(const std::string& name, const Shape& shape, const std::vector<double>& x,
                     const std::vector<double>& r, const Tolerance& tolerance, Verdict& verdict) {
  const double scale = scale_of(r);
  double worst = 0;
  size_t at = 0, wrong = 0;
  for (size_t i = 0; i < r.size(); ++i) {
    const double e = excess(x[i], r[i], tolerance, scale);
    wrong += e > 1;
    if (e > worst) worst = e, at = i;
  }
  verdict.worst = std::max(verdict.worst, worst);
  if (wrong == 0) return;
  verdict.failures +=
      fmt::format("  {}{}: got {:.17g}, expected {:.17g}, off by {:.3g} ({:.3g} allowed); {} of {} elements\n", name,
                  index_text(shape, static_cast<int64_t>(at)), x[at], r[at], std::fabs(x[at] - r[at]),
                  tolerance.relative * std::fabs(r[at]) + tolerance.absolute * scale, wrong, r.size());
}

void compare_integers(const std::string& name, const Shape& shape, const std::vector<int64_t>& x,
                      const std::vector<int64_t>& r, Verdict& verdict) {
  for (size_t i = 0; i < r.size(); ++i) {
    if (x[i] == r[i]) continue;
    verdict.worst = std::numeric_limits<double>::infinity();
    verdict.failures +=
        fmt::format("  {}{}: got {}, expected {}\n", name, index_text(shape, static_cast<int64_t>(i)), x[i], r[i]);
    return;
  }
}

}  // namespace

void compare(const Case& c, const std::string& name, const Tensor& got, const Tensor& expected, Verdict& verdict) {
  const DType wanted = is_float(expected.dtype()) ? c.dtype : DType::i64;
  if (!got) {
    verdict.failures += fmt::format("  {}: nothing came out, expected {}\n", name, describe(expected));
  } else if (!(got.shape() == expected.shape())) {
    verdict.failures += fmt::format("  {}: got the shape {}, expected {}\n", name, to_string(got.shape()),
                                    to_string(expected.shape()));
  } else if (got.dtype() != wanted) {
    verdict.failures +=
        fmt::format("  {}: got {} numbers, expected {}\n", name, to_string(got.dtype()), to_string(wanted));
  } else if (wanted == DType::i64) {
    compare_integers(name, expected.shape(), got.to_ids(), expected.to_ids(), verdict);
  } else {
    compare_numbers(name, expected.shape(), got.to_vector(), expected.to_vector(), tolerance_of(c), verdict);
  }
}

}  // namespace heed::parity
