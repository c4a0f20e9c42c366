// The re-arrangements that share memory with their argument.
#include "autograd/views/views.h"

#include <algorithm>

#include "autograd/kernels/in_place.h"
#include "autograd/tape/record.h"
#include "autograd/views/joins.h"

namespace heed {
namespace {

// The gradient of a slice, said with operations: zeros everywhere else.
Tensor pad_slice(const Tensor& dy, const Shape& full, int axis, int64_t start, int64_t step) {
  Tensor x = dy;
  if (step > 1) {  // step - 1 zeros behind each element, then cut to size
    Shape spread = dy.shape();
    std::vector<std::pair<int64_t, int64_t>> gaps(static_cast<size_t>(dy.rank()) + 1, {0, 0});
    gaps[static_cast<size_t>(axis) + 1] = {0, step - 1};
    spread[axis] *= step;
    x = reshape(pad(unsqueeze(dy, axis + 1), gaps), spread);
    x = slice(x, axis, 0, std::min(spread[axis], full[axis] - start));
  }
  std::vector<std::pair<int64_t, int64_t>> pads(static_cast<size_t>(full.rank()), {0, 0});
  pads[static_cast<size_t>(axis)] = {start, full[axis] - start - x.shape()[axis]};
  return pad(x, pads);
}

// Which strides give x's elements under `shape` without copying? False if none do.
bool reshape_strides(const Tensor& x, const Shape& shape, Strides& strides) {
  strides = dense_strides(shape);
  if (x.is_dense()) return true;
  // Match runs of old axes that lie dense in each other with runs of new axes of the same size.
  int old_axis = 0;
  std::vector<std::pair<int64_t, int64_t>> old_axes;  // size, stride; without axes of length 1
  for (; old_axis < x.rank(); ++old_axis)
    if (x.shape()[old_axis] != 1) old_axes.emplace_back(x.shape()[old_axis], x.strides()[old_axis]);
  size_t at = 0;
  int axis = 0;
  while (axis < shape.rank()) {
    if (shape[axis] == 1) {
      strides[axis++] = 1;
      continue;
    }
    if (at == old_axes.size()) return false;
    int64_t have = old_axes[at].first, want = shape[axis];
    size_t last = at;
    int end = axis;
    while (have != want) {
      if (have < want) {
        if (++last == old_axes.size()) return false;
        if (old_axes[last - 1].second != old_axes[last].first * old_axes[last].second) return false;
        have *= old_axes[last].first;
      } else {
        if (++end == shape.rank()) return false;
        want *= shape[end];
      }
    }
    int64_t step = old_axes[last].second;
    for (int i = end; i >= axis; --i) {
      strides[i] = step;
      step *= shape[i];
    }
    axis = end + 1;
    at = last + 1;
  }
  return true;
}

}  // namespace

Tensor reshape(const Tensor& x, Shape shape) {
  check_defined("reshape", x);
  int open = -1;
  for (int i = 0; i < shape.rank(); ++i) {
    if (shape[i] < -1) throw Error("reshape: the lengths of {} must not be negative", to_string(shape));
    if (shape[i] != -1) continue;
    if (open >= 0) throw Error("reshape: only one length of {} may be -1", to_string(shape));
    open = i;
    shape[open] = 1;
  }
  const int64_t known = shape.numel();
  if (open >= 0) {
    shape[open] = -1;
    if (known == 0 || x.numel() % known != 0)
      throw Error("reshape: {} does not divide into {}", describe(x), to_string(shape));
    shape[open] = x.numel() / known;
  }
  if (shape.numel() != x.numel())
    throw Error("reshape: {} has {} elements, {} has {}", describe(x), x.numel(), to_string(shape), shape.numel());
  Strides strides;
  const bool fits = reshape_strides(x, shape, strides);
  if (!fits) strides = dense_strides(shape);
  const Tensor source = fits ? x : contiguous(x);
  return record_view("reshape", source, shape, strides, 0,
                     [from = x.shape()](const Tensor& dy) { return reshape(dy, from); });
}

Tensor squeeze(const Tensor& x, int axis) {
  check_defined("squeeze", x);
  axis = normal_axis(axis, x.rank(), "squeeze");
  if (x.shape()[axis] != 1) throw Error("squeeze: axis {} of {} is not of length 1", axis, describe(x));
  Shape shape = x.shape();
  shape.erase(axis);
  return record_view("squeeze", x, shape, strides_without(x.strides(), axis), 0,
                     [axis](const Tensor& dy) { return unsqueeze(dy, axis); });
}

Tensor unsqueeze(const Tensor& x, int axis) {
  check_defined("unsqueeze", x);
  axis = normal_axis(axis, x.rank() + 1, "unsqueeze");
  Shape shape = x.shape();
  shape.insert(axis, 1);
  Strides strides{};
  for (int i = 0; i < shape.rank(); ++i) strides[i] = i == axis ? 1 : x.strides()[i < axis ? i : i - 1];
  return record_view("unsqueeze", x, shape, strides, 0, [axis](const Tensor& dy) { return squeeze(dy, axis); });
}

Tensor permute(const Tensor& x, const std::vector<int>& perm) {
  check_defined("permute", x);
  if (static_cast<int>(perm.size()) != x.rank())
    throw Error("permute: {} axes named for {}", perm.size(), describe(x));
  Shape shape = x.shape();
  Strides strides{};
  std::vector<int> inverse(perm.size(), -1);
  for (int i = 0; i < x.rank(); ++i) {
    const int from = normal_axis(perm[static_cast<size_t>(i)], x.rank(), "permute");
    if (inverse[static_cast<size_t>(from)] >= 0) throw Error("permute: axis {} is named twice", from);
    inverse[static_cast<size_t>(from)] = i;
    shape[i] = x.shape()[from];
    strides[i] = x.strides()[from];
  }
  return record_view("permute", x, shape, strides, 0, [inverse](const Tensor& dy) { return permute(dy, inverse); });
}

Tensor transpose(const Tensor& x, int axis0, int axis1) {
  check_defined("transpose", x);
  axis0 = normal_axis(axis0, x.rank(), "transpose");
  axis1 = normal_axis(axis1, x.rank(), "transpose");
  Shape shape = x.shape();
  Strides strides = x.strides();
  std::swap(shape[axis0], shape[axis1]);
  std::swap(strides[axis0], strides[axis1]);
  return record_view("transpose", x, shape, strides, 0,
                     [axis0, axis1](const Tensor& dy) { return transpose(dy, axis0, axis1); });
}

Tensor slice(const Tensor& x, int axis, int64_t start, int64_t stop, int64_t step) {
  check_defined("slice", x);
  axis = normal_axis(axis, x.rank(), "slice");
  if (step < 1) throw Error("slice: the step must be at least 1, got {}", step);
  const int64_t n = x.shape()[axis];
  start = std::clamp<int64_t>(start < 0 ? start + n : start, 0, n);
  stop = std::clamp<int64_t>(stop < 0 ? stop + n : stop, start, n);
  step = std::min(step, std::max<int64_t>(n, 1));  // beyond the end is beyond the end
  Shape shape = x.shape();
  Strides strides = x.strides();
  shape[axis] = (stop - start + step - 1) / step;
  strides[axis] *= step;
  const auto pullback = [full = x.shape(), axis, start, step](const Tensor& dy) {
    return pad_slice(dy, full, axis, start, step);
  };
  const auto kernel = [full = x.shape(), axis, start, step](const Tensor& dy, InPlace& d) {
    Tensor whole = d.place_zeroed(0, Tensor::empty(full, dy.dtype()));
    Strides into = whole.strides();
    into[axis] *= step;
    Tensor part = whole.view(dy.shape(), into, start * whole.strides()[axis]);
    add_in_place(part, dy);
  };
  return record_view("slice", x, shape, strides, start * x.strides()[axis], pullback, kernel);
}

Tensor narrow(const Tensor& x, int axis, int64_t start, int64_t length) {
  check_defined("narrow", x);
  axis = normal_axis(axis, x.rank(), "narrow");
  if (start < 0 || length < 0 || start > x.shape()[axis] || length > x.shape()[axis] - start)
    throw Error("narrow: {} elements from {} on are not within axis {} of {}", length, start, axis, describe(x));
  return slice(x, axis, start, start + length);
}

Tensor select(const Tensor& x, int axis, int64_t index) {
  check_defined("select", x);
  axis = normal_axis(axis, x.rank(), "select");
  const int64_t n = x.shape()[axis];
  const int64_t i = index < 0 ? index + n : index;
  if (i < 0 || i >= n) throw Error("select: index {} is outside axis {} of {}", index, axis, describe(x));
  return squeeze(slice(x, axis, i, i + 1), axis);
}

Tensor Tensor::operator[](int64_t index) const { return select(*this, 0, index); }

std::vector<Tensor> split(const Tensor& x, const std::vector<int64_t>& sizes, int axis) {
  check_defined("split", x);
  const int along = normal_axis(axis, x.rank(), "split");
  int64_t left = x.size(along);
  for (int64_t size : sizes) {
    if (size < 0 || size > left)
      throw Error("split: pieces of {} do not fit into axis {} of {}", fmt::join(sizes, ", "), along, describe(x));
    left -= size;
  }
  if (left != 0)
    throw Error("split: pieces of {} leave {} of axis {} of {}", fmt::join(sizes, ", "), left, along, describe(x));
  std::vector<Tensor> parts;
  int64_t at = 0;
  for (int64_t size : sizes) {
    parts.push_back(narrow(x, along, at, size));
    at += size;
  }
  return parts;
}

std::vector<Tensor> chunk(const Tensor& x, int count, int axis) {
  check_defined("chunk", x);
  const int along = normal_axis(axis, x.rank(), "chunk");
  if (count < 1 || x.size(along) % count != 0)
    throw Error("chunk: axis {} of {} does not divide into {} equal pieces", along, describe(x), count);
  return split(x, std::vector<int64_t>(static_cast<size_t>(count), x.size(along) / count), along);
}

Tensor expand(const Tensor& x, const Shape& shape) {
  check_defined("expand", x);
  if (x.shape() == shape) return x;
  if (!(broadcast(x.shape(), shape, "expand") == shape))
    throw Error("expand: {} does not broadcast to {}", describe(x), to_string(shape));
  Strides strides{};
  for (int i = 0; i < shape.rank(); ++i) {
    const int mine = i - (shape.rank() - x.rank());
    strides[i] = mine < 0 || (x.shape()[mine] == 1 && shape[i] != 1) ? 0 : x.strides()[mine];
  }
  Tensor y = x.view(shape, strides);
  return record("expand", {x}, y, [](const Tensor& dy, Adjoints& d) { d.add_broadcast(0, dy); });
}

}  // namespace heed
