// One pass over memory each: cross entropy, Adam, and what the machine itself can do.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "floor.h"
#include "vectors.h"

namespace floors {

void ce_case(const std::string& name, int n, int V) {
  Buffer x(size_t(n) * V, 1);
  std::vector<float> loss(n);
  report(name, "ce", "GB/s", 8e-9 * n * V, [&] {
    pool().run(n, [&](long r0, long r1, int) {
      for (long r = r0; r < r1; ++r) {
        float* p = x.p + size_t(r) * V;
        vf mx = all(-1e30f), acc{};
        float m = -1e30f, s = 0;
        int j = 0;
        for (; j + W <= V; j += W) mx = vmax(mx, load(p + j));
        for (; j < V; ++j) m = std::max(m, p[j]);
        for (int i = 0; i < W; ++i) m = std::max(m, mx[i]);
        const float target = p[(r * 7919) % V];
        for (j = 0; j + W <= V; j += W) {
          const vf e = vexp(load(p + j) - m);
          store(p + j, e);
          acc += e;
        }
        for (; j < V; ++j) s += p[j] = std::exp(p[j] - m);
        s += sum(acc);
        loss[r] = std::log(s) + m - target;
        const float k = 1.0f / (s * n);
        for (j = 0; j + W <= V; j += W) store(p + j, load(p + j) * k);
        for (; j < V; ++j) p[j] *= k;
        p[(r * 7919) % V] -= 1.0f / n;
      }
    });
  });
}

void adam_case(const std::string& name, double count) {
  const long n = long(count / W) * W;
  Buffer p(n), g(n), m(n), v(n);
  for (long i = 0; i < n; ++i) v.p[i] = std::fabs(v.p[i]);
  int step = 0;
  report(name, "adam", "GB/s", 32e-9 * n, [&] {  // the norm reads g; Adam reads p, g, m, v and writes p, m, v
    ++step;
    double part[64] = {0};
    pool().run(n / W, [&](long a, long b, int id) {
      vf s0{}, s1{}, s2{}, s3{};
      long i = a * W;
      for (; i + 4 * W <= b * W; i += 4 * W) {
        const vf x0 = load(g.p + i), x1 = load(g.p + i + W), x2 = load(g.p + i + 2 * W), x3 = load(g.p + i + 3 * W);
        s0 += x0 * x0, s1 += x1 * x1, s2 += x2 * x2, s3 += x3 * x3;
      }
      for (; i < b * W; i += W) s0 += load(g.p + i) * load(g.p + i);
      part[id] = sum(s0 + s1 + s2 + s3);
    });
    double norm = 0;
    for (double x : part) norm += x;
    const float clip = float(std::min(1.0, 1.0 / (std::sqrt(norm) + 1e-6)));
    const float b1 = 0.9f, b2 = 0.999f, lr = 1e-3f, c1 = 1 - std::pow(b1, float(step)),
                c2 = 1 - std::pow(b2, float(step));
    const float rate = lr / c1, root = 1 / std::sqrt(c2);
    pool().run(n / W, [&](long a, long b, int) {
      for (long i = a * W; i < b * W; i += W) {
        const vf x = load(g.p + i) * clip;
        const vf mm = b1 * load(m.p + i) + (1 - b1) * x;
        const vf vv = b2 * load(v.p + i) + (1 - b2) * x * x;
        vf r;
        for (int k = 0; k < W; ++k) r[k] = __builtin_sqrtf(vv[k]);
        store(m.p + i, mm);
        store(v.p + i, vv);
        store(p.p + i, load(p.p + i) - rate * mm / (r * root + 1e-8f));
      }
    });
  });
}

void triad_case() {
  const long n = 32l << 20;
  Buffer a(n), b(n), c(n);
  report("triad", "triad", "GB/s", 12e-9 * n, [&] {
    pool().run(n / W, [&](long s, long e, int) {
      for (long i = s * W; i < e * W; i += W) store(a.p + i, load(b.p + i) + 0.5f * load(c.p + i));
    });
  });
}

void tanh_case() {
  const long n = 16384;  // stays in the first-level cache
  Buffer a(n * settings().threads, 2), b(n * settings().threads);
  report("tanh_in_cache", "tanh", "Gelem/s", 1e-9 * n * settings().threads * 100, [&] {
    pool().run(settings().threads, [&](long s, long e, int) {
      for (long t = s; t < e; ++t)
        for (int r = 0; r < 100; ++r)
          for (long i = t * n; i < (t + 1) * n; i += W) store(b.p + i, vtanh(load(a.p + i)));
    });
  });
}

bool self_check() {
  double worst_e = 0, worst_t = 0;
  for (int i = -20000; i <= 20000; ++i) {
    const float x = i * 1e-3f;
    worst_e = std::max(worst_e, std::fabs(double(vexp(all(x))[0]) / std::exp(double(x)) - 1));
    worst_t = std::max(worst_t, std::fabs(double(vtanh(all(x))[3]) - std::tanh(double(x))));
  }
  if (worst_e > 1e-6 || worst_t > 1e-6) {
    std::fprintf(stderr, "vector maths off: exp %.3g tanh %.3g\n", worst_e, worst_t);
    return false;
  }
  return true;
}

}  // namespace floors
