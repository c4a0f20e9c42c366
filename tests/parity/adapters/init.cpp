// Adapters: the numbers that weights begin with, as far as they are not random.
#include "nn/layers/init.h"

#include "tests/parity/parity.h"

namespace heed::parity {
namespace {

Tensors run_gain(const Case& c) {
  const auto names = c.attr("names").get<std::vector<std::string>>();
  const Json& slopes = c.attr("params");
  std::vector<double> gains;
  for (size_t i = 0; i < names.size(); ++i)
    gains.push_back(slopes.at(i).is_null() ? init::gain(names[i]) : init::gain(names[i], slopes.at(i).get<double>()));
  return {{"gain", Tensor::from(gains, {static_cast<int64_t>(gains.size())}, c.dtype)}};
}

Tensors run_bounds(const Case& c) {
  const Shape shape(c.integers("shape"));
  const double gain = c.number("gain");
  const init::Fans fans = init::fans(shape);
  const auto number = [&](double value) { return Tensor::scalar(value, c.dtype); };
  return {
      {"fans", Tensor::from<int64_t>({fans.in, fans.out})},
      {"xavier_uniform_bound", number(init::xavier_uniform_bound(shape, gain))},
      {"xavier_normal_std", number(init::xavier_normal_sd(shape, gain))},
      {"kaiming_uniform_bound", number(init::kaiming_uniform_bound(shape))},
      {"kaiming_normal_std", number(init::kaiming_normal_sd(shape))},
      {"kaiming_normal_std_fan_out", number(init::kaiming_normal_sd(shape, init::Fan::out))},
  };
}

Tensors run_eye(const Case& c) {
  const auto [rows, columns] = c.pair("shape");
  return {{"y", init::eye(rows, columns, c.dtype)}};
}

Tensors run_constant(const Case& c) {
  return {{"y", init::constant(Shape(c.integers("shape")), c.number("value"), c.dtype)}};
}

Tensors run_forget_bias(const Case& c) {
  return {{"bias_ih", init::lstm_forget_bias(c.integer("hidden_size"), c.number("value"), c.dtype)}};
}

const Registry kInit = {
    {"init_gain", run_gain},
    {"init_bounds", run_bounds},
    {"init_eye", run_eye},
    {"init_constant", run_constant},
    {"init_lstm_forget_bias", run_forget_bias},
};

}  // namespace

const Registry& init_adapters() { return kInit; }

}  // namespace heed::parity
