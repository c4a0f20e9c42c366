// Adapters: numbers in order, running sums, diagonals, einsum, comparisons.

#include "autograd/ops/einsum/einsum.h"
#include "autograd/ops/masks/comparisons.h"
#include "autograd/ops/order/cumulative.h"
#include "autograd/ops/order/sort.h"
#include "autograd/views/diagonals.h"
#include "autograd/views/joins.h"
#include "tests/parity/parity.h"

namespace heed::parity {
namespace {

Tensors with_index(std::pair<Tensor, Tensor> found) { return {{"y", found.first}, {"index", found.second}}; }

bool is(const Case& c, const char* name) { return c.attr(name).get<bool>(); }

Tensors run_einsum(const Case& c) {
  std::vector<Tensor> operands;
  for (int i = 0; c.has("x" + std::to_string(i)); ++i) operands.push_back(c["x" + std::to_string(i)]);
  return named_y(einsum(c.attr("equation").get<std::string>(), operands));
}

using Comparison = Tensor (*)(const Tensor& a, const Tensor& b);
template <Comparison compare>
Tensors run_comparison(const Case& c) {
  return named_y(compare(c["a"], c["b"]));
}

const Registry kOrder = {
    {"sort", [](const Case& c) { return with_index(sort(c["x"], c.axis("axis"), is(c, "descending"))); }},
    {"topk",
     [](const Case& c) { return with_index(topk(c["x"], c.integer("k"), c.axis("axis"), is(c, "largest"))); }},
    {"cumsum", [](const Case& c) { return named_y(cumsum(c["x"], c.axis("axis"), is(c, "reverse"))); }},
    {"logcumsumexp", [](const Case& c) { return named_y(logcumsumexp(c["x"], c.axis("axis"), is(c, "reverse"))); }},
    {"roll", [](const Case& c) { return named_y(roll(c["x"], c.integer("shift"), c.axis("axis"))); }},
    {"tril", [](const Case& c) { return named_y(tril(c["x"], c.integer("k"))); }},
    {"triu", [](const Case& c) { return named_y(triu(c["x"], c.integer("k"))); }},
    {"diagonal",
     [](const Case& c) { return named_y(diagonal(c["x"], c.integer("k"), c.axis("axis0"), c.axis("axis1"))); }},
    {"diag", [](const Case& c) { return named_y(diag(c["x"], c.integer("k"))); }},
    {"diag_embed", [](const Case& c) { return named_y(diag_embed(c["x"], c.integer("k"))); }},
    {"einsum", run_einsum},
    {"equal", run_comparison<equal>},
    {"not_equal", run_comparison<not_equal>},
    {"less", run_comparison<less>},
    {"less_equal", run_comparison<less_equal>},
    {"greater", run_comparison<greater>},
    {"greater_equal", run_comparison<greater_equal>},
};

}  // namespace

const Registry& order_adapters() { return kOrder; }

}  // namespace heed::parity
