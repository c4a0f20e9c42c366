// The GRU's and the LSTM's step outside its products: one pass forward, one backward.
#include "floor.h"
#include "vectors.h"

namespace floors {
namespace {

// Where the numbers of one row and step lie; c0 and c1 are read by the LSTM only.
struct Row {
  const float *x, *y;  // the products with the input and with the state, [k H]
  float* act;          // what the gates came to, [4 H]
  const float *h0, *c0;
  float *h1, *c1;
  float *gx, *gh, *d, *e;  // the gradients of x, y, h and c
};

// The product has already summed both parts (beta = 1): one operand.
void lstm_forward(const Row& r, int H) {
  for (int j = 0; j < H; j += W) {
    const vf i = vsigmoid(load(r.x + j)), f = vsigmoid(load(r.x + H + j)), o = vsigmoid(load(r.x + 2 * H + j)),
             g = vtanh(load(r.x + 3 * H + j));
    const vf cc = f * load(r.c0 + j) + i * g;
    store(r.act + j, i), store(r.act + H + j, f), store(r.act + 2 * H + j, o), store(r.act + 3 * H + j, g);
    store(r.c1 + j, cc), store(r.h1 + j, o * vtanh(cc));
  }
}

void gru_forward(const Row& r, int H) {
  for (int j = 0; j < H; j += W) {
    const vf u = load(r.y + 2 * H + j);
    const vf rr = vsigmoid(load(r.x + j) + load(r.y + j)), z = vsigmoid(load(r.x + H + j) + load(r.y + H + j));
    const vf n = vtanh(load(r.x + 2 * H + j) + rr * u);
    store(r.act + j, rr), store(r.act + H + j, z), store(r.act + 2 * H + j, n);
    store(r.h1 + j, n + z * (load(r.h0 + j) - n));
  }
}

void lstm_backward(const Row& r, int H) {
  for (int j = 0; j < H; j += W) {
    const vf g = load(r.d + j);
    const vf i = load(r.act + j), f = load(r.act + H + j), o = load(r.act + 2 * H + j), u = load(r.act + 3 * H + j);
    const vf tc = vtanh(load(r.c1 + j));
    const vf q = load(r.e + j) + g * o * (1.0f - tc * tc);
    store(r.gx + j, q * u * i * (1.0f - i)), store(r.gx + H + j, q * load(r.c0 + j) * f * (1.0f - f));
    store(r.gx + 2 * H + j, g * tc * o * (1.0f - o)), store(r.gx + 3 * H + j, q * i * (1.0f - u * u));
    store(r.e + j, q * f);
  }
}

void gru_backward(const Row& r, int H) {
  for (int j = 0; j < H; j += W) {
    const vf g = load(r.d + j);
    const vf rr = load(r.act + j), z = load(r.act + H + j), n = load(r.act + 2 * H + j), u = load(r.y + 2 * H + j);
    const vf dn = g * (1.0f - z) * (1.0f - n * n), dz = g * (load(r.h0 + j) - n) * z * (1.0f - z),
             dr = dn * u * rr * (1.0f - rr);
    store(r.gx + j, dr), store(r.gx + H + j, dz), store(r.gx + 2 * H + j, dn);
    store(r.gh + j, dr), store(r.gh + H + j, dz), store(r.gh + 2 * H + j, dn * rr);
    store(r.d + j, g * z);
  }
}

}  // namespace

void gates_case(const std::string& name, bool lstm, int B, int T, int H) {
  const int k = lstm ? 4 : 3, N = T * B;
  Buffer xp(size_t(N) * k * H, 1), hp(size_t(N) * k * H, 1), h(size_t(N + B) * H), c(size_t(N + B) * H),
      act(size_t(N) * 4 * H), dh(size_t(B) * H), dc(size_t(B) * H), dxp(size_t(N) * k * H), dhp(size_t(N) * k * H);
  const auto row = [&](long t, long b) {
    const size_t r = size_t(t) * B + b, in = r * k * H;
    return Row{xp.p + in,         hp.p + in,  act.p + r * 4 * H, h.p + r * H,  c.p + r * H, h.p + (r + B) * H,
               c.p + (r + B) * H, dxp.p + in, dhp.p + in,        dh.p + b * H, dc.p + b * H};
  };
  const auto each_row = [&](long t, void (*pass)(const Row&, int)) {
    pool().run(B, [&](long b0, long b1, int) {
      for (long b = b0; b < b1; ++b) pass(row(t, b), H);
    });
  };
  const double per = lstm ? (4 + 1 + 4 + 1 + 1) + (2 + 4 + 2 + 4 + 1) : (6 + 1 + 3 + 1) + (1 + 3 + 2 + 6 + 1);
  report(name, "gates", "GB/s", 4e-9 * per * N * H, [&] {
    for (int t = 0; t < T; ++t) each_row(t, lstm ? lstm_forward : gru_forward);
    for (int t = T; t-- > 0;) each_row(t, lstm ? lstm_backward : gru_backward);
  });
}

}  // namespace floors
