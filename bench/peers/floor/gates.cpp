// The GRU's and the LSTM's step outside its products: one pass forward, one backward.
#include "floor.h"
#include "vectors.h"

namespace floors {

void gates_case(const std::string& name, bool lstm, int B, int T, int H) {
  const int k = lstm ? 4 : 3, N = T * B;
  Buffer xp(size_t(N) * k * H, 1), hp(size_t(N) * k * H, 1), h(size_t(N + B) * H), c(size_t(N + B) * H),
      act(size_t(N) * 4 * H), dh(size_t(B) * H), dc(size_t(B) * H), dxp(size_t(N) * k * H),
      dhp(size_t(N) * k * H);
  auto fwd = [&](long t) {
    pool().run(B, [&](long b0, long b1, int) {
      for (long b = b0; b < b1; ++b) {
        const size_t r = size_t(t) * B + b;
        const float *x = xp.p + r * k * H, *y = hp.p + r * k * H;
        float *a = act.p + r * 4 * H, *h0 = h.p + r * H, *h1 = h.p + (r + B) * H, *c0 = c.p + r * H,
              *c1 = c.p + (r + B) * H;
        for (int j = 0; j < H; j += W) {
          if (lstm) {  // the product has already summed both parts (beta = 1): one operand
            const vf i = vsigmoid(load(x + j)), f = vsigmoid(load(x + H + j)),
                     o = vsigmoid(load(x + 2 * H + j)), g = vtanh(load(x + 3 * H + j));
            const vf cc = f * load(c0 + j) + i * g;
            store(a + j, i), store(a + H + j, f), store(a + 2 * H + j, o), store(a + 3 * H + j, g);
            store(c1 + j, cc), store(h1 + j, o * vtanh(cc));
          } else {
            const vf u = load(y + 2 * H + j);
            const vf rr = vsigmoid(load(x + j) + load(y + j)),
                     z = vsigmoid(load(x + H + j) + load(y + H + j));
            const vf n = vtanh(load(x + 2 * H + j) + rr * u);
            store(a + j, rr), store(a + H + j, z), store(a + 2 * H + j, n);
            store(h1 + j, n + z * (load(h0 + j) - n));
          }
        }
      }
    });
  };
  auto bwd = [&](long t) {
    pool().run(B, [&](long b0, long b1, int) {
      for (long b = b0; b < b1; ++b) {
        const size_t r = size_t(t) * B + b;
        const float *y = hp.p + r * k * H, *a = act.p + r * 4 * H, *h0 = h.p + r * H, *c0 = c.p + r * H,
                    *c1 = c.p + (r + B) * H;
        float *gx = dxp.p + r * k * H, *gh = dhp.p + r * k * H, *d = dh.p + b * H, *e = dc.p + b * H;
        for (int j = 0; j < H; j += W) {
          const vf g = load(d + j);
          if (lstm) {
            const vf i = load(a + j), f = load(a + H + j), o = load(a + 2 * H + j), u = load(a + 3 * H + j);
            const vf tc = vtanh(load(c1 + j));
            const vf q = load(e + j) + g * o * (1.0f - tc * tc);
            store(gx + j, q * u * i * (1.0f - i)), store(gx + H + j, q * load(c0 + j) * f * (1.0f - f));
            store(gx + 2 * H + j, g * tc * o * (1.0f - o)), store(gx + 3 * H + j, q * i * (1.0f - u * u));
            store(e + j, q * f);
          } else {
            const vf rr = load(a + j), z = load(a + H + j), n = load(a + 2 * H + j), u = load(y + 2 * H + j);
            const vf dn = g * (1.0f - z) * (1.0f - n * n), dz = g * (load(h0 + j) - n) * z * (1.0f - z),
                     dr = dn * u * rr * (1.0f - rr);
            store(gx + j, dr), store(gx + H + j, dz), store(gx + 2 * H + j, dn);
            store(gh + j, dr), store(gh + H + j, dz), store(gh + 2 * H + j, dn * rr);
            store(d + j, g * z);
          }
        }
      }
    });
  };
  const double per = lstm ? (4 + 1 + 4 + 1 + 1) + (2 + 4 + 2 + 4 + 1) : (6 + 1 + 3 + 1) + (1 + 3 + 2 + 6 + 1);
  report(name, "gates", "GB/s", 4e-9 * per * N * H, [&] {
    for (int t = 0; t < T; ++t) fwd(t);
    for (int t = T; t-- > 0;) bwd(t);
  });
}

}  // namespace floors
