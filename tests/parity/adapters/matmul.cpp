// Adapters: matrix products and what is made of them.
#include "autograd/ops/matmul.h"

#include "autograd/views/views.h"
#include "tests/parity/adapters/models.h"
#include "tests/parity/parity.h"

namespace heed::parity {
namespace {

Tensor maybe_transposed(const Case& c, const char* name, const char* flag) {
  return c.flag(flag) ? transpose(c[name], -2, -1) : c[name];
}

Tensors run_matmul(const Case& c) {
  return {{"y", matmul(maybe_transposed(c, "a", "trans_a"), maybe_transposed(c, "b", "trans_b"))}};
}

Tensors run_addmm(const Case& c) {
  return {{"y", addmm(c["c"], c["a"], c["b"], c.number("beta"), c.number("alpha"))}};
}

// One query [B, Q] for each sentence, or several [B, U, Q].
Tensors run_general_score(const Case& c) {
  GeneralScore score;
  score.weight = c["w"];
  const Padded p(c["query"], c["keys"], {});
  return {{"scores", p.shaped(score(p.query, score.prepare(p.annotations), p.mask))}};
}

const Registry kMatmul = {
    {"matmul", run_matmul},
    {"matmul_self",
     [](const Case& c) {
       return Tensors{{"y", matmul(c["x"], transpose(c["x"], -2, -1))}};
     }},
    {"matmul_chain",
     [](const Case& c) {
       return Tensors{{"y", matmul(matmul(c["a"], c["b"]), c["c"])}};
     }},
    {"addmm", run_addmm},
    {"linear",
     [](const Case& c) {
       return Tensors{{"y", linear(c["x"], c["weight"], c.maybe("bias"))}};
     }},
    {"bilinear",
     [](const Case& c) {
       return Tensors{{"y", bilinear(c["x1"], c["x2"], c["weight"], c.maybe("bias"))}};
     }},
    {"general_score", run_general_score},
    {"general_score_multi", run_general_score},
};

}  // namespace

const Registry& matmul_adapters() { return kMatmul; }

}  // namespace heed::parity
