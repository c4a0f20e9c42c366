// What attention is made of when speed matters, and what stands around it: the fused passes and their
// definitions, many heads, the gate and the regulariser.
#include "autograd/ops/softmax.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "nn/attention/attention.h"
#include "nn/attention/multi_head.h"
#include "nn/attention/show_attend_tell.h"
#include "tests/gradients/entries/masks.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

// Queries may lie in a wider row.
template <class F>
Entry additive_half(const char* name, F f) {
  return {name,
          [f](Draw& draw) {
            const int64_t queries = draw.up_to(3), rows = draw.up_to(5), width = draw.up_to(3);
            const int64_t alignment = draw.length(), before = draw.chance(0.4) ? draw.up_to(2) : 0;
            const SharedMask mask = draw_mask(draw, queries, rows, width);
            return sample([=](const Inputs& x) { return f(narrow(x[0], 1, before, alignment), x[1], x[2], mask); },
                          {draw.numbers({queries, before + alignment}), draw.numbers({alignment}),
                           draw.numbers({rows, alignment})});
          },
          5};
}

template <class F>
Entry dot_half(const char* name, F f) {
  return {name,
          [f](Draw& draw) {
            const int64_t queries = draw.up_to(3), rows = draw.up_to(5), width = draw.up_to(3);
            const int64_t size = draw.length(), before = draw.chance(0.4) ? draw.up_to(2) : 0;
            const SharedMask mask = draw_mask(draw, queries, rows, width);
            return sample([=](const Inputs& x) { return f(narrow(x[0], 1, before, size), x[1], mask); },
                          {draw.numbers({queries, before + size}), draw.numbers({rows, size})});
          },
          5};
}

template <class F>
Entry row_half(const char* name, F f) {
  return {name,
          [f](Draw& draw) {
            const int64_t queries = draw.up_to(3), rows = draw.up_to(5), width = draw.up_to(3);
            const SharedMask mask = draw_mask(draw, queries, rows, width);
            Tensor weights = draw.numbers({queries, width});
            double* w = weights.mutable_data<double>();  // a weight of 0 is passed over, but has a gradient
            for (int64_t i = 0; i < weights.numel(); ++i)
              if (draw.chance(0.3)) w[i] = 0;
            return sample([=](const Inputs& x) { return f(x[0], x[1], mask); },
                          {weights, draw.numbers({rows, draw.up_to(10)})});
          },
          5};
}

Sample draw_scaled_dot_product(Draw& draw) {
  const int64_t rows = draw.up_to(2), queries = draw.up_to(3), steps = draw.up_to(3), size = draw.up_to(3);
  DotProductOptions options;
  options.scale = draw.chance(0.5) ? 0 : draw.real(0.3, 2);
  options.causal = draw.chance(0.4);
  if (draw.chance(0.5)) options.mask = draw.mask({rows, queries, steps}, 0.6);
  return sample(
      [=](const Inputs& x) {
        const auto [y, alpha] = scaled_dot_product(x[0], x[1], x[2], options);
        return std::vector<Tensor>{y, alpha};
      },
      {draw.numbers({rows, queries, size}), draw.numbers({rows, steps, size}),
       draw.numbers({rows, steps, draw.up_to(3)})});
}

// With a step more, which the mask hides, for it is not finite.
Sample draw_hidden_step(Draw& draw) {
  const int64_t rows = draw.up_to(2), queries = draw.up_to(3), steps = draw.up_to(3), size = draw.up_to(3);
  DotProductOptions options;
  options.mask = concat({draw.mask({rows, queries, steps}, 0.6), Tensor::zeros({rows, queries, 1}, DType::i64)}, 2);
  const Tensor hidden = Tensor::full({rows, 1, size}, draw.chance(0.5) ? NAN : INFINITY, DType::f64);
  return sample(
      [=](const Inputs& x) {
        if (!x[1] || !x[2]) return std::vector<Tensor>{scaled_dot_product(x[0], x[1], x[2], options).y};
        const auto [y, alpha] =
            scaled_dot_product(x[0], concat({x[1], hidden}, 1), concat({x[2], hidden}, 1), options);
        return std::vector<Tensor>{y, alpha};
      },
      {draw.numbers({rows, queries, size}), draw.numbers({rows, steps, size}), draw.numbers({rows, steps, size})});
}

// Attention of a sentence to itself takes another way than to another one.
Sample draw_multi_head(Draw& draw) {
  const int64_t rows = draw.up_to(2), queries = draw.up_to(2), steps = draw.up_to(3);
  const int64_t heads = draw.up_to(2), size = heads * draw.up_to(2);
  const bool self = draw.chance(0.5), causal = draw.chance(0.5);
  const Tensor mask =
      draw.chance(0.5) ? length_mask(draw.lengths(rows, self ? queries : steps), self ? queries : steps) : Tensor();
  Inputs inputs{draw.numbers({rows, queries, size})};
  for (int i = 0; i < 2 && !self; ++i) inputs.push_back(draw.numbers({rows, steps, size}));
  return sample_of(draw, MultiHeadAttention(size, heads, draw.rng(), draw.chance(0.6)), inputs,
                   [=](const MultiHeadAttention& layer, const Inputs& x) {
                     const auto [y, alpha] =
                         self ? layer(x[0], x[0], x[0], mask, causal) : layer(x[0], x[1], x[2], mask, causal);
                     return std::vector<Tensor>{y, alpha};
                   });
}

Sample draw_gate(Draw& draw) {
  const int64_t rows = draw.up_to(3), hidden = draw.up_to(4), size = draw.up_to(4);
  return sample_of(draw, ContextGate(hidden, draw.chance(0.5) ? 1 : size, draw.rng()),
                   {draw.numbers({rows, size}), draw.numbers({rows, hidden})},
                   [](const ContextGate& gate, const Inputs& x) { return gate(x[0], x[1]); });
}

Sample draw_doubly_stochastic(Draw& draw) {
  const int64_t captions = draw.up_to(3), steps = draw.up_to(3), places = draw.up_to(4);
  const std::vector<int64_t> lengths = draw.lengths(captions, steps);
  return sample([=](const Inputs& x) { return doubly_stochastic(pack(x[0], lengths)); },
                {draw.numbers({steps, captions, places}, 0, 1)});
}

}  // namespace

Entries attention_passes() {
  return {
      additive_half("additive_scores", additive_scores),
      additive_half("additive_scores_plain", additive_scores_plain),
      dot_half("dot_scores", dot_scores),
      dot_half("dot_scores_plain", dot_scores_plain),
      row_half("weighted_rows", weighted_rows),
      row_half("weighted_rows_plain", weighted_rows_plain),
      {"scaled_dot_product", draw_scaled_dot_product, 5},
      {"scaled_dot_product: a hidden step", draw_hidden_step, 5},
      {"MultiHeadAttention", draw_multi_head, 10},
      {"ContextGate", draw_gate, 5},
      {"doubly_stochastic", draw_doubly_stochastic, 5},
  };
}

}  // namespace heed::gradients
