#include "examples/support/together/average.h"

#include <algorithm>
#include <cmath>

#include "autograd/zip/elementwise.h"

namespace heed::support {
namespace {

// Of the same model: each tensor has its counterpart, in the same place.
void check_alike(const Weights& a, const Weights& b) {
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i >= a.size() || i >= b.size() || a[i].name != b[i].name)
      throw Error("average: one model has {} and another has not; give runs with the same options of the model",
                  i < a.size() ? a[i].name : b[i].name);
    if (!(a[i].tensor->shape() == b[i].tensor->shape()))
      throw Error("average: {} has another shape in one model than in another; give runs with the same sizes",
                  a[i].name);
  }
}

}  // namespace

void average_weights(const Weights& into, const std::vector<Weights>& models) {
  for (const Weights& model : models) check_alike(into, model);
  for (size_t i = 0; i < into.size(); ++i) {
    Tensor sum;
    for (const Weights& model : models) {
      const Tensor part = to(*model[i].tensor, DType::f64);
      sum = sum ? sum + part : part;
    }
    copy_into(*into[i].tensor, to(sum * (1 / static_cast<double>(models.size())), into[i].tensor->dtype()));
  }
}

double distance(const Weights& a, const Weights& b) {
  check_alike(a, b);
  double apart = 0, length = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const std::vector<double> x = a[i].tensor->to_vector(), y = b[i].tensor->to_vector();
    for (size_t k = 0; k < x.size(); ++k) apart += (x[k] - y[k]) * (x[k] - y[k]), length += x[k] * x[k];
  }
  return length > 0 ? std::sqrt(apart / length) : 0;
}

}  // namespace heed::support
