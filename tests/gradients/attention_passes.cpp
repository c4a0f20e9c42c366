// What attention is made of when speed matters, and what stands around it: the fused passes and their
// definitions, many heads, the attentional vector, the gate and the regulariser.
#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"
#include "nn/attention/additive_parts.h"
#include "nn/attention/attention.h"
#include "nn/attention/multi_head.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

// Queries that see rows of their own or shared ones, some of them nothing.
std::shared_ptr<const Sight> draw_sight(Draw& draw, int64_t queries, int64_t rows, int64_t width) {
  auto sight = std::make_shared<Sight>();
  sight->width = width;
  for (int64_t i = 0; i < queries * width; ++i) sight->rows.push_back(draw.below(rows));
  sight->lengths = draw.lengths(queries, width);
  return sight;
}

// Queries may lie in a wider row.
template <class F>
Entry additive_pass(const char* name, F f) {
  return {
      name,
      [f](Draw& draw) {
        const int64_t queries = draw.up_to(3), rows = draw.up_to(5), width = draw.up_to(3);
        const int64_t alignment = draw.length(), context = draw.up_to(10);
        const int64_t before = draw.chance(0.4) ? draw.up_to(2) : 0, after = draw.chance(0.4) ? 1 : 0;
        const auto seen = draw_sight(draw, queries, rows, width);
        return sample(
            [=](const Inputs& x) { return f(narrow(x[0], 1, before, alignment), x[1], x[2], x[3], seen); },
            {draw.numbers({queries, before + alignment + after}), draw.numbers({alignment}),
             draw.numbers({rows, alignment}), draw.numbers({rows, context})});
      },
      10};
}

// As weights: scores of what is not seen are -inf.
template <class F>
Entry additive_half(const char* name, F f) {
  return {name,
          [f](Draw& draw) {
            const int64_t queries = draw.up_to(3), rows = draw.up_to(5), width = draw.up_to(3);
            const int64_t alignment = draw.length(), before = draw.chance(0.4) ? draw.up_to(2) : 0;
            const auto seen = draw_sight(draw, queries, rows, width);
            return sample(
                [=](const Inputs& x) {
                  return softmax(f(narrow(x[0], 1, before, alignment), x[1], x[2], seen));
                },
                {draw.numbers({queries, before + alignment}), draw.numbers({alignment}),
                 draw.numbers({rows, alignment})});
          },
          5};
}

template <class F>
Entry row_half(const char* name, F f) {
  return {name,
          [f](Draw& draw) {
            const int64_t queries = draw.up_to(3), rows = draw.up_to(5), width = draw.up_to(3);
            const auto seen = draw_sight(draw, queries, rows, width);
            return sample([=](const Inputs& x) { return f(x[0], x[1], seen); },
                          {draw.numbers({queries, width}), draw.numbers({rows, draw.up_to(10)})});
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

// Attention of a sentence to itself takes another way than to another one.
Sample draw_multi_head(Draw& draw) {
  const int64_t rows = draw.up_to(2), queries = draw.up_to(2), steps = draw.up_to(3);
  const int64_t heads = draw.up_to(2), size = heads * draw.up_to(2);
  const bool self = draw.chance(0.5), causal = draw.chance(0.5);
  const Tensor mask = draw.chance(0.5)
                          ? length_mask(draw.lengths(rows, self ? queries : steps), self ? queries : steps)
                          : Tensor();
  Inputs inputs{draw.numbers({rows, queries, size})};
  for (int i = 0; i < 2 && !self; ++i) inputs.push_back(draw.numbers({rows, steps, size}));
  return sample_of(draw, MultiHeadAttention(size, heads, draw.rng(), draw.chance(0.6)), inputs,
                   [=](const MultiHeadAttention& layer, const Inputs& x) {
                     const auto [y, alpha] =
                         self ? layer(x[0], x[0], x[0], mask, causal) : layer(x[0], x[1], x[2], mask, causal);
                     return std::vector<Tensor>{y, alpha};
                   });
}

Sample draw_attentional(Draw& draw) {
  const int64_t context = draw.up_to(3), query = draw.up_to(3);
  Shape lead = draw.shape(1, 2), c = lead, q = lead;
  c.push_back(context), q.push_back(query);
  return sample_of(draw, AttentionalVector(context, query, draw.up_to(3), draw.rng()),
                   {draw.numbers(c), draw.numbers(q)},
                   [](const AttentionalVector& f, const Inputs& x) { return f(x[0], x[1]); });
}

Sample draw_gate(Draw& draw) {
  Shape shape = draw.shape(0, 2);
  shape.push_back(draw.up_to(4));
  const int64_t hidden = shape[shape.rank() - 1];
  return sample_of(draw, ContextGate(hidden, draw.rng()), {draw.numbers(shape)},
                   [](const ContextGate& gate, const Inputs& x) { return gate(x[0]); });
}

Sample draw_doubly_stochastic(Draw& draw) {
  const int64_t rows = draw.up_to(3), steps = draw.up_to(3), places = draw.up_to(4);
  const double lambda = draw.real(0.1, 2);
  const Tensor mask = draw.chance(0.6) ? length_mask(draw.lengths(rows, steps), steps) : Tensor();
  return sample([=](const Inputs& x) { return doubly_stochastic(x[0], lambda, mask); },
                {draw.numbers({rows, steps, places}, 0, 1)});
}

}  // namespace

Entries attention_passes() {
  return {
      additive_pass("additive_attention", additive_attention),
      additive_pass("additive_attention_plain", additive_attention_plain),
      additive_half("additive_scores", additive_scores),
      additive_half("additive_scores_plain", additive_scores_plain),
      row_half("weighted_rows", weighted_rows),
      row_half("weighted_rows_plain", weighted_rows_plain),
      {"scaled_dot_product", draw_scaled_dot_product, 5},
      {"MultiHeadAttention", draw_multi_head, 10},
      {"AttentionalVector", draw_attentional, 5},
      {"ContextGate", draw_gate, 5},
      {"doubly_stochastic", draw_doubly_stochastic, 5},
  };
}

}  // namespace heed::gradients
