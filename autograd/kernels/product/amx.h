// Products by the tiles of AMX (Intel since Sapphire Rapids): registers of 16 rows of 16 numbers of 32 bits, and an
// instruction that multiplies two whole tiles, 16 times what one on registers does. (One core of a Sapphire Rapids: 620
// GFlop/s in bf16, 150 in f32.) A number holds two that follow each other in a sum in bf16, four in 8 bits, as in
// pair_product.h and int8_product.h, whose panels (panels.h) are read as they lie: two tiles wide.
#pragma once

#include <cstdint>

#include "autograd/kernels/product/panels.h"

namespace heed::amx {

// So many numbers has a tile to a side; what is multiplied is filled up to a multiple of it: with 0 along
// the sums, with anything across them.
constexpr int64_t kSide = 16;

enum class Numbers { pairs, quads };  // of bf16; of bytes, of which those of a are from 0 to 255

// Whether this CPU can, and the system lets this process.
bool available(Numbers numbers);
// So many numbers of a side fill whole tiles; `count` of them if there are no tiles.
int64_t filled_up(Numbers numbers, int64_t count);

// While this lives, in the thread that made it, nothing is available: for tests of what other CPUs do.
class Without {
 public:
  Without();
  ~Without();
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;
};

// c [rows, columns] = a [rows, depth] times panels of `depth` rows, as heed::multiply_panels; or that is added to c, in f32.
// a has room for rows filled up. depth is a multiple of kSide.
void multiply_panels(Numbers numbers, float* c, int64_t c_step, const float* a, int64_t a_step, const float* panels,
                     int64_t rows, int64_t depth, int64_t columns, bool add);

}  // namespace heed::amx
