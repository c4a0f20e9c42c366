// Additive attention outside its products, sentence by sentence.
#include <cblas.h>

#include <algorithm>
#include <cmath>

#include "floor.h"
#include "vectors.h"

extern "C" void openblas_set_num_threads(int);

namespace floors {

// need_dh: also the gradient of the annotations (one small product per sentence, over all target steps)
void attention_case(const std::string& name, int B, int S, int A, int C, int T, const std::vector<int>& len,
                    const std::vector<int>& tlen, bool need_dh) {
  Buffer keys(size_t(B) * S * A, 1), h(size_t(B) * S * C), q(size_t(T) * B * A, 1), v(A),
      alpha(size_t(B) * T * S), ctx(size_t(B) * T * C), dctx(size_t(B) * T * C), dkeys(size_t(B) * S * A),
      dq(size_t(T) * B * A), dh(size_t(B) * S * C), dv(size_t(16) * A);
  auto fwd = [&](int t) {
    pool().run(B, [&](long b0, long b1, int) {
      for (long b = b0; b < b1; ++b) {
        if (t >= tlen[b]) continue;
        const float *K = keys.p + b * S * A, *Q = q.p + (size_t(t) * B + b) * A, *Hb = h.p + b * S * C;
        float *al = alpha.p + (b * T + t) * S, *c = ctx.p + (b * T + t) * C;
        float mx = -1e30f, s = 0;
        for (int i = 0; i < len[b]; ++i) {
          vf acc = vf{};
          for (int j = 0; j < A; j += W)
            acc += load(v.p + j) * vtanh(load(K + size_t(i) * A + j) + load(Q + j));
          al[i] = sum(acc);
          mx = std::max(mx, al[i]);
        }
        for (int i = 0; i < len[b]; ++i) s += al[i] = std::exp(al[i] - mx);
        for (int i = 0; i < len[b]; ++i) al[i] /= s;
        std::memset(c, 0, size_t(C) * 4);
        int i = 0;
        for (; i + 4 <= len[b];
             i += 4) {  // four rows at a time: the context is read and written once for the four
          const float* r = Hb + size_t(i) * C;
          for (int j = 0; j < C; j += W)
            store(c + j, load(c + j) + al[i] * load(r + j) + al[i + 1] * load(r + C + j) +
                             al[i + 2] * load(r + 2 * C + j) + al[i + 3] * load(r + 3 * C + j));
        }
        for (; i < len[b]; ++i)
          for (int j = 0; j < C; j += W) store(c + j, load(c + j) + al[i] * load(Hb + size_t(i) * C + j));
      }
    });
  };
  auto bwd = [&](int t) {
    pool().run(B, [&](long b0, long b1, int id) {
      std::vector<float> ds(S);
      for (long b = b0; b < b1; ++b) {
        if (t >= tlen[b]) continue;
        const float *K = keys.p + b * S * A, *Q = q.p + (size_t(t) * B + b) * A, *Hb = h.p + b * S * C;
        const float *al = alpha.p + (b * T + t) * S, *g = dctx.p + (b * T + t) * C;
        float *gk = dkeys.p + b * S * A, *gq = dq.p + (size_t(t) * B + b) * A, *gv = dv.p + size_t(id) * A,
              mean = 0;
        for (int i = 0; i < len[b]; ++i) {
          vf acc{};
          for (int j = 0; j < C; j += W) acc += load(g + j) * load(Hb + size_t(i) * C + j);
          ds[i] = sum(acc);
          mean += ds[i] * al[i];
        }
        for (int i = 0; i < len[b]; ++i) ds[i] = al[i] * (ds[i] - mean);
        std::memset(gq, 0, size_t(A) * 4);
        int i = 0;
        for (; i + 2 <= len[b]; i += 2) {
          const float *k0 = K + size_t(i) * A, *k1 = k0 + A;
          float *g0 = gk + size_t(i) * A, *g1 = g0 + A;
          for (int j = 0; j < A; j += W) {
            const vf qq = load(Q + j), vv = load(v.p + j);
            const vf u0 = vtanh(load(k0 + j) + qq), u1 = vtanh(load(k1 + j) + qq);
            const vf d0 = ds[i] * vv * (1.0f - u0 * u0), d1 = ds[i + 1] * vv * (1.0f - u1 * u1);
            store(g0 + j, load(g0 + j) + d0), store(g1 + j, load(g1 + j) + d1);
            store(gq + j, load(gq + j) + d0 + d1), store(gv + j, load(gv + j) + ds[i] * u0 + ds[i + 1] * u1);
          }
        }
        for (; i < len[b]; ++i)
          for (int j = 0; j < A; j += W) {
            const vf u = vtanh(load(K + size_t(i) * A + j) + load(Q + j)),
                     d = ds[i] * load(v.p + j) * (1.0f - u * u);
            store(gk + size_t(i) * A + j, load(gk + size_t(i) * A + j) + d);
            store(gq + j, load(gq + j) + d), store(gv + j, load(gv + j) + ds[i] * u);
          }
      }
    });
  };
  double words = 0;
  for (int b = 0; b < B; ++b) words += double(tlen[b]) * len[b];
  report(name, "attention", "Gtanh/s", 2e-9 * words * A, [&] {
    std::memset(dkeys.p, 0, dkeys.n * 4);
    std::memset(dv.p, 0, dv.n * 4);
    for (int t = 0; t < T; ++t) fwd(t);
    for (int t = T; t-- > 0;) bwd(t);
    if (need_dh) {
      openblas_set_num_threads(1);
      pool().run(B, [&](long b0, long b1, int) {
        for (long b = b0; b < b1; ++b)
          cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, S, C, T, 1, alpha.p + b * T * S, S,
                      dctx.p + b * T * C, C, 0, dh.p + b * S * C, C);
      });
      openblas_set_num_threads(settings().threads);
    }
  });
}

}  // namespace floors
