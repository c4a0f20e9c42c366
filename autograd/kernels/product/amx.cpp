#include "autograd/kernels/product/amx.h"

#include "autograd/base/error.h"

#if defined(__AVX512F__) && defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#define HEED_AMX __attribute__((target("amx-tile,amx-bf16,amx-int8")))
#endif

namespace heed::amx {
namespace {

thread_local int without = 0;

#ifdef HEED_AMX
// Whether the CPU says so, by its seventh list of what it can (not all compilers' __builtin_cpu_supports know the names).
bool can(unsigned bit) {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> bit & 1);
}
constexpr unsigned kBf16 = 22, kInt8 = 25;

// The tiles' contents are kilobytes for the system to save when it changes threads, so it wants to be asked.
bool permitted() {
  constexpr int ask_for = 0x1023, tile_data = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  static const bool answer = syscall(SYS_arch_prctl, ask_for, tile_data) == 0;
  return answer;
}

// Eight tiles of 16 rows of 64 bytes, while this lives.
class Tiles {
 public:
  HEED_AMX Tiles() {
    struct Shape {
      uint8_t palette = 1, start = 0, reserved[14] = {};
      uint16_t bytes_in_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    };
    // A constant: the intrinsic of g++ 12 says that it reads the first eight bytes alone, and of a variable the others
    // might never be written.
    alignas(64) static constexpr Shape shape;
    _tile_loadconfig(&shape);
  }
  HEED_AMX ~Tiles() { _tile_release(); }
  Tiles(const Tiles&) = delete;
  Tiles& operator=(const Tiles&) = delete;
};

constexpr int64_t kBlock = 2 * kSide;
static_assert(kWide<float> == kBlock || kVectorBytes != 64);

// sums [32, 32] = a [32, depth] times a panel [depth, 32]: four tiles of sums, 0 to 3, from two of each factor. If a has
// only 16 rows (`low`), it is the upper half. `fetch`: the next panel, which lies behind this, comes into the second-level
// cache meanwhile.
template <Numbers numbers>
HEED_AMX void sum_block(float* sums, const float* a, int64_t a_step, const float* panel, int64_t depth, bool low,
                        bool fetch) {
  constexpr int64_t row = sizeof(float);
  // The intrinsics of some compilers do not say that they read memory.
  asm volatile("" ::: "memory");
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (int64_t k = 0; k < depth; k += kSide, panel += kSide * kBlock) {
    if (fetch)
      for (int64_t line = 0; line < 2 * kSide; ++line)
        __builtin_prefetch(panel + depth * kBlock + line * kSide, 0, 2);
    _tile_loadd(6, panel, kBlock * row);
    _tile_loadd(7, panel + kSide, kBlock * row);
    _tile_loadd(4, a + k, a_step * row);
    if constexpr (numbers == Numbers::pairs) {
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 4, 7);
    } else {
      _tile_dpbusd(0, 4, 6);
      _tile_dpbusd(1, 4, 7);
    }
    if (low) continue;
    _tile_loadd(5, a + kSide * a_step + k, a_step * row);
    if constexpr (numbers == Numbers::pairs) {
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    } else {
      _tile_dpbusd(2, 5, 6);
      _tile_dpbusd(3, 5, 7);
    }
  }
  _tile_stored(0, sums, kBlock * row);
  _tile_stored(1, sums + kSide, kBlock * row);
  if (low) return;
  _tile_stored(2, sums + kSide * kBlock, kBlock * row);
  _tile_stored(3, sums + kSide * kBlock + kSide, kBlock * row);
}

template <Numbers numbers>
void multiply(float* c, int64_t c_step, const float* a, int64_t a_step, const float* panels, int64_t rows,
              int64_t depth, int64_t columns, bool add) {
  const Tiles tiles;
  alignas(64) float sums[kBlock * kBlock];
  Tile<float> to{};  // for store_row
  to.add = add;
  for (int64_t j = 0; j < columns; j += kBlock, panels += depth * kBlock) {
    to.width = std::min(columns - j, kBlock);
    for (int64_t i = 0; i < rows; i += kBlock) {
      const int64_t high = std::min(rows - i, kBlock);
      sum_block<numbers>(sums, a + i * a_step, a_step, panels, depth, high <= kSide, i == 0);
      for (int64_t r = 0; r < high; ++r)
        store_row(to, c + (i + r) * c_step + j, Vec<float>::load(sums + r * kBlock).lanes,
                  Vec<float>::load(sums + r * kBlock + kSide).lanes);
    }
  }
}
#endif

}  // namespace

Without::Without() { ++without; }
Without::~Without() { --without; }

int64_t filled_up(Numbers numbers, int64_t count) {
  return available(numbers) ? (count + kSide - 1) / kSide * kSide : count;
}

#ifdef HEED_AMX
bool available(Numbers numbers) {
  static const bool pairs = can(kBf16) && permitted();
  static const bool quads = can(kInt8) && permitted();
  return !without && (numbers == Numbers::pairs ? pairs : quads);
}

void multiply_panels(Numbers numbers, float* c, int64_t c_step, const float* a, int64_t a_step, const float* panels,
                     int64_t rows, int64_t depth, int64_t columns, bool add) {
  if (numbers == Numbers::pairs) multiply<Numbers::pairs>(c, c_step, a, a_step, panels, rows, depth, columns, add);
  else multiply<Numbers::quads>(c, c_step, a, a_step, panels, rows, depth, columns, add);
}
#else
bool available(Numbers) { return false; }
void multiply_panels(Numbers, float*, int64_t, const float*, int64_t, const float*, int64_t, int64_t, int64_t, bool) {
  throw Error("no products by tiles");
}
#endif

}  // namespace heed::amx
