// Products and sums, said by naming the axes: the summation convention of Einstein, as NumPy and PyTorch
// write it.
//
//     einsum("ij,jk->ik", {a, b})       a matrix product
//     einsum("ij,jk", {a, b})           the same
//     einsum("bqd,bkd->bqk", {q, k})    scores of attention, for every b
//     einsum("...ij->...ji", {x})       matrices transposed
//     einsum("i,j->ij", {a, b})         an outer product
//     einsum("ii->i", {x})              a diagonal; "ii" is the trace, "ij->" the sum of all
#pragma once

#include <string>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

// A letter (a-z, A-Z) names an axis, of the operands before "->" and of the result behind it. What the result
// does not name is summed; a letter twice in one operand is its diagonal. Without "->" the result has "..." and
// then, in alphabetical order, the letters that stand once. "..." stands for any number of axes, also none, and
// these meet from the right. Equal letters have equal lengths, or 1 in some operands, which is broadcast.
// Spaces do not count.
//
// Operands are all f32 or all f64, and are joined two at a time from the left: put those first whose product
// is small. A malformed equation, or one that does not fit the operands, is an Error that quotes it.
Tensor einsum(const std::string& equation, const std::vector<Tensor>& operands);

}  // namespace heed
