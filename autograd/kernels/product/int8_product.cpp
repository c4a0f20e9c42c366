#include "autograd/kernels/product/int8_product.h"

#if defined(__AVX512F__) && defined(__x86_64__)
#include <immintrin.h>
#define HEED_TILE_TARGET __attribute__((target("avx512vnni")))
#define HEED_HAS_QUADS 1
#endif

#include <cstring>
#include <limits>

#include "autograd/base/error.h"
#include "autograd/kernels/product/amx.h"
#include "autograd/kernels/product/operand.h"
#include "autograd/kernels/product/panels.h"
#include "autograd/kernels/registers.h"

namespace heed {
namespace {

using V = Vec<float>;
constexpr float kMost = 127;
static_assert(kMost * kMost * kDeep < 0x1p24f && 255 * kMost * kDeep < 0x1p24f, "f32 must hold a block's sum");

// So many quads hold a sum's numbers.
int64_t quads_in(int64_t numbers) { return amx::filled_up(amx::Numbers::quads, (numbers + 3) / 4); }

// The largest magnitude of a row, or NaN if one is in it. Without their signs the bits of numbers are in the order of the
// numbers, and NaN is above infinity.
float largest_of(const float* row, int64_t n) {
  V::Bits largest{};
  each_register<float>(0, n, [&](auto at) {
    const V::Bits bits = simd::to_bits(abs(at.load(row)));
    largest = bits > largest ? bits : largest;
  });
  int32_t found = 0;
  for (int lane = 0; lane < V::width; ++lane) found = std::max(found, largest[lane]);
  float magnitude;
  std::memcpy(&magnitude, &found, sizeof found);
  return magnitude;
}

// What a row of this largest magnitude is multiplied by; of a smaller one than 1e-36 it would be infinite.
float inverse_of(float largest) { return largest > 1e-36f ? kMost / largest : 0; }

// to [n] = the row in whole numbers. Returns their scale. The product is stored before anything is added to it: else
// CPUs that multiply and add at once would round otherwise than others.
float whole_row(float* to, const float* row, int64_t n) {
  const float largest = largest_of(row, n);
  if (!std::isfinite(largest)) {
    std::fill_n(to, n, 0.0f);
    return std::numeric_limits<float>::quiet_NaN();
  }
  const V inverse(inverse_of(largest));
  each_register<float>(0, n, [&](auto at) { at.store(to, at.load(row) * inverse); });
  const V half_way(0x1.8p23f);  // adding it rounds to the nearest, ties to even
  each_register<float>(0, n, [&](auto at) { at.store(to, at.load(to) + half_way - half_way); });
  return largest / kMost;
}

#ifdef HEED_HAS_QUADS
// What the tile does with four bytes of each factor: those of a are from 0 to 255.
struct Quad {
  HEED_INLINE HEED_TILE_TARGET static V::Number factor(const float* at) {
    int32_t quad;
    std::memcpy(&quad, at, sizeof quad);
    return reinterpret_cast<V::Number>(quad - V::Bits{});
  }
  HEED_INLINE HEED_TILE_TARGET static V::Number add(V::Number sum, V::Number factor, V::Number b) {
    return reinterpret_cast<V::Number>(_mm512_dpbusd_epi32(
        reinterpret_cast<__m512i>(sum), reinterpret_cast<__m512i>(factor), reinterpret_cast<__m512i>(b)));
  }
};

// to [quads] = q + 128 of a row's whole numbers q, as whole_row() has them, in one pass; the last quads are filled up
// with q = 0. Returns their scale.
float quad_row(float* to, const float* row, int64_t n) {
  typedef uint8_t Bytes __attribute__((vector_size(kVectorBytes / 4)));
  auto* const bytes = reinterpret_cast<uint8_t*>(to);
  const float largest = largest_of(row, n);
  const bool finite = std::isfinite(largest);
  std::fill_n(bytes, 4 * quads_in(n), uint8_t{128});
  if (finite) {
    const V inverse(inverse_of(largest));
    each_register<float>(0, n, [&](auto at) {
      V::Bits whole;
      asm("vcvtps2dq %1, %0" : "=v"(whole) : "v"((at.load(row) * inverse).lanes));  // to the nearest, ties to even
      const auto next = __builtin_convertvector(whole + 128, Bytes);
      std::memcpy(bytes + at.offset, &next, static_cast<size_t>(at.count));
    });
  }
  return finite ? largest / kMost : std::numeric_limits<float>::quiet_NaN();
}

// As scale_sums() has it, of sums that are whole numbers in the bits of f32, and that are kept; in one pass.
void scale_whole_sums(float* c, const float* sums, const float* offsets, float r, const float* s, int64_t columns,
                      bool add) {
  each_register<float>(0, columns, [&](auto at) {
    const auto whole = reinterpret_cast<V::Bits>(at.load(sums).lanes);
    V product = V(r) * at.load(s) * (V(__builtin_convertvector(whole, V::Number)) - at.load(offsets));
    asm("" : "+v"(product.lanes));  // rounded before anything is added
    at.store(c, add ? at.load(c) + product : product);
  });
}

// The panels of `depth` rows of whole numbers, at most kDeep, and 128 times the sum of each column.
void quad_panels(float* to, float* offsets, const Operand<float>& whole, int64_t depth, int64_t columns) {
  constexpr int64_t wide = kWide<float>;
  Tensor room;
  float* const panel = room_for<float>(room, 4 * quads_in(depth) * wide);
  std::fill_n(panel + depth * wide, (4 * quads_in(depth) - depth) * wide, 0.0f);
  for (int64_t j = 0; j < columns; j += wide) {
    const int64_t width = std::min(columns - j, wide);
    fill_panel(panel, whole.from(0, j).numbers, whole.row_step, whole.column_step, depth, width);
    for (int64_t i = 0; i < width; ++i) {
      offsets[j + i] = 0;
      for (int64_t k = 0; k < depth; ++k) offsets[j + i] += 128 * panel[k * wide + i];
    }
    for (int64_t k = 0; k < 4 * quads_in(depth); k += 4)
      for (int64_t half = 0; half < wide; half += V::width, to += V::width) {
        V::Bits quad{};
        for (int byte = 0; byte < 4; ++byte)
          quad |= (__builtin_convertvector(V::load(panel + (k + byte) * wide + half).lanes, V::Bits) & 255)
                  << 8 * byte;
        V(reinterpret_cast<V::Number>(quad)).store(to);
      }
  }
}

void sum_quads(float* sums, int64_t step, const float* quads, int64_t quads_step, const float* panels, int64_t rows,
               int64_t depth, int64_t columns) {
  const int64_t in_row = quads_in(depth);
  if (amx::available(amx::Numbers::quads))
    return amx::multiply_panels(amx::Numbers::quads, sums, step, quads, quads_step, panels, rows, in_row, columns,
                                false);
  multiply_panels<Quad>(sums, step, quads, quads_step, panels, rows, in_row, columns, false);
}
#else
float quad_row(float*, const float*, int64_t) { return 0; }
void scale_whole_sums(float*, const float*, const float*, float, const float*, int64_t, bool) {}
void quad_panels(float*, float*, const Operand<float>&, int64_t, int64_t) {}
void sum_quads(float*, int64_t, const float*, int64_t, const float*, int64_t, int64_t, int64_t) {}
#endif

// c = r s sums, or that is added; sums are used up. Each product is stored before it is added, as above.
void scale_sums(float* c, float* sums, float r, const float* s, int64_t columns, bool add) {
  float* const to = add ? sums : c;
  each_register<float>(0, columns, [&](auto at) { at.store(to, V(r) * at.load(s) * at.load(sums)); });
  if (add) add_row(c, sums, columns);
}

}  // namespace

bool Int8Matrix::quads_available() {
#ifdef HEED_HAS_QUADS
  static const bool answer = __builtin_cpu_supports("avx512vnni");
  return answer;
#else
  return false;
#endif
}

Int8Matrix::Int8Matrix(const Tensor& weight, bool transposed, bool quads)
    : inner_(weight.size(transposed ? 1 : 0)),
      outer_(weight.size(transposed ? 0 : 1)),
      quads_(quads),
      scales_(Tensor::empty({outer_})) {
  if (quads && !quads_available()) throw Error("this CPU multiplies no quads of bytes");
  const auto& steps = weight.strides();
  const Tensor columns =
      densify(transposed ? weight : weight.view({outer_, inner_}, {steps[1], steps[0]}));  // of op(weight), as rows
  Tensor whole = Tensor::empty({outer_, inner_});
  for (int64_t j = 0; j < outer_; ++j)
    scales_.mutable_data<float>()[j] =
        whole_row(whole.mutable_data<float>() + j * inner_, columns.data<float>() + j * inner_, inner_);
  const Operand<float> b(whole, true);
  const int64_t wide = in_panels<float>(outer_), blocks = (inner_ + kDeep - 1) / kDeep;
  panels_ = Tensor::empty({quads_ ? quads_in(inner_) : inner_, wide});
  if (quads_) offsets_ = Tensor::empty({blocks, outer_});
  for (int64_t k = 0; k < inner_; k += kDeep) {
    const int64_t depth = std::min(inner_ - k, kDeep);
    float* const to = panels_.mutable_data<float>() + (quads_ ? k / 4 : k) * wide;
    if (quads_) quad_panels(to, offsets_.mutable_data<float>() + k / kDeep * outer_, b.from(k, 0), depth, outer_);
    else fill_panels(to, b.from(k, 0).numbers, b.row_step, b.column_step, depth, outer_);
  }
}

void Int8Matrix::multiply(Tensor& c, const Tensor& a, bool add) const {
  const int64_t m = a.size(0), highest = std::min(m, kHigh), wide = panels_.size(1);
  Tensor whole_room, quad_room, sum_room;
  float* const whole = quads_ ? nullptr : room_for<float>(whole_room, highest * inner_);
  const int64_t quad_rows = amx::filled_up(amx::Numbers::quads, highest);
  float* const quads = quads_ ? room_for<float>(quad_room, quad_rows * quads_in(inner_)) : nullptr;
  float* const sums = room_for<float>(sum_room, highest * outer_);
  float r[kHigh];
  for (int64_t first = 0; first < m; first += kHigh) {
    const int64_t rows = std::min(m - first, kHigh);
    for (int64_t i = 0; i < rows; ++i) {
      const float* const row = a.data<float>() + (first + i) * a.strides()[0];
      r[i] =
          quads_ ? quad_row(quads + i * quads_in(inner_), row, inner_) : whole_row(whole + i * inner_, row, inner_);
    }
    for (int64_t k = 0; k < inner_; k += kDeep) {
      const int64_t depth = std::min(inner_ - k, kDeep);
      const float* const panels = panels_.data<float>() + (quads_ ? k / 4 : k) * wide;
      if (quads_) sum_quads(sums, outer_, quads + k / 4, quads_in(inner_), panels, rows, depth, outer_);
      else multiply_panels<Single<float>>(sums, outer_, whole + k, inner_, panels, rows, depth, outer_, false);
      for (int64_t i = 0; i < rows; ++i) {
        float* const to = c.mutable_data<float>() + (first + i) * c.strides()[0];
        const bool onto = add || k > 0;
        if (quads_)
          scale_whole_sums(to, sums + i * outer_, offsets_.data<float>() + k / kDeep * outer_, r[i],
                           scales_.data<float>(), outer_, onto);
        else scale_sums(to, sums + i * outer_, r[i], scales_.data<float>(), outer_, onto);
      }
    }
  }
}

}  // namespace heed
