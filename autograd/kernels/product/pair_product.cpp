#include "autograd/kernels/product/pair_product.h"

#if defined(__AVX512F__) && defined(__x86_64__)
#include <immintrin.h>
#define HEED_TILE_TARGET __attribute__((target("avx512bf16")))
#endif

#include "autograd/base/error.h"
#include "autograd/kernels/product/bf16.h"
#include "autograd/kernels/product/operand.h"
#include "autograd/kernels/product/panels.h"

namespace heed::pair_product {

#if defined(__AVX512F__) && defined(__x86_64__)
namespace {

using V = Vec<float>;

// What the tile does with a pair of each factor.
struct Pair {
  HEED_INLINE HEED_TILE_TARGET static V::Number factor(const float* at) {
    int32_t pair;
    std::memcpy(&pair, at, sizeof pair);
    return reinterpret_cast<V::Number>(pair - V::Bits{});
  }
  HEED_INLINE HEED_TILE_TARGET static V::Number add(V::Number sum, V::Number factor, V::Number b) {
    return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(factor), reinterpret_cast<__m512bh>(b));
  }
};

int64_t pairs_in(int64_t numbers) { return (numbers + 1) / 2; }

// to [rows, pairs] = a row of pairs for each row of numbers.
void pair_rows(float* to, const float* from, int64_t step, int64_t rows, int64_t depth) {
  typedef int16_t Halves __attribute__((vector_size(kVectorBytes / 2)));
  const auto halves = [](V x) {
    return __builtin_convertvector(reinterpret_cast<V::Bits>(to_bf16(x).lanes) >> 16, Halves);
  };
  for (int64_t i = 0; i < rows; ++i, from += step, to += pairs_in(depth)) {
    auto* const row = reinterpret_cast<char*>(to);
    int64_t k = 0;
    for (; k + V::width <= depth; k += V::width) {
      const Halves next = halves(V::load(from + k));
      std::memcpy(row + 2 * k, &next, sizeof next);
    }
    if (k == depth) continue;
    // The last pair is filled up with 0.
    const auto rest = static_cast<int>(depth - k);
    const Halves last = halves(V::load(from + k, rest).first(rest));
    std::memcpy(row + 2 * k, &last, static_cast<size_t>(pairs_in(rest)) * sizeof(float));
  }
}

// The panels (panels.h) of `depth` rows, at most kDeep, of all columns of b.
void pair_panels(float* to, const Operand<float>& b, int64_t depth, int64_t columns) {
  constexpr int64_t wide = kWide<float>;
  Tensor room;
  float* const panel = room_for<float>(room, (depth + 1) * wide);
  if (depth % 2) std::fill_n(panel + depth * wide, wide, 0.0f);
  for (int64_t j = 0; j < columns; j += wide) {
    fill_panel(panel, b.from(0, j).numbers, b.row_step, b.column_step, depth, std::min(columns - j, wide));
    for (int64_t k = 0; k < depth; k += 2)
      for (int64_t half = 0; half < wide; half += V::width, to += V::width) {
        const float* const at = panel + k * wide + half;
        const V::Bits first = reinterpret_cast<V::Bits>(to_bf16(V::load(at)).lanes) >> 16 & 0xffff;
        const V::Bits second = reinterpret_cast<V::Bits>(to_bf16(V::load(at + wide)).lanes);
        V(reinterpret_cast<V::Number>(first | second)).store(to);
      }
  }
}

// c [rows, columns] by panels of `depth` numbers in each column, from rows of pairs.
void multiply_block(float* c, int64_t c_step, const float* pairs, const float* panels, int64_t rows, int64_t depth,
                    int64_t columns, bool add) {
  heed::multiply_panels<Pair>(c, c_step, pairs, pairs_in(depth), panels, rows, pairs_in(depth), columns, add);
}

// Calls f(first, depth) for blocks of at most kDeep of k's numbers.
template <class F>
void each_depth(int64_t k, F f) {
  for (int64_t first = 0; first < k; first += kDeep) f(first, std::min(k - first, kDeep));
}

}  // namespace

bool available() {
  static const bool answer = __builtin_cpu_supports("avx512bf16");
  return answer;
}

void multiply(Tensor& c, const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, double beta,
              double alpha) {
  const int64_t m = c.size(0), n = c.size(1), k = a.size(transpose_a ? 0 : 1), c_step = c.strides()[0];
  const Operand<float> left(a, transpose_a), right(b, transpose_b);
  float* const to = c.mutable_data<float>();
  if (k == 0 || (beta != 0 && beta != 1)) scale(to, c_step, m, n, static_cast<float>(beta));
  const int64_t deepest = std::min(k, kDeep), highest = std::min(m, kHigh);
  const bool in_rows = left.column_step == 1 && alpha == 1;
  Tensor panel_room, pair_room, row_room;
  float* const panels = room_for<float>(panel_room, pairs_in(deepest) * in_panels<float>(n));
  float* const pairs = room_for<float>(pair_room, pairs_in(deepest) * highest);
  float* const rows = in_rows ? nullptr : room_for<float>(row_room, deepest * highest);
  each_depth(k, [&](int64_t first, int64_t depth) {
    pair_panels(panels, right.from(first, 0), depth, n);
    for (int64_t i = 0; i < m; i += kHigh) {
      const int64_t high = std::min(m - i, kHigh);
      const Operand<float> block = left.from(i, first);
      if (!in_rows) copy_rows(rows, block, high, depth, static_cast<float>(alpha));
      pair_rows(pairs, in_rows ? block.numbers : rows, in_rows ? block.row_step : depth, high, depth);
      multiply_block(to + i * c_step, c_step, pairs, panels, high, depth, n, beta != 0 || first > 0);
    }
  });
}

Tensor panels_of(const Tensor& weight, bool transposed) {
  const Operand<float> b(weight, transposed);
  const int64_t k = weight.size(transposed ? 1 : 0), n = weight.size(transposed ? 0 : 1), wide = in_panels<float>(n);
  Tensor panels = Tensor::empty({pairs_in(k), wide});
  each_depth(k, [&](int64_t first, int64_t depth) {
    pair_panels(panels.mutable_data<float>() + first / 2 * wide, b.from(first, 0), depth, n);
  });
  return panels;
}

void multiply_panels(Tensor& c, const Tensor& a, const Tensor& panels, bool add) {
  const int64_t m = a.size(0), k = a.size(1), c_step = c.strides()[0];
  Tensor pair_room;
  float* const pairs = room_for<float>(pair_room, pairs_in(std::min(k, kDeep)) * std::min(m, kHigh));
  for (int64_t i = 0; i < m; i += kHigh)
    each_depth(k, [&](int64_t first, int64_t depth) {
      const int64_t high = std::min(m - i, kHigh);
      pair_rows(pairs, a.data<float>() + i * a.strides()[0] + first, a.strides()[0], high, depth);
      multiply_block(c.mutable_data<float>() + i * c_step, c_step, pairs,
                     panels.data<float>() + first / 2 * panels.size(1), high, depth, c.size(1), add || first > 0);
    });
}

#else

bool available() { return false; }
void multiply(Tensor&, const Tensor&, bool, const Tensor&, bool, double, double) {
  throw Error("no products of pairs");
}
Tensor panels_of(const Tensor&, bool) { throw Error("no products of pairs"); }
void multiply_panels(Tensor&, const Tensor&, const Tensor&, bool) { throw Error("no products of pairs"); }

#endif

}  // namespace heed::pair_product
