#include "autograd/ops/masks/logical.h"

#include "autograd/ops/axis_set.h"
#include "autograd/ops/masks/comparisons.h"
#include "autograd/zip/untaped.h"

namespace heed {
namespace {

// How many along the axes hold, or do not.
Tensor count(const char* name, const Tensor& mask, bool holding, const Axes& axes, bool keep) {
  axis_set(mask, axes, name);  // its messages are to name this operation
  const auto one = [](auto m) { return where(m != 0, 1, 0); };
  const auto other = [](auto m) { return where(m != 0, 0, 1); };
  return sum(holding ? zip_whole(name, one, mask) : zip_whole(name, other, mask), axes, keep);
}

}  // namespace

Tensor logical_and(const Tensor& a, const Tensor& b) {
  return zip_whole(
      "logical_and", [](auto p, auto q) { return where((p != 0) & (q != 0), 1, 0); }, a, b);
}
Tensor logical_or(const Tensor& a, const Tensor& b) {
  return zip_whole(
      "logical_or", [](auto p, auto q) { return where((p != 0) | (q != 0), 1, 0); }, a, b);
}
Tensor logical_xor(const Tensor& a, const Tensor& b) {
  const auto differ = [](auto p, auto q) { return ((p != 0) & (q == 0)) | ((p == 0) & (q != 0)); };
  return zip_whole(
      "logical_xor", [differ](auto p, auto q) { return where(differ(p, q), 1, 0); }, a, b);
}
Tensor logical_not(const Tensor& mask) {
  return zip_whole(
      "logical_not", [](auto p) { return where(p != 0, 0, 1); }, mask);
}

Tensor any(const Tensor& mask, const Axes& axes, bool keep) {
  return greater(count("any", mask, true, axes, keep), 0);
}
Tensor all(const Tensor& mask, const Axes& axes, bool keep) {
  return equal(count("all", mask, false, axes, keep), 0);
}

}  // namespace heed
