#include "autograd/ops/einsum/einsum.h"

#include "autograd/base/rng.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

using Numbers = std::vector<double>;

Tensor counted(const Shape& shape) { return to(reshape(Tensor::arange(shape.numel()) + 1, shape), DType::f64); }

// By the definition: for every value of every letter, the product of what the operands hold there.
double direct(const std::vector<std::string>& terms, const std::string& result, const std::vector<Tensor>& operands,
              const std::vector<int64_t>& at) {
  std::string letters = result;
  std::vector<int64_t> lengths;
  for (const std::string& term : terms)
    for (const char c : term)
      if (letters.find(c) == std::string::npos) letters += c;
  for (const char c : letters)
    for (size_t i = 0; i < terms.size(); ++i)
      if (const size_t k = terms[i].find(c); k != std::string::npos) {
        lengths.push_back(operands[i].size(static_cast<int>(k)));
        break;
      }
  Shape summed;
  for (size_t l = result.size(); l < letters.size(); ++l) summed.push_back(lengths[l]);
  double total = 0;
  for (int64_t flat = 0; flat < summed.numel(); ++flat) {
    std::vector<int64_t> index = at;
    index.resize(letters.size());
    int64_t rest = flat;
    for (size_t l = letters.size(); l-- > result.size(); rest /= lengths[l]) index[l] = rest % lengths[l];
    double product = 1;
    for (size_t i = 0; i < terms.size(); ++i) {
      Tensor x = operands[i];
      for (const char c : terms[i]) x = x[index[letters.find(c)]];
      product *= x.item();
    }
    total += product;
  }
  return total;
}

// Letters only, with an arrow.
void check_by_definition(const std::string& equation, const std::vector<Tensor>& operands) {
  INFO(equation);
  const size_t arrow = equation.find("->");
  std::vector<std::string> terms(1);
  for (const char c : equation.substr(0, arrow))
    if (c == ',') terms.emplace_back();
    else terms.back() += c;
  const std::string result = equation.substr(arrow + 2);
  const Tensor y = einsum(equation, operands);
  REQUIRE(y.rank() == static_cast<int>(result.size()));
  const Numbers got = y.to_vector();
  for (int64_t flat = 0; flat < y.numel(); ++flat) {
    std::vector<int64_t> at(result.size());
    int64_t rest = flat;
    for (size_t l = result.size(); l-- > 0; rest /= y.size(static_cast<int>(l)))
      at[l] = rest % y.size(static_cast<int>(l));
    CHECK(got[static_cast<size_t>(flat)] == Approx(direct(terms, result, operands, at)).epsilon(1e-12));
  }
}

}  // namespace

TEST_CASE("einsum by hand") {
  const Tensor a = counted({2, 3}), b = counted({3, 2}), v = counted({3});
  CHECK(einsum("ij,jk->ik", {a, b}).to_vector() == Numbers{22, 28, 49, 64});
  CHECK(einsum("ij,jk", {a, b}).to_vector() == Numbers{22, 28, 49, 64});
  CHECK(einsum(" i j , j k -> k i ", {a, b}).to_vector() == Numbers{22, 49, 28, 64});
  CHECK(einsum("ba", {a}).to_vector() == Numbers{1, 4, 2, 5, 3, 6});  // "ba->ab"
  CHECK(einsum("ij->", {a}).item() == 21);
  CHECK(einsum("ij->j", {a}).to_vector() == Numbers{5, 7, 9});
  CHECK(einsum("i,i", {v, v}).item() == 14);
  CHECK(einsum("i,j->ji", {v, counted({2})}).to_vector() == Numbers{1, 2, 3, 2, 4, 6});
  CHECK(einsum("i,i->i", {v, v}).to_vector() == Numbers{1, 4, 9});
  CHECK(einsum("ii", {counted({3, 3})}).item() == 15);
  CHECK(einsum("ii->i", {counted({3, 3})}).to_vector() == Numbers{1, 5, 9});
  CHECK(einsum("iii->i", {counted({2, 2, 2})}).to_vector() == Numbers{1, 8});
  CHECK(einsum(",i->i", {Tensor::scalar(2, DType::f64), v}).to_vector() == Numbers{2, 4, 6});
  CHECK(einsum("", {Tensor::scalar(2, DType::f64)}).item() == 2);
  CHECK(einsum("Zz->zZ", {a}).to_vector() == Numbers{1, 4, 2, 5, 3, 6});
  CHECK(einsum("bA,a->", {a, v}).item() == 21 * 6);
}

TEST_CASE("an ellipsis stands for axes that meet from the right") {
  const Tensor a = counted({2, 1, 2, 3}), b = counted({4, 3, 2});
  CHECK(einsum("...ij,...jk->...ik", {a, b}).shape() == Shape{2, 4, 2, 2});
  CHECK(einsum("...ij,...jk", {a, b}).at({1, 3, 1, 0}) == 10 * 19 + 11 * 21 + 12 * 23.0);
  CHECK(einsum("...ij->...ji", {a}).shape() == Shape{2, 1, 3, 2});
  CHECK(einsum("i...->...i", {counted({2, 3})}).to_vector() == Numbers{1, 4, 2, 5, 3, 6});
  CHECK(einsum("...", {counted({3})}).to_vector() == Numbers{1, 2, 3});
  CHECK(einsum("i...,i...", {counted({2}), counted({2, 2})}).to_vector() == Numbers{7, 10});
  CHECK(einsum("...,...", {counted({2, 1}), counted({3})}).to_vector() == Numbers{1, 2, 3, 2, 4, 6});
  CHECK(einsum("...i->i...", {counted({3})}).to_vector() == Numbers{1, 2, 3});
}

TEST_CASE("a length of 1 is broadcast") {
  const Tensor one = counted({2, 1}), b = counted({3, 2});
  CHECK(einsum("ij,jk->ik", {one, b}).to_vector() == Numbers{9, 12, 18, 24});
  CHECK(einsum("ij,jk->ijk", {one, b}).shape() == Shape{2, 3, 2});
  CHECK(einsum("bij,bjk->bik", {counted({1, 2, 3}), counted({4, 3, 2})}).shape() == Shape{4, 2, 2});
  CHECK(einsum("ij,ij->ij", {counted({1, 1}), counted({1, 1})}).shape() == Shape{1, 1});
}

TEST_CASE("einsum agrees with its definition") {
  Rng rng(5);
  const auto numbers = [&](const Shape& shape) { return rng.uniform(shape, -1, 1, DType::f64); };
  check_by_definition("bij,bjk->bik", {numbers({2, 3, 4}), numbers({2, 4, 2})});
  check_by_definition("bij,bkj->kib", {numbers({2, 3, 4}), numbers({2, 2, 4})});
  check_by_definition("bhqd,bhkd->bhqk", {numbers({2, 2, 3, 2}), numbers({2, 2, 4, 2})});
  check_by_definition("bi,bi->b", {numbers({3, 4}), numbers({3, 4})});
  check_by_definition("ij,ji->", {numbers({3, 2}), numbers({2, 3})});
  check_by_definition("ijk,kl->j", {numbers({2, 3, 2}), numbers({2, 3})});
  check_by_definition("iij,jk->ki", {numbers({3, 3, 2}), numbers({2, 4})});
  check_by_definition("aibj,jk->kab", {numbers({2, 2, 3, 2}), numbers({2, 4})});
  check_by_definition("i,ij,j->", {numbers({2}), numbers({2, 3}), numbers({3})});
  check_by_definition("ab,bc,cd,da->", {numbers({2, 3}), numbers({3, 2}), numbers({2, 4}), numbers({4, 2})});
  check_by_definition("ab,bc,bd->acd", {numbers({2, 3}), numbers({3, 2}), numbers({3, 4})});
  check_by_definition("a,b,c->cab", {numbers({2}), numbers({3}), numbers({4})});
  check_by_definition("ijij->ij", {numbers({2, 3, 2, 3})});
  check_by_definition("ij,jk->ik", {transpose(numbers({3, 2}), 0, 1), slice(numbers({3, 6}), 1, 0, 6, 2)});
}

TEST_CASE("einsum in f32, over empty axes, and on both sides of a packed weight's size") {
  const Tensor x = Tensor::full({3, 64}, 0.5), w = Tensor::full({64, 64}, 0.25);
  CHECK(einsum("ni,oi->no", {x, w}).at({2, 63}) == 8);
  CHECK(einsum("ij,jk->ik", {Tensor::zeros({2, 0}), Tensor::zeros({0, 3})}).to_vector() == Numbers(6, 0));
  CHECK(einsum("ij,jk->ik", {Tensor::zeros({0, 2}), Tensor::zeros({2, 3})}).shape() == Shape{0, 3});
  CHECK(einsum("bij,bjk->bik", {Tensor::zeros({2, 2, 0}), Tensor::zeros({2, 0, 3})}).to_vector() == Numbers(12, 0));
  CHECK(einsum("bij,bjk->bik", {Tensor::zeros({0, 2, 2}), Tensor::zeros({0, 2, 3})}).shape() == Shape{0, 2, 3});
  CHECK(einsum("i,i->", {Tensor::zeros({0}), Tensor::zeros({0})}).item() == 0);
}

TEST_CASE("the gradient of a trace is the identity, and of a product its factors") {
  const Tensor x = counted({2, 2}), y = counted({2, 2});
  Tape tape;
  const Gradients gradients = tape.gradients(einsum("ii", {x}) + einsum("ij,ij->", {x, y}), {x, y});
  CHECK(gradients[0].to_vector() == Numbers{2, 2, 3, 5});
  CHECK(gradients[1].to_vector() == Numbers{1, 2, 3, 4});
}

TEST_CASE("a malformed equation is quoted, with what is wrong with it") {
  const Tensor a = counted({2, 3}), b = counted({3, 4}), f = Tensor::zeros({3, 4});
  const auto says = [](const std::string& equation, const std::vector<Tensor>& operands, const std::string& what) {
    INFO(equation);
    CHECK_THROWS_WITH(einsum(equation, operands),
                      ContainsSubstring("einsum \"" + equation + "\"") && ContainsSubstring(what));
  };
  says("ij,jk->ik", {a}, "names 2 operands, got 1");
  says("ij", {a, b}, "names 1 operands, got 2");
  says("", {}, "at least one operand");
  says("ij,jk->ik", {a, Tensor()}, "operand 1 is undefined");
  says("ij,jk->ik", {a, f}, "operand 1 is f32 [3, 4] and operand 0 is f64 [2, 3]");
  says("i->i", {Tensor::arange(3)}, "i64");
  says("i1->i", {a}, "\"1\"");
  says("ij->i->j", {a}, "\"-\"");
  says("ij>i", {a}, "\">\"");
  says("ij->i,j", {a}, "\",\"");
  says("i.j", {a}, "\".\" stands where");
  says("i..j", {a}, "\".\" stands where");
  says("i\nj", {a}, "stands where");
  says("...i...", {a}, "one \"...\"");
  says("ijk,jk->ik", {a, b}, "exactly 3 axes of operand 0, which is f64 [2, 3]");
  says("i,jk->ik", {a, b}, "exactly 1 axes");
  says("...ijk,jk->ik", {a, b}, "at least 3 axes");
  says("ij,jk->il", {a, b}, "names l in the result but in no operand");
  says("ij->...i", {a}, "names \"...\" in the result but in no operand");
  says("ij,jk->ii", {a, b}, "\"i\" twice in the result");
  says("i...->i", {a}, "leaves \"...\" out");
  says("ij,ik->jk", {a, b}, "\"i\" is 3 in operand 1 and 2 before it");
  says("...,...->...", {a, b}, "an axis under \"...\"");
  says("ii->i", {a}, "wants equal lengths, \"i\" of operand 0, f64 [2, 3], is 2 and 3");
  says("ii->i", {counted({1, 3})}, "is 1 and 3");
  CHECK_THROWS_WITH(einsum("abcde,fghij->abcdefghij", {counted({1, 1, 1, 1, 1}), counted({1, 1, 1, 1, 1})}),
                    ContainsSubstring("has 10 axes, a tensor at most 8"));
}
