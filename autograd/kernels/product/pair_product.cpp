#include "autograd/kernels/product/pair_product.h"

#if defined(__AVX512F__) && defined(__x86_64__)
#include <immintrin.h>

#include <cstring>
#define HEED_TILE_TARGET __attribute__((target("avx512bf16")))
#endif

#include "autograd/base/error.h"
#include "autograd/kernels/product/amx.h"
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

// So many pairs hold a sum's numbers, the last ones filled up with 0.
int64_t pairs_in(int64_t numbers) { return amx::filled_up(amx::Numbers::pairs, (numbers + 1) / 2); }

// `count` numbers and 0 behind them; none if count is not above 0.
V load_some(const float* from, int64_t count) {
  if (count >= V::width) return V::load(from);
  return count > 0 ? V::load(from, static_cast<int>(count)).first(static_cast<int>(count)) : V(0.0f);
}
void store_some(V x, float* to, int64_t count) {
  if (count >= V::width) x.store(to);
  else std::memcpy(to, &x.lanes, static_cast<size_t>(count) * sizeof(float));
}

// Two registers rounded, one behind the other in one.
HEED_INLINE HEED_TILE_TARGET V rounded(V first, V second) {
  return reinterpret_cast<V::Number>(_mm512_cvtne2ps_pbh(second.lanes, first.lanes));
}

// to [rows, pairs] = pairs of numbers that lie beside each other.
HEED_TILE_TARGET void pair_rows(float* to, const float* from, int64_t step, int64_t rows, int64_t depth) {
  const int64_t pairs = pairs_in(depth);
  for (int64_t i = 0; i < rows; ++i, from += step, to += pairs)
    for (int64_t p = 0; p < pairs; p += V::width) {
      const float* const next = from + 2 * p;
      store_some(rounded(load_some(next, depth - 2 * p), load_some(next + V::width, depth - 2 * p - V::width)),
                 to + p, pairs - p);
    }
}

// to [pairs, columns] = pairs of numbers that lie below each other.
HEED_TILE_TARGET void pair_columns(float* to, int64_t to_step, const float* from, int64_t step, int64_t depth,
                                   int64_t columns) {
  alignas(kVectorBytes) int16_t order[2 * V::width];
  for (int i = 0; i < V::width; ++i)
    order[2 * i] = static_cast<int16_t>(i), order[2 * i + 1] = static_cast<int16_t>(i + V::width);
  const __m512i in_pairs = _mm512_load_si512(order);
  const int64_t pairs = pairs_in(depth);
  for (int64_t p = 0; p < pairs; ++p, from += 2 * step, to += to_step)
    for (int64_t j = 0; j < columns; j += V::width) {
      const int64_t upper = 2 * p < depth ? columns - j : 0, lower = 2 * p + 1 < depth ? columns - j : 0;
      const V both = rounded(load_some(from + j, upper), load_some(from + step + j, lower));
      const __m512i mixed = _mm512_permutexvar_epi16(in_pairs, reinterpret_cast<__m512i>(both.lanes));
      store_some(reinterpret_cast<V::Number>(mixed), to + j, columns - j);
    }
}

// to [rows, pairs] of a left-hand factor [rows, depth]. One of its steps is 1.
void pair_left(float* to, const Operand<float>& a, int64_t rows, int64_t depth) {
  if (a.column_step == 1) return pair_rows(to, a.numbers, a.row_step, rows, depth);
  const int64_t pairs = pairs_in(depth);
  Tensor room;
  float* const turned = room_for<float>(room, pairs * rows);
  pair_columns(turned, rows, a.numbers, a.column_step, depth, rows);
  transpose_into(to, pairs, turned, rows, pairs, rows);
}

// The panels (panels.h) of `depth` rows, at most kDeep, of all columns of a right-hand factor. One of its steps is 1.
void pair_panels(float* to, const Operand<float>& b, int64_t depth, int64_t columns) {
  constexpr int64_t wide = kWide<float>;
  const int64_t pairs = pairs_in(depth);
  Tensor room;
  float* const turned = b.column_step == 1 ? nullptr : room_for<float>(room, pairs * wide);
  for (int64_t j = 0; j < columns; j += wide, to += pairs * wide) {
    const int64_t width = std::min(columns - j, wide);
    const float* const from = b.from(0, j).numbers;
    if (width < wide) std::fill_n(to, pairs * wide, 0.0f);
    if (!turned) {
      pair_columns(to, wide, from, b.row_step, depth, width);
    } else {
      pair_rows(turned, from, b.column_step, width, depth);
      transpose_into(to, wide, turned, pairs, width, pairs);
    }
  }
}

// factor x, with a step of 1 along its rows or its columns.
Tensor readable(const Tensor& x, double factor) {
  const bool as_it_is = x.strides()[0] == 1 || x.strides()[1] == 1;
  if (factor == 1 && as_it_is) return x;
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  copy_into(y, x);
  scale(y.mutable_data<float>(), y.size(1), y.size(0), y.size(1), static_cast<float>(factor));
  return y;
}

// c [rows, columns] by panels of `depth` numbers in each column, from rows of pairs.
void multiply_block(float* c, int64_t c_step, const float* pairs, const float* panels, int64_t rows, int64_t depth,
                    int64_t columns, bool add) {
  const int64_t in_row = pairs_in(depth);
  if (amx::available(amx::Numbers::pairs))
    return amx::multiply_panels(amx::Numbers::pairs, c, c_step, pairs, in_row, panels, rows, in_row, columns, add);
  heed::multiply_panels<Pair>(c, c_step, pairs, in_row, panels, rows, in_row, columns, add);
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
  const Tensor factor = readable(a, alpha), other = readable(b, 1);
  const Operand<float> left(factor, transpose_a), right(other, transpose_b);
  float* const to = c.mutable_data<float>();
  if (k == 0 || (beta != 0 && beta != 1)) scale(to, c_step, m, n, static_cast<float>(beta));
  const int64_t deepest = pairs_in(std::min(k, kDeep));
  Tensor panel_room, pair_room;
  float* const panels = room_for<float>(panel_room, deepest * in_panels<float>(n));
  float* const pairs = room_for<float>(pair_room, deepest * amx::filled_up(amx::Numbers::pairs, std::min(m, kHigh)));
  each_depth(k, [&](int64_t first, int64_t depth) {
    pair_panels(panels, right.from(first, 0), depth, n);
    for (int64_t i = 0; i < m; i += kHigh) {
      const int64_t high = std::min(m - i, kHigh);
      pair_left(pairs, left.from(i, first), high, depth);
      multiply_block(to + i * c_step, c_step, pairs, panels, high, depth, n, beta != 0 || first > 0);
    }
  });
}

Tensor panels_of(const Tensor& weight, bool transposed) {
  const Tensor numbers = readable(weight, 1);
  const Operand<float> b(numbers, transposed);
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
  float* const pairs = room_for<float>(
      pair_room, pairs_in(std::min(k, kDeep)) * amx::filled_up(amx::Numbers::pairs, std::min(m, kHigh)));
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
