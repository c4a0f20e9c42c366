#include "autograd/zip.h"

#include <cstring>

namespace heed {

namespace detail {

Shape common_shape(const char* name, std::span<const Tensor* const> inputs) {
  const Tensor& first = *inputs[0];
  Shape shape = first ? first.shape() : Shape{};
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Tensor& x = *inputs[i];
    if (!x) throw Error("{}: operand {} is undefined", name, i);
    if (x.dtype() != first.dtype() || !is_float(x.dtype()))
      throw Error("{}: operand {} is {} and operand 0 is {}; all must be f32, or all f64", name, i, describe(x),
                  describe(first));
    if (x.shape() == shape) continue;
    try {
      shape = broadcast(shape, x.shape(), name);
    } catch (const Error&) {
      std::string all;
      for (const Tensor* operand : inputs) all += (all.empty() ? "" : ", ") + describe(*operand);
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
  if (a.block() != b.block()) return false;
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

void run_into(const Rows& rows, const void* kernel, const Shape& shape, std::span<const Tensor* const> in,
              Adjoints& adjoints, std::span<const Tensor* const> like, std::span<Tensor> out) {
  std::vector<std::pair<size_t, Tensor>> apart;
  Write how[kMaxOperands];
  const size_t count = like.size();
  for (size_t o = 0; o < count; ++o) {
    how[o] = Write::skip;
    if (!adjoints.wanted(static_cast<int>(o))) continue;
    const Shape& own = like[o]->shape();
    const bool summed = !(own == shape);
    Adjoints::Place place = adjoints.place(static_cast<int>(o), *like[o]);
    if (place.fresh && summed) zero_fill(place.buffer);
    how[o] = place.fresh && !summed ? Write::store : Write::add;
    if (!runs_inward(place.buffer)) {  // the gradient of a transposed view: go by a dense tensor
      if (place.fresh && !summed) zero_fill(place.buffer);
      apart.emplace_back(o, std::exchange(place.buffer, Tensor::zeros(own, like[o]->dtype())));
      how[o] = Write::add;
    }
    out[o] = std::move(place.buffer);
  }
  // Views of one tensor as operands of one zip: what is stored for one of them must not wipe out what is added for
  // another, unless they step through the memory together, the storing one first.
  for (size_t o = 0; o < count; ++o)
    for (size_t other = 0; other < count && how[o] == Write::store; ++other)
      if (other != o && out[other] && share_memory(out[o], out[other]) && !steps_alike(out[o], out[other])) {
        zero_fill(out[o]);
        how[o] = Write::add;
      }
  run_rows(rows, kernel, shape, in, out, {how, count});
  for (auto& [o, to] : apart) add_in_place(to, out[o]);
}

void complete_upstream(std::span<Tensor> upstream, bool summed, DType dtype) {
  for (Tensor& dy : upstream) {
    if (!dy) dy = Tensor::zeros({}, dtype);
    else if (summed) dy = unsqueeze(dy, -1);
  }
}

void evaluate(const Rows& rows, const void* kernel, const Shape& shape, std::span<const Tensor* const> x,
              std::span<Tensor> y, std::span<const Write> how) {
  const DType dtype = x[0]->dtype();
  if (how[0] == Write::store) {
    for (Tensor& t : y) t = Tensor::empty(shape, dtype);
    return run_rows(rows, kernel, shape, x, y, how);
  }
  Shape kept = shape, result = shape;
  kept[shape.rank() - 1] = 1;
  result.erase(shape.rank() - 1);
  std::vector<Tensor> written;
  for (Tensor& t : y) {
    t = Tensor::zeros(result, dtype);
    written.push_back(t.view(kept, t.strides()));
  }
  run_rows(rows, kernel, shape, x, written, how);
}

}  // namespace detail

bool runs_inward(const Tensor& x) {
  for (int axis = x.rank(); axis-- > 0;)
    if (x.shape()[axis] != 1) return x.strides()[axis] == 1;
  return true;
}

void add_in_place(Tensor& to, const Tensor& x) {
  if (!(to.shape() == x.shape())) throw Error("add_in_place: {} += {}", describe(to), describe(x));
  const Tensor* in[] = {&x};
  Tensor out[] = {runs_inward(to) ? to : densify(to)};  // a transposed place: go by a dense sum
  const auto identity = [](const auto& from, auto& result) { result[0] = from[0]; };
  const Write how[] = {Write::add};
  run_rows(rows_of<decltype(identity), 1, 1>, &identity, to.shape(), in, out, how);
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
