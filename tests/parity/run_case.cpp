// Running a case: outputs, gradients, and gradients of gradients.
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "tests/parity/parity.h"

namespace heed::parity {
namespace {

const Registry& registry() {
  static const Registry all = [] {
    Registry merged;
    for (const Registry* group : {&elementwise_adapters(), &reduce_adapters(), &matmul_adapters(), &shape_adapters(),
                                  &order_adapters(), &nn_adapters(), &rnn_adapters(), &attention_adapters(),
                                  &model_adapters(), &caption_adapters(), &optim_adapters(), &init_adapters()})
      for (const auto& [op, adapter] : *group)
        if (!merged.emplace(op, adapter).second) throw Error("two adapters for operation {}", op);
    return merged;
  }();
  return all;
}

const Adapter& adapter_of(const Case& c) {
  const auto found = registry().find(c.op);
  if (found == registry().end()) throw Error("unknown operation {}", c.op);
  return found->second;
}

Tensor find(const Tensors& tensors, const std::string& name) {
  const auto found = tensors.find(name);
  return found == tensors.end() ? Tensor() : found->second;
}

void compare_all(const Case& c, const char* prefix, const Tensors& got, const Tensors& expected, Verdict& verdict) {
  for (const auto& [name, reference] : expected)
    compare(c, fmt::format("{}.{}", prefix, name), find(got, name), reference, verdict);
}

std::vector<Tensor> pick(const Tensors& from, const Tensors& names) {
  std::vector<Tensor> picked;
  for (const auto& [name, unused] : names) {
    picked.push_back(find(from, name));
    if (!picked.back()) throw Error("there is no tensor {}", name);
  }
  return picked;
}

Tensors by_name(const Tensors& names, const Gradients& gradients, size_t first = 0) {
  Tensors named;
  for (const auto& [name, unused] : names) named[name] = gradients[first++];
  return named;
}

// The gradients of  sum_k <out_k, gout_k>  for everything that has one in the file.
Gradients differentiate(const Case& c, Tape& tape, const Tensors& out) {
  return tape.gradients(pick(out, c.upstream), pick(c.upstream, c.upstream), pick(c.in, c.grad));
}

void run_first_order(const Case& c, Verdict& verdict) {
  Tape tape;
  const Tensors out = adapter_of(c)(c);
  compare_all(c, "out", out, c.out, verdict);
  if (c.upstream.empty()) return;
  compare_all(c, "grad", by_name(c.grad, differentiate(c, tape, out)), c.grad, verdict);
}

// S = sum_n <v_n, g_n>; its gradients for the inputs and for the upstream gradients. The gradients g are
// taken on a tape inside a tape, so the outer one can differentiate them.
void run_second_order(const Case& c, Verdict& verdict) {
  Tape outer;
  Tensor total = Tensor::scalar(0, c.dtype);
  {
    Tape inner;
    const Tensors out = adapter_of(c)(c);
    compare_all(c, "out", out, c.out, verdict);
    const Tensors gradients = by_name(c.grad, differentiate(c, inner, out));
    compare_all(c, "grad", gradients, c.grad, verdict);
    for (const auto& [name, v] : c.direction) total = total + sum(v * gradients.at(name));
  }
  std::vector<Tensor> of = pick(c.in, c.second);
  for (const Tensor& upstream : pick(c.upstream, c.second_upstream)) of.push_back(upstream);
  const Gradients second = outer.gradients(total, of);
  compare_all(c, "ggrad", by_name(c.second, second), c.second, verdict);
  compare_all(c, "ggrad_gout", by_name(c.second_upstream, second, c.second.size()), c.second_upstream, verdict);
}

}  // namespace

Verdict run_case(const Case& c) {
  Verdict verdict;
  try {
    if (c.out.empty()) throw Error("the file expects nothing");
    if (c.direction.empty()) run_first_order(c, verdict);
    else run_second_order(c, verdict);
  } catch (const std::exception& error) {
    verdict.failures += fmt::format("  {}\n", error.what());
  }
  return verdict;
}

}  // namespace heed::parity
