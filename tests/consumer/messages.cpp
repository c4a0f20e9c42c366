// What a reader may try in a lambda given to zip. Each case but the first must fail to compile, with one
// message that says what to write (messages.sh compiles them).
#include "autograd/zip/zip.h"

using namespace heed;

Tensor tried(const Tensor& x) {
  const auto f = [](auto v) {
#if CASE == 0  // compiles
    return where(v != 0, where((v > 0) & !(v > 1), 1, -0.5) * abs(v), maximum(v, 0.0));
#elif CASE == 1  // where(condition, a, b)
    return v > 0 ? v : -v;
#elif CASE == 2  // where(condition, a, b)
    if (v > 0 && v < 1) return v;
    return -v;
#elif CASE == 3  // where(condition, a, b)
    return std::max(v, -v);
#elif CASE == 4  // without std::
    return std::abs(v);
#elif CASE == 5  // without std::
    return std::exp(v);
#elif CASE == 6  // without std::
    return std::max(v, 0.0);
#endif
  };
  return zip("tried", f, x);
}
