// The matrix products of a training step, replayed.
#include <cblas.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "floor.h"

namespace floors {
namespace {

struct Plan {
  struct Call {
    bool ta, tb;
    int m, n, k;
    const float *a, *b;
    float* c;
    int lda, ldb, ldc;
    float beta;
  };
  std::map<std::string, Buffer> bufs;
  std::vector<Call> calls;
  double gflop = 0;

  float* get(const std::string& name, size_t n) {
    auto it = bufs.find(name);
    if (it == bufs.end()) it = bufs.emplace(name, Buffer(n)).first;
    if (it->second.n < n) {
      std::fprintf(stderr, "buffer %s too small\n", name.c_str());
      std::exit(1);
    }
    return it->second.p;
  }
  void add(bool ta, bool tb, int m, int n, int k, const float* a, const float* b, float* c, float beta = 0) {
    calls.push_back({ta, tb, m, n, k, a, b, c, ta ? m : k, tb ? k : n, n, beta});
    gflop += 2e-9 * m * n * k;
  }
  // y[rows,out] = x[rows,in] w[in,out], and its gradients
  void fwd(const std::string& w, int rows, int in, int out) {
    add(false, false, rows, out, in, get("x." + w, size_t(rows) * in), get("w." + w, size_t(in) * out),
        get("y." + w, size_t(rows) * out));
  }
  void bwd(const std::string& w, int rows, int in, int out, bool dx = true) {
    if (dx)
      add(false, true, rows, in, out, get("dy." + w, size_t(rows) * out), get("w." + w, size_t(in) * out),
          get("dx." + w, size_t(rows) * in));
    add(true, false, in, out, rows, get("x." + w, size_t(rows) * in), get("dy." + w, size_t(rows) * out),
        get("dw." + w, size_t(in) * out));
  }
  // one step of a product inside the recurrence; `at` rows before it, `rows` rows in it, `all` rows in total
  void fwd_step(const std::string& w, int at, int rows, int all, int in, int out) {
    add(false, false, rows, out, in, get("x." + w, size_t(all) * in) + size_t(at) * in,
        get("w." + w, size_t(in) * out), get("y." + w, size_t(all) * out) + size_t(at) * out);
  }
  void bwd_step(const std::string& w, int at, int rows, int all, int in, int out, bool naive) {
    const float* dy = get("dy." + w, size_t(all) * out) + size_t(at) * out;
    add(false, true, rows, in, out, dy, get("w." + w, size_t(in) * out),
        get("dx." + w, size_t(all) * in) + size_t(at) * in);
    if (naive)
      add(true, false, in, out, rows, get("x." + w, size_t(all) * in) + size_t(at) * in, dy,
          get("dw." + w, size_t(in) * out), 1);
  }
  void bwd_weights(const std::string& w, int all, int in, int out) {
    add(true, false, in, out, all, get("x." + w, size_t(all) * in), get("dy." + w, size_t(all) * out),
        get("dw." + w, size_t(in) * out));
  }
  void run() const {
    for (auto& c : calls)
      cblas_sgemm(CblasRowMajor, c.ta ? CblasTrans : CblasNoTrans, c.tb ? CblasTrans : CblasNoTrans, c.m, c.n, c.k,
                  1.0f, c.a, c.lda, c.b, c.ldb, c.beta, c.c, c.ldc);
  }
};

void plan_seq(Plan& p, int gates, bool naive) {
  const int B = 64, T = 30, I = 256, H = 512, G = gates * H;
  p.fwd("in", T * B, I, G);
  for (int t = 0; t < T; ++t) p.fwd_step("rec", t * B, B, T * B, H, G);
  for (int t = T; t-- > 0;) p.bwd_step("rec", t * B, B, T * B, H, G, naive);
  if (!naive) p.bwd_weights("rec", T * B, H, G);
  p.bwd("in", T * B, I, G);
}

std::vector<int> rows_per_step(const std::vector<int>& len, int steps, bool packed) {
  std::vector<int> r(steps, (int)len.size());
  if (packed)
    for (int t = 0; t < steps; ++t) r[t] = (int)std::count_if(len.begin(), len.end(), [&](int l) { return l > t; });
  return r;
}

// The products of RNNsearch's step, forward and backward, in the order of the step. The encoder is always packed
// (as in the LibTorch case); `pack_target` leaves out the target positions that are padding too.
struct NmtPlan {
  Plan& p;
  const NmtSize& z;
  bool naive;
  std::vector<int> src, tgt;
  int ns = 0, nt = 0;
  int C = 2 * z.He, Ge = 3 * z.He, G = 3 * z.H;

  NmtPlan(Plan& plan, const NmtSize& size, bool pack_target, bool step_by_step)
      : p(plan), z(size), naive(step_by_step) {
    src = rows_per_step(lengths(z.B, z.min_len, z.S), z.S, true);
    tgt = rows_per_step(lengths(z.B, z.min_len, z.T), z.T, pack_target);
    for (int r : src) ns += r;
    for (int r : tgt) nt += r;
  }
  void forward();
  void backward();
};

void NmtPlan::forward() {
  p.fwd("enc_in", ns, z.E, 2 * Ge);
  for (const char* d : {"enc_f", "enc_b"})
    for (int t = 0, at = 0; t < z.S; at += src[t++]) p.fwd_step(d, at, src[t], ns, z.He, Ge);
  p.fwd("keys", ns, C, z.A);
  p.fwd("init", z.B, z.He, z.H);
  p.fwd("word", nt, z.E, G);
  for (int t = 0, at = 0; t < z.T; at += tgt[t++]) {
    p.fwd_step("state", at, tgt[t], nt, z.H, G + z.A);
    p.fwd_step("ctx", at, tgt[t], nt, C, G);
  }
  p.fwd("deep", nt, z.H + z.E + C, 2 * z.M);
  p.fwd("out", nt, z.M, z.V);
}

void NmtPlan::backward() {
  p.bwd("out", nt, z.M, z.V);
  p.bwd("deep", nt, z.H + z.E + C, 2 * z.M);
  for (int t = z.T, at = nt; t-- > 0;) {
    at -= tgt[t];
    p.bwd_step("ctx", at, tgt[t], nt, C, G, naive);
    p.bwd_step("state", at, tgt[t], nt, z.H, G + z.A, naive);
  }
  if (!naive) {
    p.bwd_weights("ctx", nt, C, G);
    p.bwd_weights("state", nt, z.H, G + z.A);
  }
  p.bwd("word", nt, z.E, G);
  p.bwd("init", z.B, z.He, z.H);
  p.bwd("keys", ns, C, z.A);
  for (const char* d : {"enc_f", "enc_b"}) {
    for (int t = z.S, at = ns; t-- > 0;) {
      at -= src[t];
      p.bwd_step(d, at, src[t], ns, z.He, Ge, naive);
    }
    if (!naive) p.bwd_weights(d, ns, z.He, Ge);
  }
  p.bwd("enc_in", ns, z.E, 2 * Ge);
}

void plan_sat(Plan& p, bool naive) {
  const int B = 32, L = 196, D = 512, H = 512, A = 512, E = 512, V = 3000, T = 16, N = T * B;
  p.fwd("init", B, D, 2 * H);
  p.fwd("keys", B * L, D, A);
  p.fwd("word", N, E, 4 * H);
  for (int t = 0; t < T; ++t) {
    p.fwd_step("state", t * B, B, N, H, 4 * H + A);
    p.fwd_step("ctx", t * B, B, N, D, 4 * H);
  }
  p.fwd("deep", N, H + D, E);
  p.fwd("out", N, E, V);
  p.bwd("out", N, E, V);
  p.bwd("deep", N, H + D, E);
  for (int t = T; t-- > 0;) {
    p.bwd_step("ctx", t * B, B, N, D, 4 * H, naive);
    p.bwd_step("state", t * B, B, N, H, 4 * H + A, naive);
  }
  if (!naive) {
    p.bwd_weights("ctx", N, D, 4 * H);
    p.bwd_weights("state", N, H, 4 * H + A);
  }
  p.bwd("word", N, E, 4 * H);
  p.bwd("keys", B * L, D, A, false);  // the annotations are given
  p.bwd("init", B, D, 2 * H, false);
}

void both(const std::string& name, const std::function<void(Plan&, bool)>& make) {
  for (const bool naive : {false, true}) {
    Plan plan;
    make(plan, naive);
    report(name, naive ? "gemm_naive" : "gemm", "GFLOP/s", plan.gflop, [&] { plan.run(); });
  }
}

}  // namespace

std::vector<int> lengths(int batch, int lo, int hi) {
  std::vector<int> v(batch);
  for (int b = 0; b < batch; ++b) v[b] = hi - (b * (hi - lo + 1)) / batch;
  return v;
}

void sequence_products(const std::string& name, int gates) {
  both(name, [&](Plan& p, bool naive) { plan_seq(p, gates, naive); });
}
void translation_products(const std::string& name, const NmtSize& z, bool pack_target) {
  both(name, [&](Plan& p, bool naive) {
    NmtPlan nmt(p, z, pack_target, naive);
    nmt.forward();
    nmt.backward();
  });
}
void caption_products(const std::string& name) {
  both(name, [](Plan& p, bool naive) { plan_sat(p, naive); });
}

}  // namespace floors
