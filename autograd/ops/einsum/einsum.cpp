#include "autograd/ops/einsum/einsum.h"

#include "autograd/ops/einsum/equation.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/diagonals.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed {
namespace {

// A tensor and what its axes are called.
struct Term {
  Tensor x;
  std::string axes;
};

template <class Keep>
std::string filtered(const std::string& axes, Keep keep) {
  std::string kept;
  for (const char axis : axes)
    if (keep(axis)) kept += axis;
  return kept;
}

// A name that stands twice: the diagonal of its two axes becomes the last axis.
Term without_repeats(Term term) {
  for (size_t i = 0; i < term.axes.size();) {
    const char axis = term.axes[i];
    const size_t again = term.axes.find(axis, i + 1);
    if (again == std::string::npos) {
      ++i;
      continue;
    }
    term.x = diagonal(term.x, 0, static_cast<int>(i), static_cast<int>(again));
    term.axes.erase(again, 1).erase(i, 1).push_back(axis);
  }
  return term;
}

// Axes that are broadcast go: another operand has them at full length.
Term without_broadcast(Term term, const Equation& equation) {
  for (size_t i = term.axes.size(); i-- > 0;) {
    const int axis = static_cast<int>(i);
    if (term.x.size(axis) == equation.length(term.axes[i])) continue;
    term.x = squeeze(term.x, axis);
    term.axes.erase(i, 1);
  }
  return term;
}

Term summed_to(const Term& term, const std::string& needed) {
  std::vector<int> axes;
  for (size_t i = 0; i < term.axes.size(); ++i)
    if (!has(needed, term.axes[i])) axes.push_back(static_cast<int>(i));
  if (axes.empty()) return term;
  return {sum(term.x, axes), filtered(term.axes, [&](char axis) { return has(needed, axis); })};
}

// The axes in this order; those that the term lacks have length 1.
Tensor arranged(const Term& term, const std::string& order) {
  std::vector<int> perm;
  for (const char axis : order)
    if (has(term.axes, axis)) perm.push_back(static_cast<int>(term.axes.find(axis)));
  Tensor x = permute(term.x, perm);
  for (size_t i = 0; i < order.size(); ++i)
    if (!has(term.axes, order[i])) x = unsqueeze(x, static_cast<int>(i));
  return x;
}

Shape lengths_of(const Equation& equation, const std::string& axes) {
  Shape shape;
  for (const char axis : axes) shape.push_back(equation.length(axis));
  return shape;
}

// The product of two terms, summed over what they share and nobody else needs.
Term contracted(Term a, Term b, const std::string& needed, const Equation& equation) {
  a = summed_to(a, needed + b.axes);
  b = summed_to(b, needed + a.axes);
  const std::string stack = filtered(a.axes, [&](char axis) { return has(b.axes, axis) && has(needed, axis); });
  const std::string inner = filtered(a.axes, [&](char axis) { return has(b.axes, axis) && !has(needed, axis); });
  const std::string left = filtered(a.axes, [&](char axis) { return !has(b.axes, axis); });
  const std::string right = filtered(b.axes, [&](char axis) { return !has(a.axes, axis); });
  const std::string axes = stack + left + right;
  if (axes.size() > kMaxRank)
    throw Error("einsum \"{}\": the product of {} and {} has {} axes, a tensor at most {}", equation.text,
                describe(a.x), describe(b.x), axes.size(), kMaxRank);
  if (inner.empty()) return {arranged(a, axes) * arranged(b, axes), axes};
  if (left.empty() && right.empty())  // inner products: one pass instead of a product of matrices for each
    return summed_to({arranged(a, stack + inner) * arranged(b, stack + inner), stack + inner}, needed);
  const auto size = [&](const std::string& of) { return lengths_of(equation, of).numel(); };
  Shape of_left{size(left), size(inner)}, of_right{size(inner), size(right)};
  if (!stack.empty()) of_left.insert(0, size(stack)), of_right.insert(0, size(stack));
  const Tensor y = matmul(reshape(arranged(a, stack + left + inner), of_left),
                          reshape(arranged(b, stack + inner + right), of_right));
  return {reshape(y, lengths_of(equation, axes)), axes};
}

}  // namespace

Tensor einsum(const std::string& equation, const std::vector<Tensor>& operands) {
  const Equation read = read_equation(equation, operands);
  std::vector<Term> terms;
  for (size_t i = 0; i < operands.size(); ++i)
    terms.push_back(without_broadcast(without_repeats({operands[i], read.operands[i]}), read));
  Term product = terms[0];
  for (size_t i = 1; i < terms.size(); ++i) {
    std::string needed = read.result;
    for (size_t later = i + 1; later < terms.size(); ++later) needed += terms[later].axes;
    product = contracted(product, terms[i], needed, read);
  }
  return arranged(summed_to(product, read.result), read.result);
}

}  // namespace heed
