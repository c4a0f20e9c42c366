// Adapters: elementwise operations, and graphs that use a value more than once.
#include "autograd/zip/elementwise.h"

#include <limits>

#include "autograd/tape/tape.h"
#include "autograd/zip/activations.h"
#include "tests/parity/parity.h"

namespace heed::parity {
namespace {

template <Tensor (*function)(const Tensor&)>
Tensors unary(const Case& c) {
  return {{"y", function(c["x"])}};
}

template <Tensor (*function)(const Tensor&, const Tensor&)>
Tensors binary(const Case& c) {
  return {{"y", function(c["a"], c["b"])}};
}

Tensors run_clamp(const Case& c) {
  constexpr double none = std::numeric_limits<double>::infinity();
  const double low = c.is_null("min") ? -none : c.number("min");
  const double high = c.is_null("max") ? none : c.number("max");
  return {{"y", clamp(c["x"], low, high)}};
}

Tensors run_gelu(const Case& c) {
  const std::string kind = c.text("approximate");
  if (kind != "none" && kind != "tanh") throw Error("gelu: unknown approximation {}", kind);
  return {{"y", kind == "tanh" ? gelu_tanh(c["x"]) : gelu(c["x"])}};
}

Tensors run_diamond(const Case& c) {
  const Tensor u = tanh(c["x"]);
  return {{"y", u * exp(u) + u}};
}

Tensors run_two_outputs(const Case& c) {
  const Tensor u = c["a"] * c["b"];
  return {{"y0", sigmoid(u)}, {"y1", u + c["a"]}};
}

const Registry kElementwise = {
    {"add", binary<add>},
    {"sub", binary<sub>},
    {"mul", binary<mul>},
    {"div", binary<div>},
    {"maximum", binary<maximum>},
    {"minimum", binary<minimum>},
    {"pow", binary<pow>},
    {"where",
     [](const Case& c) {
       return Tensors{{"y", where(c["cond"], c["a"], c["b"])}};
     }},
    {"neg", unary<neg>},
    {"sqrt", unary<sqrt>},
    {"exp", unary<exp>},
    {"log", unary<log>},
    {"tanh", unary<tanh>},
    {"sigmoid", unary<sigmoid>},
    {"abs", unary<abs>},
    {"square", unary<square>},
    {"reciprocal", unary<reciprocal>},
    {"relu", unary<relu>},
    {"leaky_relu",
     [](const Case& c) {
       return Tensors{{"y", leaky_relu(c["x"], c.number("slope"))}};
     }},
    {"pow_scalar",
     [](const Case& c) {
       return Tensors{{"y", pow(c["x"], c.number("exponent"))}};
     }},
    {"clamp", run_clamp},
    {"softplus",
     [](const Case& c) {
       return Tensors{{"y", softplus(c["x"], c.number("beta"))}};
     }},
    {"gelu", run_gelu},
    {"reuse_poly",
     [](const Case& c) {
       return Tensors{{"y", c["x"] * c["x"] + c["x"]}};
     }},
    {"reuse_diamond", run_diamond},
    {"reuse_two_outputs", run_two_outputs},
    {"stop_gradient",
     [](const Case& c) {
       return Tensors{{"y", c["x"] * detach(tanh(c["x"]))}};
     }},
    {"unused_input",
     [](const Case& c) {
       return Tensors{{"y", 2 * c["a"]}};
     }},
};

}  // namespace

const Registry& elementwise_adapters() { return kElementwise; }

}  // namespace heed::parity
