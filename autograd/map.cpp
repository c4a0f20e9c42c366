#include "autograd/map.h"

namespace heed {
namespace {

// Stride of an operand along an axis of the common shape; 0 where it is broadcast.
int64_t stride_along(int axis, const Shape& common, const Shape& own, const Strides& strides) {
  const int mine = axis - (common.rank() - own.rank());
  return mine < 0 || own[mine] == 1 ? 0 : strides[mine];
}

}  // namespace

int make_plan(MapPlan& plan, const Shape& shape, std::span<const Shape* const> shapes,
              std::span<const Strides* const> strides) {
  const size_t operands = shapes.size();
  int64_t step[kMaxOperands];
  int rank = 0;  // outer axes found so far, the innermost first; turned round at the end
  bool have_inner = false;
  plan.inner = 1;
  plan.empty = shape.numel() == 0;
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
    // Two neighbouring axes are one if stepping along the outer is stepping over the whole inner, for everybody.
    bool merges = true;
    for (size_t k = 0; k < operands && merges; ++k)
      merges = step[k] == (rank ? plan.strides[k][rank - 1] * plan.sizes[rank - 1] : plan.inner_step[k] * plan.inner);
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

}  // namespace heed
