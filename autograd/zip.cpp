#include "autograd/zip.h"

#include <cstring>

namespace heed {

namespace detail {

Shape common_shape(const char* name, std::span<const Tensor> inputs) {
  Shape shape = inputs[0] ? inputs[0].shape() : Shape{};
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Tensor& x = inputs[i];
    if (!x) throw Error("{}: operand {} is undefined", name, i);
    if (x.dtype() != inputs[0].dtype() || !is_float(x.dtype()))
      throw Error("{}: operand {} is {} and operand 0 is {}; all must be f32, or all f64", name, i, describe(x),
                  describe(inputs[0]));
    if (x.shape() == shape) continue;
    try {
      shape = broadcast(shape, x.shape(), name);
    } catch (const Error&) {
      std::string all;
      for (const Tensor& operand : inputs) all += (all.empty() ? "" : ", ") + describe(operand);
      throw Error("{}: operand {} does not broadcast with those before it: {}", name, i, all);
    }
  }
  return shape;
}

namespace {

std::pair<const char*, const char*> extent(const Tensor& x) {
  return dispatch_any(x.dtype(), [&](auto zero) {
    const auto* first = x.data<decltype(zero)>();
    const auto* last = first;
    for (int axis = 0; axis < x.rank(); ++axis) last += std::max<int64_t>(x.shape()[axis] - 1, 0) * x.strides()[axis];
    return std::pair(reinterpret_cast<const char*>(first), reinterpret_cast<const char*>(last + 1));
  });
}

}  // namespace

bool share_memory(const Tensor& a, const Tensor& b) {
  const auto [a_begin, a_end] = extent(a);
  const auto [b_begin, b_end] = extent(b);
  return a_begin < b_end && b_begin < a_end;
}

bool steps_alike(const Tensor& a, const Tensor& b) {
  if (extent(a).first != extent(b).first || !(a.shape() == b.shape())) return false;
  for (int axis = 0; axis < a.rank(); ++axis)
    if (a.shape()[axis] > 1 && a.strides()[axis] != b.strides()[axis]) return false;
  return true;
}

}  // namespace detail

bool runs_inward(const Tensor& x) {
  for (int axis = x.rank(); axis-- > 0;)
    if (x.shape()[axis] != 1) return x.strides()[axis] == 1;
  return true;
}

void add_in_place(Tensor& to, const Tensor& x) {
  if (!(to.shape() == x.shape())) throw Error("add_in_place: {} += {}", describe(to), describe(x));
  std::array<Tensor, 1> in{x}, out{to};
  if (!runs_inward(to)) {  // a transposed place: go by a dense sum
    out[0] = densify(to);
    if (out[0].is(to)) out[0] = to;
  }
  const auto identity = [](const auto& from, auto& result) { result[0] = from[0]; };
  detail::run_kernel<decltype(identity), 1, 1>(identity, to.shape(), in, out, {Write::add});
  if (!out[0].is(to)) copy_into(to, out[0]);
}

void zero_fill(Tensor& x) {
  if (x.numel() == 0) return;
  dispatch_any(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    if (x.is_dense()) {
      std::memset(static_cast<void*>(x.mutable_data<T>()), 0, static_cast<size_t>(x.numel()) * sizeof(T));
    } else {
      copy_into(x, Tensor::scalar(0, x.dtype()).view(x.shape(), Strides{}));
    }
  });
}

}  // namespace heed
