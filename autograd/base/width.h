// The width of a register, which is part of the name of everything that computes with registers.
//
// A program may be compiled for other registers than the library that it is linked with. Most of heed's loops
// are templates, so both hold some of the same ones, and a linker that finds two functions of one name keeps
// one of them: a loop that counts in steps of 16 numbers would then call one that counts in steps of 4. So
// whatever computes with registers stands in a namespace that is called after their width, which is part of
// the name that the linker sees:
//
//     namespace heed {
//     inline namespace HEED_WIDTH {          // width64: heed::exp(..) is heed::width64::exp(..)
//     ..
//     }
//     }
//
// A member template of a class that has no width takes one as a parameter (Optimizer::each). What crosses the
// border between program and library, tensors and pointers to numbers, is the same for both.
// tests/consumer/names.sh compares the names.
#pragma once

// With these options a compiler reorders sums and forgets infinities, and exp, log and tanh (simd.h) would be
// wrong without a word.
#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || __FINITE_MATH_ONLY__ == 1
#error "heed needs sums in the order written, infinities and NaN: leave out -ffast-math and -Ofast"
#endif

namespace heed {

#if defined(__AVX512F__)
#define HEED_WIDTH width64
constexpr int kVectorBytes = 64;
#elif defined(__AVX__)
#define HEED_WIDTH width32
constexpr int kVectorBytes = 32;
#else
#define HEED_WIDTH width16
constexpr int kVectorBytes = 16;
#endif

}  // namespace heed
