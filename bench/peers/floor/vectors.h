// Vectors of numbers, by the compiler's extension: they follow -march.
#pragma once

#include <cstdint>
#include <cstring>

namespace floors {

constexpr int W = 16;
typedef float vf __attribute__((vector_size(4 * W)));
typedef int32_t vi __attribute__((vector_size(4 * W)));

inline vf load(const float* p) {
  vf v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline void store(float* p, vf v) { std::memcpy(p, &v, sizeof v); }
inline vf all(float x) { return vf{} + x; }
inline vf vmin(vf a, vf b) { return a < b ? a : b; }
inline vf vmax(vf a, vf b) { return a > b ? a : b; }
inline float sum(vf v) {
  float s = 0;
  for (int i = 0; i < W; ++i) s += v[i];
  return s;
}

// e^x, relative error about 2e-7 within [-87,87]
inline vf vexp(vf x) {
  x = vmin(vmax(x, all(-87.0f)), all(87.0f));
  const vf magic = all(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
  const vf m = x * 1.44269504f + magic;
  const vf n = m - magic;
  const vf f = (x - n * 0.693145752f) - n * 1.42860677e-6f;
  vf p = all(1.9875691500e-4f);
  p = p * f + 1.3981999507e-3f;
  p = p * f + 8.3334519073e-3f;
  p = p * f + 4.1665795894e-2f;
  p = p * f + 1.6666665459e-1f;
  p = p * f + 5.0000001201e-1f;
  p = p * (f * f) + f + 1.0f;
  vi e = (vi)m;  // same bits
  e = (e + 127) << 23;
  return p * (vf)e;
}
inline vf vsigmoid(vf x) { return 1.0f / (1.0f + vexp(-x)); }
inline vf vtanh(vf x) { return 1.0f - 2.0f / (1.0f + vexp(x + x)); }

}  // namespace floors
