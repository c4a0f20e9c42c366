// The re-arrangements that make a new tensor: joining, padding, reversing, tiling.
#include "autograd/views/joins.h"

#include <cmath>

#include "autograd/tape/record.h"
#include "autograd/views/views.h"

namespace heed {
namespace {

Tensor part_of(const Tensor& whole, int axis, int64_t start, int64_t length) {
  Shape shape = whole.shape();
  shape[axis] = length;
  return whole.view(shape, whole.strides(), start * whole.strides()[axis]);
}

}  // namespace

Tensor contiguous(const Tensor& x) {
  check_defined("contiguous", x);
  if (x.is_dense()) return x;
  Tensor y = densify(x);
  return record("contiguous", {x}, y, [](const Tensor& dy) { return dy; });
}

Tensor clone(const Tensor& x) {
  check_defined("clone", x);
  return record("clone", {x}, copy_of(x), [](const Tensor& dy) { return dy; });
}

Tensor concat(const std::vector<Tensor>& parts, int axis) {
  if (parts.empty()) throw Error("concat: nothing to join");
  check_all_defined("concat", parts);
  axis = normal_axis(axis, parts[0].rank(), "concat");
  Shape shape = parts[0].shape();
  shape[axis] = 0;
  for (const Tensor& part : parts) {
    Shape expected = shape;
    if (part.rank() == shape.rank()) expected[axis] = part.shape()[axis];
    if (!(part.shape() == expected) || part.dtype() != parts[0].dtype())
      throw Error("concat: {} and {} do not join along axis {}", describe(parts[0]), describe(part), axis);
    shape[axis] += part.shape()[axis];
  }
  Tensor y = Tensor::empty(shape, parts[0].dtype());
  std::vector<int64_t> sizes;
  int64_t at = 0;
  for (const Tensor& part : parts) {
    const int64_t size = part.shape()[axis];
    Tensor to = part_of(y, axis, at, size);
    copy_into(to, part);
    sizes.push_back(size);
    at += size;
  }
  record("concat", parts, std::span<Tensor>(&y, 1), [axis, sizes](const Tensor& dy, Adjoints& d) {
    int64_t start = 0;
    for (size_t i = 0; i < sizes.size(); ++i) {
      const int k = static_cast<int>(i);
      if (d.wanted(k)) d.add(k, slice(dy, axis, start, start + sizes[i]));
      start += sizes[i];
    }
  });
  return y;
}

Tensor stack(const std::vector<Tensor>& parts, int axis) {
  if (parts.empty()) throw Error("stack: nothing to join");
  check_all_defined("stack", parts);
  const Tensor& first = parts[0];
  axis = normal_axis(axis, first.rank() + 1, "stack");
  Shape shape = first.shape();
  shape.insert(axis, static_cast<int64_t>(parts.size()));
  Tensor y = Tensor::empty(shape, first.dtype());
  const Strides strides = strides_without(y.strides(), axis);
  for (size_t k = 0; k < parts.size(); ++k) {
    if (!(parts[k].shape() == first.shape()) || parts[k].dtype() != first.dtype())
      throw Error("stack: {} and {} differ in shape or type", describe(first), describe(parts[k]));
    Tensor to = y.view(first.shape(), strides, static_cast<int64_t>(k) * y.strides()[axis]);
    copy_into(to, parts[k]);
  }
  record("stack", parts, std::span<Tensor>(&y, 1), [axis, count = parts.size()](const Tensor& dy, Adjoints& d) {
    for (size_t k = 0; k < count; ++k)
      if (d.wanted(static_cast<int>(k))) d.add(static_cast<int>(k), select(dy, axis, static_cast<int64_t>(k)));
  });
  return y;
}

Tensor pad(const Tensor& x, const std::vector<std::pair<int64_t, int64_t>>& pads, double value) {
  check_defined("pad", x);
  if (static_cast<int>(pads.size()) != x.rank()) throw Error("pad: {} pairs given for {}", pads.size(), describe(x));
  Shape shape = x.shape();
  for (int i = 0; i < x.rank(); ++i) {
    const auto [before, after] = pads[static_cast<size_t>(i)];
    if (before < 0 || after < 0) throw Error("pad: the lengths {} and {} must not be negative", before, after);
    if (__builtin_add_overflow(shape[i], before, &shape[i]) || __builtin_add_overflow(shape[i], after, &shape[i]))
      throw Error("pad: {} and {} more along axis {} of {} are too many", before, after, i, describe(x));
  }
  if (!is_float(x.dtype()) && !(std::abs(value) < 0x1p63 && value == std::trunc(value)))
    throw Error("pad: {} has whole numbers, and {} is none", describe(x), value);
  Tensor y = Tensor::full(shape, value, x.dtype());
  int64_t offset = 0;
  for (int i = 0; i < x.rank(); ++i) offset += pads[static_cast<size_t>(i)].first * y.strides()[i];
  Tensor inside = y.view(x.shape(), y.strides(), offset);
  copy_into(inside, x);
  return record("pad", {x}, y, [pads, inner = x.shape()](const Tensor& dy) {
    Tensor dx = dy;
    for (int i = 0; i < inner.rank(); ++i) {
      const int64_t start = pads[static_cast<size_t>(i)].first;
      dx = slice(dx, i, start, start + inner[i]);
    }
    return dx;
  });
}

Tensor flip(const Tensor& x, const std::vector<int>& axes) {
  check_defined("flip", x);
  Strides strides = x.strides();
  int64_t offset = 0;
  for (int given : axes) {
    const int axis = normal_axis(given, x.rank(), "flip");
    if (x.shape()[axis] == 0) continue;
    offset += (x.shape()[axis] - 1) * strides[axis];
    strides[axis] = -strides[axis];
  }
  Tensor y = copy_of(x.view(x.shape(), strides, offset));
  return record("flip", {x}, y, [axes](const Tensor& dy) { return flip(dy, axes); });
}

Tensor roll(const Tensor& x, int64_t shift, int axis) {
  check_defined("roll", x);
  axis = normal_axis(axis, x.rank(), "roll");
  const int64_t n = x.shape()[axis];
  const int64_t first = n == 0 ? 0 : (shift % n + n) % n;  // where x[0] goes
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  Tensor start = part_of(y, axis, 0, first), rest = part_of(y, axis, first, n - first);
  copy_into(start, part_of(x, axis, n - first, first));
  copy_into(rest, part_of(x, axis, 0, n - first));
  return record("roll", {x}, y, [=](const Tensor& dy) { return roll(dy, n - first, axis); });
}

// Each axis of length n becomes two, [repeats, n] with stride 0 along the first, which are then taken as one.
Tensor repeat(const Tensor& x, const std::vector<int64_t>& repeats) {
  check_defined("repeat", x);
  const int rank = static_cast<int>(repeats.size());
  if (rank < x.rank()) throw Error("repeat: {} counts given for {}", rank, describe(x));
  Shape wide, spread, result;
  for (int i = 0; i < rank; ++i) {
    const int mine = i - (rank - x.rank());
    const int64_t n = mine < 0 ? 1 : x.shape()[mine], times = repeats[static_cast<size_t>(i)];
    int64_t length;
    if (times < 0 || __builtin_mul_overflow(n, times, &length))
      throw Error("repeat: axis {} of {} cannot be repeated {} times", mine, describe(x), times);
    // an axis of length 1 needs no second one to be repeated along
    if (times > 1 && n > 1) wide.push_back(1), spread.push_back(times);
    wide.push_back(n), spread.push_back(n == 1 || times == 0 ? times : n);
    result.push_back(length);
  }
  if (result.numel() == 0) return Tensor::zeros(result, x.dtype());
  return reshape(expand(reshape(x, wide), spread), result);
}

}  // namespace heed
