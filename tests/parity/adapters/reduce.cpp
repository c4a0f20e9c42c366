// Adapters: reductions.
#include "autograd/ops/reduce.h"
#include "autograd/ops/extrema.h"

#include "tests/parity/parity.h"

namespace heed::parity {
namespace {

template <Tensor (*function)(const Tensor&, const Axes&, bool)>
Tensors over_axes(const Case& c) {
  return {{"y", function(c["x"], c.axes("axes"), c.flag("keepdim"))}};
}

template <std::pair<Tensor, Tensor> (*function)(const Tensor&, int, bool)>
Tensors extreme(const Case& c) {
  const auto [values, indices] = function(c["x"], c.axis("axis"), c.flag("keepdim"));
  return {{"values", values}, {"indices", indices}};
}

template <Tensor (*function)(const Tensor&, int, bool)>
Tensors place_of_extreme(const Case& c) {
  return {{"indices", function(c["x"], c.axis("axis"), c.flag("keepdim"))}};
}

Tensors run_var(const Case& c) {
  return {{"y", var(c["x"], c.axes("axes"), c.flag("keepdim"), c.number("correction"))}};
}

Tensors run_norm(const Case& c) { return {{"y", norm(c["x"], c.number("p"), c.axes("axes"), c.flag("keepdim"))}}; }

const Registry kReduce = {
    {"sum", over_axes<sum>},
    {"mean", over_axes<mean>},
    {"amax", over_axes<amax>},
    {"amin", over_axes<amin>},
    {"logsumexp", over_axes<logsumexp>},
    {"var", run_var},
    {"norm", run_norm},
    {"max", extreme<max>},
    {"min", extreme<min>},
    {"argmax", place_of_extreme<argmax>},
    {"argmin", place_of_extreme<argmin>},
};

}  // namespace

const Registry& reduce_adapters() { return kReduce; }

}  // namespace heed::parity
