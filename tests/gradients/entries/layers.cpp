// Layers without memory: linear, embedding, dropout, normalization, maxout.
#include "nn/layers/batch_norm.h"
#include "nn/layers/dropout.h"
#include "nn/layers/embedding.h"
#include "nn/layers/layer_norm.h"
#include "nn/layers/linear.h"
#include "nn/layers/maxout.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

Sample draw_linear_layer(Draw& draw) {
  const int64_t in = draw.length(), out = draw.up_to(3);
  const Linear layer(in, out, draw.rng(), draw.chance(0.5));
  return sample_of(draw, layer, {draw.numbers({draw.up_to(3), in})},
                   [](const Linear& linear, const Inputs& x) { return linear(x[0]); });
}

Sample draw_embedding_layer(Draw& draw) {
  const int64_t words = draw.up_to(5);
  const Tensor ids = draw.ids(draw.shape(0, 2), words);
  return sample_of(draw, Embedding(words, draw.up_to(5), draw.rng()), {}, [=](const Embedding& table, const Inputs&) {
    const Tensor y = table(ids);
    return y * y;
  });
}

// The mask broadcasts, as one that is kept over all time steps does.
Sample draw_dropout_with_mask(Draw& draw) {
  const Shape shape = draw.shape();
  const Tensor mask = draw.mask(draw.narrower(shape));
  const double p = draw.real(0, 0.9);
  return sample([=](const Inputs& x) { return dropout_with_mask(x[0], mask, p); }, {draw.numbers(shape)});
}

// The same draws each time.
Sample draw_dropout(Draw& draw) {
  const double p = draw.chance(0.1) ? 0 : draw.real(0, 0.9);
  const uint64_t seed = draw.rng().bits();
  return sample(
      [=](const Inputs& x) {
        Rng rng(seed);
        const Tensor y = dropout(x[0], p, rng);
        return y * y;
      },
      {draw.numbers(draw.shape())});
}

struct Normal {
  Shape x, over;
  double eps;
  bool weight, bias;
};
Normal draw_normal(Draw& draw) {
  Normal d{draw.shape(1, 3), {}, draw.chance(0.5) ? 1e-5 : 0.1, draw.chance(0.6), draw.chance(0.6)};
  const int first = static_cast<int>(draw.below(d.x.rank()));
  for (int i = first; i < d.x.rank(); ++i) d.over.push_back(d.x[i]);
  return d;
}

// Numbers apart from each other: next to a variance of 0 the slope changes too fast for the stencil.
template <class F>
Entry normalization(const char* name, F f) {
  return {name, [f](Draw& draw) {
            const Normal d = draw_normal(draw);
            return sample(
                [=](const Inputs& x) {
                  return f(x[0], d.over, d.weight ? x[1] : Tensor(), d.bias ? x[2] : Tensor(), d.eps);
                },
                {draw.apart(d.x, 0.2), draw.numbers(d.over), draw.numbers(d.over)});
          }};
}

Sample draw_layer_norm_layer(Draw& draw) {
  const Normal d = draw_normal(draw);
  return sample_of(draw, LayerNorm(d.over, d.eps, d.weight), {draw.apart(d.x, 0.2)},
                   [](const LayerNorm& norm, const Inputs& x) { return norm(x[0]); });
}

// Through the statistics of the batch in training; in use with given ones.
Sample draw_batch_norm(Draw& draw) {
  const bool training = draw.chance(0.6);
  const int64_t channels = draw.up_to(3);
  Shape x{training ? 1 + draw.up_to(3) : draw.up_to(3), channels};
  for (int64_t axes = draw.below(3); axes > 0; --axes) x.push_back(draw.up_to(3));
  BatchNorm norm(channels, draw.chance(0.6));
  norm.running_mean = draw.numbers({channels});
  norm.running_var = draw.numbers({channels}, 0.5, 2);
  norm.eps = draw.chance(0.5) ? 1e-5 : 0.1;
  return sample_of(draw, norm, {draw.apart(x, 0.2)},
                   [=](BatchNorm& mine, const Inputs& v) { return mine(v[0], training); });
}

// Two equal numbers of a pool would be a kink.
Sample draw_maxout(Draw& draw) {
  const int64_t pool = draw.chance(0.5) ? 2 : draw.up_to(4);
  Shape shape = draw.shape(1, 3);
  shape[shape.rank() - 1] *= pool;
  return sample([=](const Inputs& x) { return maxout(x[0], pool); }, {draw.apart(shape)});
}

}  // namespace

Entries layers() {
  return {
      {"Linear", draw_linear_layer},
      {"Embedding", draw_embedding_layer},
      {"dropout_with_mask", draw_dropout_with_mask},
      {"dropout", draw_dropout},
      normalization("layer_norm", layer_norm),
      {"LayerNorm", draw_layer_norm_layer},
      {"BatchNorm", draw_batch_norm},
      {"maxout", draw_maxout},
  };
}

}  // namespace heed::gradients
