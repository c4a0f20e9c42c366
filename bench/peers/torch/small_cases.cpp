// Single operations: what everything else is made of.
#include "bench.h"

namespace peers {
namespace {

Case gemm_case(int64_t m, int64_t k, int64_t n) {
  Tensor a = uniform({m, k}, 1), b = uniform({k, n}, 1), c = torch::empty({m, n});
  Case r;
  r.unit = "GFLOP/s";
  r.items = 2e-9 * m * k * n;
  r.step = [=]() mutable {
    c10::InferenceMode guard;
    at::mm_out(c, a, b);
    return Tensor();
  };
  return r;
}

Case tape_case(at::IntArrayRef shape, bool y_needs_grad, bool in_place) {
  const int nodes = 1000;
  Tensor x0 = uniform(shape, 1).requires_grad_(true);
  Tensor y = uniform(shape, 0.1).requires_grad_(y_needs_grad);
  Case r;
  r.unit = "nodes/s";
  r.items = nodes;
  r.per_node = nodes;
  r.step = [=]() mutable {
    x0.mutable_grad().reset();
    y.mutable_grad().reset();
    Tensor x = x0;
    if (in_place)
      for (int i = 0; i < nodes; ++i) x = at::add(x, y).tanh_();
    else
      for (int i = 0; i < nodes; ++i) x = at::tanh(at::add(x, y));
    Tensor s = x.sum();
    s.backward();
    return s.detach();
  };
  return r;
}

Case conv_case(bool channels_last) {
  Tensor x = uniform({8, 64, 56, 56}, 1), w = uniform({64, 64, 3, 3}, 0.05), b = uniform({64}, 0.05);
  Tensor g = uniform({8, 64, 56, 56}, 1);
  if (channels_last) {
    x = x.contiguous(at::MemoryFormat::ChannelsLast);
    w = w.contiguous(at::MemoryFormat::ChannelsLast);
    g = g.contiguous(at::MemoryFormat::ChannelsLast);
  }
  x.requires_grad_(true);
  w.requires_grad_(true);
  b.requires_grad_(true);
  Case r;
  r.unit = "images/s";
  r.items = 8;
  r.step = [=]() mutable {
    for (Tensor* t : {&x, &w, &b}) t->mutable_grad().reset();
    Tensor y = at::conv2d(x, w, b, {1, 1}, {1, 1});
    y.backward(g);
    return Tensor();
  };
  return r;
}

Case ce_case(int64_t n, int64_t v) {
  Tensor x = uniform({n, v}, 3).requires_grad_(true);
  Tensor t = torch::randint(0, v, {n}, torch::kLong);
  Case r;
  r.unit = "rows/s";
  r.items = double(n);
  r.step = [=]() mutable {
    x.mutable_grad().reset();
    Tensor l = at::cross_entropy_loss(x, t);
    l.backward();
    return l.detach();
  };
  return r;
}

}  // namespace

void add_small_cases(std::vector<Entry>& to) {
  const int64_t sizes[][3] = {
      {64, 256, 1024}, {64, 512, 1536}, {80, 1000, 3000}, {512, 512, 512}, {1024, 1024, 1024}};
  for (const auto& s : sizes) {
    const int64_t m = s[0], k = s[1], n = s[2];
    to.push_back({"gemm_" + std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n), false,
                  [=] { return gemm_case(m, k, n); }});
  }
  to.push_back({"tape_1", false, [] { return tape_case({1}, true, false); }});
  to.push_back({"tape_1_yconst", false, [] { return tape_case({1}, false, false); }});
  to.push_back({"tape_64x256", false, [] { return tape_case({64, 256}, true, false); }});
  to.push_back({"tape_64x256_yconst", false, [] { return tape_case({64, 256}, false, false); }});
  to.push_back({"tape_1_inplace", false, [] { return tape_case({1}, true, true); }});
  to.push_back({"tape_64x256_inplace", false, [] { return tape_case({64, 256}, true, true); }});
  to.push_back({"conv3x3", false, [] { return conv_case(false); }});
  to.push_back({"conv3x3_nhwc", false, [] { return conv_case(true); }});
  to.push_back({"ce_1280x8000", false, [] { return ce_case(1280, 8000); }});
  to.push_back({"ce_2400x30000", false, [] { return ce_case(2400, 30000); }});
  to.push_back({"ce_in_place_1280x8000", false, [] { return ce_case(1280, 8000); }});  // it keeps the logits
}

}  // namespace peers
