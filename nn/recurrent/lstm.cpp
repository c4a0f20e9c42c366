#include "nn/recurrent/lstm.h"

#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {

LstmCell::LstmCell(int64_t input, int64_t hidden, Rng& rng, bool bias)
    : weight_ih(init::fan_in_uniform({4 * hidden, input}, hidden, rng)),
      weight_hh(init::fan_in_uniform({4 * hidden, hidden}, hidden, rng)) {
  if (!bias) return;
  bias_ih = init::fan_in_uniform({4 * hidden}, hidden, rng);
  bias_hh = init::fan_in_uniform({4 * hidden}, hidden, rng);
}

Tensor LstmCell::project(const Tensor& x) const {
  return linear(x, weight_ih, bias_ih ? bias_ih + bias_hh : bias_ih);
}

State LstmCell::step(const Tensor& projected, const State& state) const {
  check_step("LstmCell", projected, state, 4, true);
  const std::vector<Tensor> a = chunk(linear_onto(projected, state.h, weight_hh), 4, 1);
  const auto gates = [](auto a_i, auto a_f, auto a_g, auto a_o, auto before) {
    auto i = sigmoid(a_i);
    auto f = sigmoid(a_f);
    auto g = tanh(a_g);
    auto o = sigmoid(a_o);
    auto memory = f * before + i * g;
    return std::tuple(o * tanh(memory), memory);
  };
  const auto [h, c] = zip("lstm", gates, a[0], a[1], a[2], a[3], state.c);
  return {h, c};
}

void add_forget_bias(const std::vector<NamedTensor>& parts, double amount) {
  for (const NamedTensor& part : parts) {
    if (part.name.find("bias_ih") == std::string::npos) continue;
    const int64_t units = part.tensor->size(0) / 4;
    Tensor of_forget = narrow(*part.tensor, 0, units, units);  // gates i, f, g, o
    copy_into(of_forget, of_forget + amount);
  }
}

}  // namespace heed
