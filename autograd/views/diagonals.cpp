#include "autograd/views/diagonals.h"

#include <algorithm>

#include "autograd/tape/record.h"

namespace heed {
namespace {

// How a diagonal lies in a tensor of the given shape.
struct Diagonal {
  Shape shape;
  Strides strides;
  int64_t offset = 0;

  Diagonal(const Shape& whole, const Strides& steps, int64_t k, int axis0, int axis1) : shape(whole), strides(steps) {
    const int64_t rows = whole[axis0], columns = whole[axis1];
    const int64_t down = -std::clamp<int64_t>(k, -rows, 0), right = std::clamp<int64_t>(k, 0, columns);
    const int64_t length = std::min(rows - down, columns - right);
    if (length > 0) offset = down * steps[axis0] + right * steps[axis1];
    for (const int axis : {std::max(axis0, axis1), std::min(axis0, axis1)}) {
      shape.erase(axis);
      strides = strides_without(strides, axis);
    }
    strides[shape.rank()] = steps[axis0] + steps[axis1];
    shape.push_back(length);
  }
};

// The transpose of diagonal(): zeros of a shape, x on the diagonal.
Tensor on_diagonal(const Tensor& x, const Shape& whole, int64_t k, int axis0, int axis1) {
  Tensor y = Tensor::zeros(whole, x.dtype());
  const Diagonal place(whole, y.strides(), k, axis0, axis1);
  Tensor to = y.view(place.shape, place.strides, place.offset);
  copy_into(to, x);
  return record("diag_embed", {x}, y, [=](const Tensor& dy) { return diagonal(dy, k, axis0, axis1); });
}

Tensor triangle(const char* name, const Tensor& x, int64_t k, bool lower) {
  check_defined(name, x);
  if (x.rank() < 2) throw Error("{}: wants matrices, two axes or more, got {}", name, describe(x));
  Tensor y = copy_of(x);
  const int64_t rows = x.size(-2), columns = x.size(-1);
  const int64_t lines = columns == 0 ? 0 : x.numel() / columns;
  const int64_t shift = std::clamp(k, -rows, columns) + (lower ? 1 : 0);
  dispatch_any(x.dtype(), [&]<class T>(T) {
    T* row = y.mutable_data<T>();
    for (int64_t line = 0; line < lines; ++line, row += columns) {
      T* const border = row + std::clamp<int64_t>(line % rows + shift, 0, columns);
      if (lower) std::fill(border, row + columns, T(0));
      else std::fill(row, border, T(0));
    }
  });
  return record(name, {x}, y, [=](const Tensor& dy) { return triangle(name, dy, k, lower); });
}

}  // namespace

Tensor diagonal(const Tensor& x, int64_t k, int axis0, int axis1) {
  check_defined("diagonal", x);
  if (x.rank() < 2) throw Error("diagonal: wants two axes or more, got {}", describe(x));
  const int a = normal_axis(axis0, x.rank(), "diagonal"), b = normal_axis(axis1, x.rank(), "diagonal");
  if (a == b) throw Error("diagonal: wants two different axes of {}, got axis {} twice", describe(x), a);
  const Diagonal part(x.shape(), x.strides(), k, a, b);
  return record_view("diagonal", x, part.shape, part.strides, part.offset,
                     [=, whole = x.shape()](const Tensor& dy) { return on_diagonal(dy, whole, k, a, b); });
}

Tensor diag_embed(const Tensor& x, int64_t k) {
  check_defined("diag_embed", x);
  if (x.rank() == 0) throw Error("diag_embed: wants at least one axis, got {}", describe(x));
  int64_t size = 0;
  if (k == INT64_MIN || __builtin_add_overflow(x.size(-1), k < 0 ? -k : k, &size))
    throw Error("diag_embed: diagonal {} is too far out", k);
  Shape whole = x.shape();
  whole[x.rank() - 1] = size;
  whole.push_back(size);
  return on_diagonal(x, whole, k, x.rank() - 1, x.rank());
}

Tensor diag(const Tensor& x, int64_t k) {
  check_defined("diag", x);
  if (x.rank() != 1 && x.rank() != 2)
    throw Error("diag: wants a vector or a matrix, got {}; diagonal() and diag_embed() take stacks", describe(x));
  return x.rank() == 1 ? diag_embed(x, k) : diagonal(x, k);
}

Tensor tril(const Tensor& x, int64_t k) { return triangle("tril", x, k, true); }
Tensor triu(const Tensor& x, int64_t k) { return triangle("triu", x, k, false); }

}  // namespace heed
