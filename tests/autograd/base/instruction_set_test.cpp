// Which instructions the library runs on, and that a portable build (HEED_NATIVE=OFF) chooses right.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "autograd/base/simd.h"
#include "tests/catch.hpp"

using namespace heed;

namespace {

bool this_cpu_has(const std::string& simd) {
#if defined(__x86_64__)
  if (simd == "avx512") return __builtin_cpu_supports("avx512bw") != 0;
  if (simd == "avx2") return __builtin_cpu_supports("avx2") != 0;
  return simd == "sse2";
#else
  return simd == "neon" || simd == "plain";
#endif
}

}  // namespace

TEST_CASE("the instructions have a name", "[simd]") {
  const std::vector<std::string> names = {"avx512", "avx2", "avx", "sse2", "neon", "plain"};
  CHECK(std::find(names.begin(), names.end(), instruction_set()) != names.end());
}

// tests/CMakeLists.txt runs this with the loader told to use one variant of the library or
// the baseline, nothing else.
TEST_CASE("the loader takes the variant that it is allowed", "[simd]") {
  const char* allowed = std::getenv("HEED_TEST_SIMD");
  if (!allowed) return;
  CHECK(instruction_set() == (this_cpu_has(allowed) ? allowed : "sse2"));
}
