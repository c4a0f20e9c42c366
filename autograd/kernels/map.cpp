#include "autograd/kernels/map.h"

namespace heed {
namespace {

// How the loop runs: along the first axis row by row, with steps of 1 or 0, and over the others around it. Axes
// are merged as far as the strides allow.
struct MapPlan {
  struct Axis {
    int64_t size;
    int64_t step[kMaxOperands];
  };
  int rank;
  Axis axes[kMaxRank];  // the innermost first
};

// Stride of an operand along an axis of the common shape; 0 where it is broadcast.
int64_t stride_along(int axis, const Shape& common, const Shape& own, const Strides& strides) {
  const int mine = axis - (common.rank() - own.rank());
  return mine < 0 || own[mine] == 1 ? 0 : strides[mine];
}

// Whether two neighbouring axes are one: stepping along the outer is stepping over the whole inner, for all.
bool merge(const MapPlan::Axis& inner, const MapPlan::Axis& outer, size_t operands) {
  for (size_t k = 0; k < operands; ++k)
    if (outer.step[k] != inner.step[k] * inner.size) return false;
  return true;
}

// Plans a loop over `shape`. Where an operand's inner stride is neither 1 nor 0, returns its number, for the
// caller to put something denser in its place; -1 when all is well.
int make_plan(MapPlan& plan, const Shape& shape, std::span<const Shape* const> shapes,
              std::span<const Strides* const> strides) {
  const size_t operands = shapes.size();
  plan.rank = 0;
  for (int axis = shape.rank(); axis-- > 0;) {
    if (shape[axis] == 1) continue;
    MapPlan::Axis& next = plan.axes[plan.rank];
    next.size = shape[axis];
    for (size_t k = 0; k < operands; ++k) {
      next.step[k] = stride_along(axis, shape, *shapes[k], *strides[k]);
      if (plan.rank == 0 && next.step[k] != 0 && next.step[k] != 1) return static_cast<int>(k);
    }
    if (plan.rank > 0 && merge(plan.axes[plan.rank - 1], next, operands)) plan.axes[plan.rank - 1].size *= next.size;
    else ++plan.rank;
  }
  if (plan.rank > 0) return -1;
  plan.rank = 1;  // one number of each
  plan.axes[0].size = 1;
  std::fill_n(plan.axes[0].step, operands, 1);
  return -1;
}

// An f32 output that is a sum of many numbers. Each row goes into `row`, and is added to totals in double.
struct LongSum {
  size_t operand;
  Tensor* out;
  Write how;
  Tensor totals;           // f64, of the output's shape
  std::vector<float> row;  // of one number if the row itself is summed
  int64_t piece;           // of a row, where it is

  // `place`: where the piece would stand in f32 totals.
  void add(const char* place, int64_t count) {
    const int64_t offset = (place - static_cast<char*>(totals.address())) / int64_t{sizeof(float)};
    double* to = totals.mutable_data<double>() + offset;
    count = std::min(count, static_cast<int64_t>(row.size()));
    for (int64_t j = 0; j < count; ++j) to[j] += static_cast<double>(row[static_cast<size_t>(j)]);
  }
  void finish() {
    const Tensor before = copy_of(*out, DType::f64);
    double* to = totals.mutable_data<double>();
    for (int64_t i = 0; how == Write::add && i < totals.numel(); ++i) to[i] += before.data<double>()[i];
    copy_into(*out, totals);
  }
};

// Those of the outputs, whose rows are then stored.
std::vector<LongSum> long_sums(const MapPlan& plan, const Shape& shape, size_t inputs, std::span<Tensor* const> out,
                               Write* write, int64_t piece) {
  constexpr int64_t many = 64;  // from which on a sum in f32 would lose digits
  std::vector<LongSum> sums;
  for (size_t o = 0; o < out.size(); ++o) {
    if (write[o] == Write::skip || shape.numel() <= many * out[o]->numel()) continue;
    const auto length = static_cast<size_t>(plan.axes[0].step[inputs + o] ? plan.axes[0].size : 1);
    sums.push_back({inputs + o, out[o], std::exchange(write[o], Write::store),
                    Tensor::zeros(out[o]->shape(), DType::f64), std::vector<float>(length), piece});
  }
  return sums;
}

// One row, in pieces that are short enough to be summed in f32 where it is summed itself.
void run_pieces(const MapPlan::Axis& axis, RowFunction row, const void* kernel, std::span<char* const> at,
                const Write* write, std::span<LongSum> sums) {
  const bool summed = std::any_of(sums.begin(), sums.end(), [](const LongSum& sum) { return sum.row.size() == 1; });
  const int64_t piece = summed ? sums.front().piece : axis.size;
  char* here[kMaxOperands];
  for (int64_t start = 0; start < axis.size; start += piece) {
    for (size_t k = 0; k < at.size(); ++k) here[k] = at[k] + start * axis.step[k] * int64_t{sizeof(float)};
    for (LongSum& sum : sums) here[sum.operand] = reinterpret_cast<char*>(sum.row.data());
    const int64_t count = std::min(piece, axis.size - start);
    row(kernel, here, axis.step, write, count);
    for (LongSum& sum : sums)
      sum.add(at[sum.operand] + start * axis.step[sum.operand] * int64_t{sizeof(float)}, count);
  }
}

void run_plan(const MapPlan& plan, RowFunction row, const void* kernel, char** at, size_t operands,
              const Write* write, int64_t bytes, std::span<LongSum> sums) {
  int64_t index[kMaxRank] = {};
  for (;;) {
    if (sums.empty()) row(kernel, at, plan.axes[0].step, write, plan.axes[0].size);
    else run_pieces(plan.axes[0], row, kernel, {at, operands}, write, sums);
    int axis = 1;
    for (; axis < plan.rank; ++axis) {
      const auto& [size, step] = plan.axes[axis];
      for (size_t k = 0; k < operands; ++k) at[k] += step[k] * bytes;
      if (++index[axis] < size) break;
      for (size_t k = 0; k < operands; ++k) at[k] -= step[k] * size * bytes;
      index[axis] = 0;
    }
    if (axis == plan.rank) return;
  }
}

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
  Write how[kMaxOperands];
  std::copy(write.begin(), write.end(), how);
  std::vector<LongSum> sums;
  if (f32) sums = long_sums(plan, shape, in.size(), out, how, rows.piece);
  if (!sums.empty()) {
    for (LongSum& sum : sums) use(sum.operand, sum.totals);  // a plan with the strides of the totals
    make_plan(plan, shape, {shapes, operands}, {strides, operands});
  }
  run_plan(plan, f32 ? rows.f32 : rows.f64, kernel, data, operands, how, f32 ? 4 : 8, sums);
  for (LongSum& sum : sums) sum.finish();
}

}  // namespace heed
