// Additive attention outside its products, sentence by sentence.
#include <cblas.h>

#include <algorithm>
#include <cmath>

#include "floor.h"
#include "vectors.h"

extern "C" void openblas_set_num_threads(int);

namespace floors {
namespace {

// Buffers of the case, and its two passes over the sentences of one target step.
struct Attention {
  int B, S, A, C, T;
  std::vector<int> len, tlen;
  Buffer keys{size_t(B) * S * A, 1}, h{size_t(B) * S * C}, q{size_t(T) * B * A, 1}, v{size_t(A)},
      alpha{size_t(B) * T * S}, ctx{size_t(B) * T * C}, dctx{size_t(B) * T * C}, dkeys{size_t(B) * S * A},
      dq{size_t(T) * B * A}, dh{size_t(B) * S * C}, dv{size_t(16) * A};

  const float* keys_of(long b) const { return keys.p + b * S * A; }
  const float* annotations_of(long b) const { return h.p + b * S * C; }
  size_t query_at(int t, long b) const { return (size_t(t) * B + b) * A; }

  void align(const float* K, const float* Q, int n, float* al) const;
  void read(const float* Hb, const float* al, int n, float* c) const;
  void align_backward(const float* Hb, const float* al, const float* g, int n, float* ds) const;
  void scores_backward(const float* K, const float* Q, const float* ds, int n, float* gk, float* gq, float* gv) const;
  void forward(int t);
  void backward(int t);
  void annotations_backward();
};

// alpha = softmax(v^T tanh(q + k))
void Attention::align(const float* K, const float* Q, int n, float* al) const {
  float mx = -1e30f, s = 0;
  for (int i = 0; i < n; ++i) {
    vf acc = vf{};
    for (int j = 0; j < A; j += W) acc += load(v.p + j) * vtanh(load(K + size_t(i) * A + j) + load(Q + j));
    al[i] = sum(acc);
    mx = std::max(mx, al[i]);
  }
  for (int i = 0; i < n; ++i) s += al[i] = std::exp(al[i] - mx);
  for (int i = 0; i < n; ++i) al[i] /= s;
}

// The context, four annotations at a time: it is read and written once for the four.
void Attention::read(const float* Hb, const float* al, int n, float* c) const {
  std::memset(c, 0, size_t(C) * 4);
  int i = 0;
  for (; i + 4 <= n; i += 4) {
    const float* r = Hb + size_t(i) * C;
    for (int j = 0; j < C; j += W)
      store(c + j, load(c + j) + al[i] * load(r + j) + al[i + 1] * load(r + C + j) + al[i + 2] * load(r + 2 * C + j) +
                       al[i + 3] * load(r + 3 * C + j));
  }
  for (; i < n; ++i)
    for (int j = 0; j < C; j += W) store(c + j, load(c + j) + al[i] * load(Hb + size_t(i) * C + j));
}

// The gradient of the scores, from that of the context.
void Attention::align_backward(const float* Hb, const float* al, const float* g, int n, float* ds) const {
  float mean = 0;
  for (int i = 0; i < n; ++i) {
    vf acc{};
    for (int j = 0; j < C; j += W) acc += load(g + j) * load(Hb + size_t(i) * C + j);
    ds[i] = sum(acc);
    mean += ds[i] * al[i];
  }
  for (int i = 0; i < n; ++i) ds[i] = al[i] * (ds[i] - mean);
}

// The gradients of keys, query and v, from that of the scores; two keys at a time.
void Attention::scores_backward(const float* K, const float* Q, const float* ds, int n, float* gk, float* gq,
                                float* gv) const {
  std::memset(gq, 0, size_t(A) * 4);
  int i = 0;
  for (; i + 2 <= n; i += 2) {
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
  for (; i < n; ++i)
    for (int j = 0; j < A; j += W) {
      const vf u = vtanh(load(K + size_t(i) * A + j) + load(Q + j)), d = ds[i] * load(v.p + j) * (1.0f - u * u);
      store(gk + size_t(i) * A + j, load(gk + size_t(i) * A + j) + d);
      store(gq + j, load(gq + j) + d), store(gv + j, load(gv + j) + ds[i] * u);
    }
}

void Attention::forward(int t) {
  pool().run(B, [&](long b0, long b1, int) {
    for (long b = b0; b < b1; ++b) {
      if (t >= tlen[b]) continue;
      float* al = alpha.p + (b * T + t) * S;
      align(keys_of(b), q.p + query_at(t, b), len[b], al);
      read(annotations_of(b), al, len[b], ctx.p + (b * T + t) * C);
    }
  });
}

void Attention::backward(int t) {
  pool().run(B, [&](long b0, long b1, int id) {
    std::vector<float> ds(S);
    for (long b = b0; b < b1; ++b) {
      if (t >= tlen[b]) continue;
      const size_t at = b * T + t, query = query_at(t, b);
      align_backward(annotations_of(b), alpha.p + at * S, dctx.p + at * C, len[b], ds.data());
      scores_backward(keys_of(b), q.p + query, ds.data(), len[b], dkeys.p + b * S * A, dq.p + query,
                      dv.p + size_t(id) * A);
    }
  });
}

// One small product for each sentence, over all target steps.
void Attention::annotations_backward() {
  openblas_set_num_threads(1);
  pool().run(B, [&](long b0, long b1, int) {
    for (long b = b0; b < b1; ++b)
      cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, S, C, T, 1, alpha.p + b * T * S, S, dctx.p + b * T * C, C,
                  0, dh.p + b * S * C, C);
  });
  openblas_set_num_threads(settings().threads);
}

}  // namespace

void attention_case(const std::string& name, int B, int S, int A, int C, int T, const std::vector<int>& len,
                    const std::vector<int>& tlen, bool need_dh) {
  Attention a{B, S, A, C, T, len, tlen};
  double words = 0;
  for (int b = 0; b < B; ++b) words += double(tlen[b]) * len[b];
  report(name, "attention", "Gtanh/s", 2e-9 * words * A, [&] {
    std::memset(a.dkeys.p, 0, a.dkeys.n * 4);
    std::memset(a.dv.p, 0, a.dv.n * 4);
    for (int t = 0; t < T; ++t) a.forward(t);
    for (int t = T; t-- > 0;) a.backward(t);
    if (need_dh) a.annotations_backward();
  });
}

}  // namespace floors
