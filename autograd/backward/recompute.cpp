#include "autograd/backward/recompute.h"

#include <cstring>

#include "autograd/backward/walk.h"
#include "autograd/base/precision.h"
#include "autograd/tape/record.h"

namespace heed {
namespace {

using Tensors = std::vector<Tensor>;
using Part = std::function<Tensors(const Tensors&)>;

bool holds(const Tensors& tensors, const Tensor& x) {
  return std::any_of(tensors.begin(), tensors.end(), [&](const Tensor& one) { return one.is(x); });
}

// What the operations of a tape have read that it did not make, and what a function gave back as it found it: parameters,
// constants, values of a tape around it.
void add_leaves(const Tape& tape, const Tensors& results, Tensors& leaves) {
  for (const Node* node : tape.reel().nodes())
    for (int i = 0; i < node->input_count; ++i)
      if (const Tensor* leaf = node->inputs[i].leaf; leaf && !holds(leaves, *leaf)) leaves.push_back(*leaf);
  for (const Tensor& y : results)
    if (is_float(y.dtype()) && y.origin().tape != tape.reel().id() && !holds(leaves, y)) leaves.push_back(y);
}

bool same_numbers(const Tensor& a, const Tensor& b) {
  if (!(a.shape() == b.shape()) || a.dtype() != b.dtype()) return false;
  const Tensor x = densify(a), y = densify(b);
  return std::memcmp(x.address(), y.address(), static_cast<size_t>(x.numel() * size_of(x.dtype()))) == 0;
}

Tensors once_more(const Part& f, const Tensors& x, const Tensors& before) {
  Tensors y = f(x);
  bool same = y.size() == before.size();
  for (size_t k = 0; same && k < y.size(); ++k) same = same_numbers(y[k], before[k]);
  if (!same)
    throw Error(
        "recompute: the function gave other numbers than the first time; what it draws must come from a copy "
        "of an "
        "Rng, and what it reads must not change");
  return y;
}

// The first pass: the results, and what they were computed from, the inputs first.
struct FirstPass {
  Tensors results, leaves;
};
FirstPass first_pass(const Part& f, const Tensors& x) {
  Immutable* const weights = Immutable::current();
  const Untaped pause;
  const Immutable::Scope scope(weights);
  Tape tape;
  FirstPass first{f(x), x};
  check_all_defined("recompute", first.results);
  if (first.results.empty()) throw Error("recompute: the function gives nothing");
  add_leaves(tape, first.results, first.leaves);
  return first;
}

// The gradients of the leaves by operations.
void pull(const Tensors& y, const Tensors& leaves, Tape& tape, std::span<Tensor> dy, Adjoints& d) {
  Tensors of, upstream(dy.begin(), dy.end());
  std::vector<int> numbers;
  for (size_t i = 0; i < leaves.size(); ++i)
    if (const int number = static_cast<int>(i); d.wanted(number) && !holds(of, leaves[i])) {
      of.push_back(leaves[i]);
      numbers.push_back(number);
    }
  for (size_t k = 0; k < y.size(); ++k)
    if (!upstream[k]) upstream[k] = Tensor::zeros(y[k].shape(), y[k].dtype());
  const Gradients gradients = tape.gradients(y, upstream, of);
  for (size_t k = 0; k < numbers.size(); ++k) d.add(numbers[k], gradients[k]);
}

// The same by a walk that adds to the gradients of the one around it, sum by sum: so they come out the same to the bit.
// And weights that are packed there are packed here, or the products would be another kernel's, with other roundings.
void pull(const Tensors& y, const Tensors& leaves, Tape& tape, std::span<Tensor> dy, InPlace& d) {
  Immutable* const weights = Immutable::current();
  const Untaped pause;
  const Immutable::Scope scope(weights);
  Walk walk(tape.reel(), tape.begin(), false);
  walk.want(leaves, d);
  for (size_t k = 0; k < y.size(); ++k)
    if (dy[k]) walk.seed(y[k], dy[k]);
  walk.run(false);
}

}  // namespace

std::vector<Tensor> recompute(const Part& f, const std::vector<Tensor>& x) {
  if (!f) throw Error("recompute: the function is empty");
  if (!recording()) return f(x);
  check_all_defined("recompute", x);
  const auto [y, leaves] = first_pass(f, x);
  Tensors results;  // without the origin that they had on a tape that is gone
  for (const Tensor& result : y) results.push_back(detach(result));
  const Precision precision = ProductPrecision::current();
  const auto pullback = [f, x, y = y, leaves = leaves, precision](std::span<Tensor> dy, Adjoints& d) {
    const ProductPrecision products(precision);
    Tape inner;
    pull(once_more(f, x, y), leaves, inner, dy, d);
  };
  const auto kernel = [f, x, y = y, leaves = leaves, precision](std::span<Tensor> dy, InPlace& d) {
    const ProductPrecision products(precision);
    Tape inner;
    pull(once_more(f, x, y), leaves, inner, dy, d);
  };
  record("recompute", std::span<const Tensor>(leaves), std::span<Tensor>(results), pullback, kernel);
  return results;
}

}  // namespace heed
