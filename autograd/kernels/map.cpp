#include "autograd/kernels/map.h"

namespace heed {
namespace {

// How the loop runs: outer axes, merged as far as the strides allow, and an inner axis of stride 1 or 0.
struct MapPlan {
  int rank = 0;
  int64_t inner = 1;
  int64_t sizes[kMaxRank];
  int64_t strides[kMaxOperands][kMaxRank];
  int64_t inner_step[kMaxOperands];
};

// Stride of an operand along an axis of the common shape; 0 where it is broadcast.
int64_t stride_along(int axis, const Shape& common, const Shape& own, const Strides& strides) {
  const int mine = axis - (common.rank() - own.rank());
  return mine < 0 || own[mine] == 1 ? 0 : strides[mine];
}

// Plans a loop over `shape`. Where an operand's inner stride is neither 1 nor 0, returns its number, for the
// caller to put something denser in its place; -1 when all is well.
int make_plan(MapPlan& plan, const Shape& shape, std::span<const Shape* const> shapes,
              std::span<const Strides* const> strides) {
  const size_t operands = shapes.size();
  int64_t step[kMaxOperands];
  int rank = 0;  // outer axes found so far, the innermost first; turned round at the end
  bool have_inner = false;
  plan.inner = 1;
  for (size_t k = 0; k < operands; ++k) plan.inner_step[k] = 1;
  for (int axis = shape.rank(); axis-- > 0;) {
    if (shape[axis] == 1) continue;
    for (size_t k = 0; k < operands; ++k) step[k] = stride_along(axis, shape, *shapes[k], *strides[k]);
    if (!have_inner) {
      for (size_t k = 0; k < operands; ++k) {
        if (step[k] != 0 && step[k] != 1) return static_cast<int>(k);
        plan.inner_step[k] = step[k];
      }
      plan.inner = shape[axis];
      have_inner = true;
      continue;
    }
    // Two neighbouring axes are one if stepping along the outer is stepping over the
    // whole inner, for everybody.
    bool merges = true;
    for (size_t k = 0; k < operands && merges; ++k)
      merges = step[k] ==
               (rank ? plan.strides[k][rank - 1] * plan.sizes[rank - 1] : plan.inner_step[k] * plan.inner);
    if (merges) {
      (rank ? plan.sizes[rank - 1] : plan.inner) *= shape[axis];
      continue;
    }
    plan.sizes[rank] = shape[axis];
    for (size_t k = 0; k < operands; ++k) plan.strides[k][rank] = step[k];
    ++rank;
  }
  plan.rank = rank;
  for (int i = 0, j = rank - 1; i < j; ++i, --j) {
    std::swap(plan.sizes[i], plan.sizes[j]);
    for (size_t k = 0; k < operands; ++k) std::swap(plan.strides[k][i], plan.strides[k][j]);
  }
  return -1;
}

void run_plan(const MapPlan& plan, RowFunction row, const void* kernel, char** at, size_t operands,
              const Write* write, int64_t bytes) {
  int64_t index[kMaxRank] = {};
  for (;;) {
    row(kernel, at, plan.inner_step, write, plan.inner);
    int axis = plan.rank - 1;
    for (; axis >= 0; --axis) {
      for (size_t k = 0; k < operands; ++k) at[k] += plan.strides[k][axis] * bytes;
      if (++index[axis] < plan.sizes[axis]) break;
      for (size_t k = 0; k < operands; ++k) at[k] -= plan.strides[k][axis] * plan.sizes[axis] * bytes;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

}  // namespace

namespace {

constexpr auto all_ones = [] {
  std::array<int64_t, kMaxOperands> steps{};
  steps.fill(1);
  return steps;
}();

// Most often all operands are dense and of one shape: one row.
bool run_flat(const Rows& rows, const void* kernel, const Shape& shape, std::span<const Tensor* const> in,
              std::span<Tensor* const> out, std::span<const Write> write) {
  char* data[kMaxOperands];
  size_t k = 0;
  const auto flat = [&](const Tensor& t) {
    data[k++] = static_cast<char*>(t.address());
    return t.is_dense() && t.shape() == shape;
  };
  for (const Tensor* t : in)
    if (!flat(*t)) return false;
  for (size_t o = 0; o < out.size(); ++o)
    if (!flat(write[o] == Write::skip ? *in[0] : *out[o])) return false;
  const RowFunction row = in[0]->dtype() == DType::f32 ? rows.f32 : rows.f64;
  if (in[0]->numel() > 0) row(kernel, data, all_ones.data(), write.data(), in[0]->numel());
  return true;
}

}  // namespace

void run_rows(const Rows& rows, const void* kernel, const Shape& shape, std::span<const Tensor* const> in,
              std::span<Tensor* const> out, std::span<const Write> write) {
  const size_t operands = in.size() + out.size();
  if (operands > kMaxOperands) throw Error("zip: {} operands are too many", operands);
  if (run_flat(rows, kernel, shape, in, out, write) || shape.numel() == 0) return;
  const Shape* shapes[kMaxOperands];
  const Strides* strides[kMaxOperands];
  char* data[kMaxOperands];
  const auto use = [&](size_t k, const Tensor& t) {
    shapes[k] = &t.shape();
    strides[k] = &t.strides();
    data[k] = static_cast<char*>(t.address());
  };
  for (size_t i = 0; i < in.size(); ++i) use(i, *in[i]);
  // an output that is skipped is never touched: an input stands in for it
  for (size_t o = 0; o < out.size(); ++o) use(in.size() + o, write[o] == Write::skip ? *in[0] : *out[o]);
  MapPlan plan;
  std::vector<Tensor> copies;  // keeps them alive
  for (;;) {
    const int awkward = make_plan(plan, shape, {shapes, operands}, {strides, operands});
    if (awkward < 0) break;
    const auto k = static_cast<size_t>(awkward);
    if (k >= in.size()) throw Error("zip: an output must be dense along its last axis");
    copies.push_back(densify(*in[k]));
    use(k, copies.back());
    for (size_t o = 0; k == 0 && o < out.size(); ++o)  // it stands in for these
      if (write[o] == Write::skip) use(in.size() + o, copies.back());
  }
  const bool f32 = in[0]->dtype() == DType::f32;
  run_plan(plan, f32 ? rows.f32 : rows.f64, kernel, data, operands, write.data(), f32 ? 4 : 8);
}

}  // namespace heed
