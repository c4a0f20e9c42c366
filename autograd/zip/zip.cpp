#include "autograd/zip/zip.h"

#include "autograd/kernels/in_place.h"
#include "autograd/views/views.h"

#include <cstring>

namespace heed {

namespace detail {
namespace {

// Shapes must broadcast, types must agree. Returns the common shape.
Shape common_shape(const char* name, std::span<const Tensor* const> inputs) {
  const Tensor& first = *inputs[0];
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Tensor& x = *inputs[i];
    if (!x) throw_undefined_operand(name, i);
    if (!is_float(x.dtype()))
      throw Error("{}: operand {} is {}; all must be f32, or all f64: to() converts", name, i, describe(x));
    if (x.dtype() != first.dtype())
      throw Error("{}: operand {} is {} and operand 0 is {}; all must be f32, or all f64", name, i, describe(x),
                  describe(first));
  }
  Shape shape = first.shape();
  for (size_t i = 1; i < inputs.size(); ++i) {
    if (inputs[i]->shape() == shape) continue;
    try {
      shape = broadcast(shape, inputs[i]->shape(), name);
    } catch (const Error&) {
      std::string all;
      for (const Tensor* operand : inputs) all += (all.empty() ? "" : ", ") + describe(*operand);
      throw Error("{}: operand {} does not broadcast with those before it: {}", name, i, all);
    }
  }
  return shape;
}

std::pair<const char*, const char*> extent(const Tensor& x) {
  return dispatch_any(x.dtype(), [&]<class T>(T) {
    const T* first = x.data<T>();
    const T* last = first;
    for (int axis = 0; axis < x.rank(); ++axis) last += std::max<int64_t>(x.shape()[axis] - 1, 0) * x.strides()[axis];
    return std::pair(reinterpret_cast<const char*>(first), reinterpret_cast<const char*>(last + 1));
  });
}

// Whether the memory between the first and last number of one lies in that of the other; whether they are the
// same places in the same order.
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

// A kernel whose outputs are the gradients of the node's inputs 0, 1, ..: summed right where they belong.
// `like` are those inputs.
void run_into(const Rows& rows, const void* kernel, const Shape& shape, std::span<const Tensor* const> in,
              InPlace& adjoints, std::span<const Tensor* const> like) {
  const size_t count = like.size();
  Write how[kMaxOperands];
  Tensor* out[kMaxOperands];
  std::vector<Apart> apart;
  for (size_t o = 0; o < count; ++o) {
    how[o] = Write::skip;
    out[o] = nullptr;
    if (!adjoints.wanted(static_cast<int>(o))) continue;
    const InPlace::Place place = adjoints.place(static_cast<int>(o), *like[o]);
    bool fresh = place.fresh;
    out[o] = &place.buffer;
    if (!runs_inward(place.buffer)) {  // the gradient of a transposed view
      apart.reserve(count);            // for pointers into it
      out[o] = &apart.emplace_back(place).tensor();
      fresh = true;
    }
    const bool summed = !(like[o]->shape() == shape);
    if (fresh && summed) zero_fill(*out[o]);
    how[o] = fresh && !summed ? Write::store : Write::add;
  }
  // Views of one tensor as operands of one zip: what is stored for one of them must not wipe out what is
  // added for another, unless they step through the memory together, the storing one first.
  for (size_t o = 0; o < count; ++o)
    for (size_t other = 0; other < count && how[o] == Write::store; ++other)
      if (other != o && out[other] && share_memory(*out[o], *out[other]) && !steps_alike(*out[o], *out[other])) {
        zero_fill(*out[o]);
        how[o] = Write::add;
      }
  run_rows(rows, kernel, shape, in, {out, count}, {how, count});
  for (Apart& sum : apart) sum.add_to_place();
}

void evaluate(const Rows& rows, const void* kernel, const Shape& shape, std::span<const Tensor* const> x,
              std::span<Tensor> y, Write how) {
  const DType dtype = x[0]->dtype();
  const size_t count = y.size();
  Write write[kMaxOperands];
  Tensor* out[kMaxOperands];
  std::vector<Tensor> kept;  // the results with the axis that is summed, of length 1
  if (how == Write::add) {
    Shape ones = shape, result = shape;
    ones[shape.rank() - 1] = 1;
    result.erase(shape.rank() - 1);
    for (Tensor& t : y) {
      t = Tensor::zeros(result, dtype);
      kept.push_back(t.view(ones, t.strides()));
    }
  }
  for (size_t o = 0; o < count; ++o) {
    if (how == Write::store) y[o] = Tensor::empty(shape, dtype);
    out[o] = how == Write::store ? &y[o] : &kept[o];
    write[o] = how;
  }
  run_rows(rows, kernel, shape, x, {out, count}, {write, count});
}

// The gradient as a function of its own, (dy, x) -> dx: SecondGradient is to Gradient what Gradient is to f.
ZipFunction gradient_of(const ZipFunction& f) { return {f.gradient, f.second, {}, f.out + f.in, f.in, f.bytes}; }

struct ZipNode final : Node {
  const ZipFunction* f;
  const void* object;
  Tensor* x;
  Write how;

  ZipNode(Reel& reel, const ZipFunction& function, const void* of, std::span<const Tensor* const> in, Write write)
      : f(&function), object(reel.keep(of, function.bytes)), x(reel.keep(in)), how(write) {}
  std::span<const Tensor> saved() const { return {x, static_cast<size_t>(f->in)}; }
  ~ZipNode() override { forget(); }
  void forget() override {
    for (int i = 0; i < f->in; ++i) x[i] = {};
  }

  // The operands of the gradient, (dy, x), and the shape under which all are seen.
  struct Operands {
    Shape shape;
    const Tensor* all[kMaxOperands];
    size_t outputs, inputs;
    std::span<const Tensor* const> from() const { return {all, outputs + inputs}; }
    std::span<const Tensor* const> x() const { return {all + outputs, inputs}; }
  };
  // Throws in the third order, for which no loop was compiled. The second one's numbers are right before that.
  Operands operands(std::span<Tensor> dy) const {
    if (!f->gradient.f32)
      throw Error(
          "{}: this would be a third derivative of a zip, and third derivatives are not supported: a function "
          "given to zip can be differentiated twice",
          name);
    const auto count = static_cast<size_t>(f->in);
    if (dy.size() + count > kMaxOperands) throw Error("zip: {} operands are too many to differentiate", count);
    Operands o;
    o.shape = shapes[0];
    o.outputs = dy.size();
    o.inputs = count;
    if (how == Write::add) {
      o.shape = x[0].shape();
      for (const Tensor& t : saved()) o.shape = broadcast(o.shape, t.shape(), name);
    }
    for (size_t k = 0; k < dy.size(); ++k) {
      if (!dy[k]) dy[k] = Tensor::zeros({}, dtype);
      else if (how == Write::add) dy[k] = unsqueeze(dy[k], -1);
      o.all[k] = &dy[k];
    }
    for (size_t i = 0; i < count; ++i) o.all[dy.size() + i] = &x[i];
    return o;
  }

  void pull_in_place(std::span<Tensor> dy, InPlace& d) override {
    const Operands o = operands(dy);
    run_into(f->gradient, object, o.shape, o.from(), d, o.x());
  }

  // As an operation of its own, which can be differentiated in turn.
  void pull(std::span<Tensor> dy, Adjoints& d) override {
    const Operands o = operands(dy);
    std::vector<Tensor> dx(o.inputs);
    evaluate(f->gradient, object, o.shape, o.from(), dx, Write::store);
    if (Reel* reel = Reel::current()) {
      const ZipFunction gradient = gradient_of(*f);
      const auto* kept = static_cast<const ZipFunction*>(reel->keep(&gradient, sizeof gradient));
      auto* node = new (reel->allocate(sizeof(ZipNode))) ZipNode(*reel, *kept, object, o.from(), Write::store);
      reel->append(node, "gradient of zip", node->saved(), dx);
    }
    for (size_t i = 0; i < dx.size(); ++i) d.add_broadcast(static_cast<int>(i), std::move(dx[i]));
  }
};

// dx = pull(dy, y)
struct ByValueNode final : Node {
  const ZipFunction* f;
  const void* object;
  Tensor y;

  ByValueNode(Reel& reel, const ZipFunction& function, const void* of, const Tensor& value)
      : f(&function), object(reel.keep(of, function.bytes)), y(value.second_handle()) {}
  void forget() override { y = {}; }
  void pull_in_place(std::span<Tensor> dy, InPlace& d) override {
    const Tensor* const in[] = {&dy[0], &y};
    run_into(f->value, object, y.shape(), in, d, {in + 1, 1});
  }
  void pull(std::span<Tensor> dy, Adjoints& d) override {
    const Tensor* const in[] = {&dy[0], &y};
    Tensor dx[1];
    apply("gradient", *f, object, in, dx, Write::store);
    d.add(0, std::move(dx[0]));
  }
};

}  // namespace

void apply(const char* name, const ZipFunction& f, const void* object, std::span<const Tensor* const> x,
           std::span<Tensor> y, Write how) {
  const Shape shape = common_shape(name, x);
  if (how == Write::add && shape.rank() == 0) throw Error("{}: zip_sum wants an axis to sum along", name);
  evaluate(f.value, object, shape, x, y, how);
  Reel* reel = Reel::current();
  if (!reel) return;
  auto* node = new (reel->allocate(sizeof(ZipNode))) ZipNode(*reel, f, object, x, how);
  reel->append(node, name, node->saved(), y);
}

Tensor apply_by_value(const char* name, const Rows& f, const void* f_object, const ZipFunction& pull,
                      const void* pull_object, const Tensor& x) {
  const Tensor* const in[] = {&x};
  Tensor y = value_of(name, f, f_object, in);
  if (Reel* reel = Reel::current()) {
    auto* node = new (reel->allocate(sizeof(ByValueNode))) ByValueNode(*reel, pull, pull_object, y);
    reel->append(node, name, std::span<const Tensor>(&x, 1), {&y, 1});
  }
  return y;
}

Tensor value_of(const char* name, const Rows& f, const void* object, std::span<const Tensor* const> x) {
  Tensor y;
  evaluate(f, object, common_shape(name, x), x, {&y, 1}, Write::store);
  return y;
}

}  // namespace detail

}  // namespace heed
