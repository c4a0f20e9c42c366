// Convolution and pooling, with strides, padding, dilation and groups.
#include "autograd/ops/conv.h"

#include <algorithm>
#include <cmath>

#include "autograd/ops/max_pooling.h"
#include "autograd/ops/pooling.h"
#include "nn/layers/conv2d.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

struct Images {
  Shape x, weight;
  Conv2dOptions options;
};
// Sizes that fit: the image is at least as large as what the kernel reaches.
Images draw_images(Draw& draw) {
  Images d;
  d.options.groups = draw.up_to(2);
  const int64_t in = draw.up_to(2), out = draw.up_to(2) * d.options.groups;
  d.x = {draw.up_to(2), in * d.options.groups};
  d.weight = {out, in};
  const bool pointwise = draw.chance(0.2);
  for (size_t k = 0; k < 2; ++k) {
    const int64_t kernel = pointwise ? 1 : draw.up_to(3);
    if (!pointwise) {
      d.options.stride[k] = draw.up_to(2);
      d.options.padding[k] = draw.below(2);
      d.options.dilation[k] = draw.up_to(2);
    }
    d.weight.push_back(kernel);
    d.x.push_back(d.options.dilation[k] * (kernel - 1) + 1 + draw.below(k == 1 && draw.chance(0.1) ? 9 : 2));
  }
  return d;
}

Sample draw_conv2d(Draw& draw) {
  const Images d = draw_images(draw);
  Inputs inputs{draw.numbers(d.x), draw.numbers(d.weight)};
  if (draw.chance(0.5)) inputs.push_back(draw.numbers({d.weight[0]}));
  return sample([=](const Inputs& x) { return conv2d(x[0], x[1], x.size() > 2 ? x[2] : Tensor(), d.options); },
                inputs);
}

Sample draw_conv_layer(Draw& draw) {
  const Images d = draw_images(draw);
  const Conv2d layer(d.x[1], d.weight[0], {d.weight[2], d.weight[3]}, draw.rng(), d.options, draw.chance(0.5));
  return sample_of(draw, layer, {draw.numbers(d.x)}, [](const Conv2d& conv, const Inputs& x) { return conv(x[0]); });
}

struct Pooled {
  Shape x;
  Pool2dOptions options;
};
Pooled draw_pooled(Draw& draw, bool dilates) {
  Pooled d;
  d.x = {draw.up_to(2), draw.up_to(2)};
  for (size_t k = 0; k < 2; ++k) {
    d.options.kernel[k] = draw.up_to(3);
    d.options.stride[k] = draw.below(3);
    d.options.padding[k] = draw.below(d.options.kernel[k] / 2 + 1);
    if (dilates) d.options.dilation[k] = draw.up_to(2);
    d.x.push_back(d.options.dilation[k] * (d.options.kernel[k] - 1) + 1 + draw.below(3));
  }
  d.options.ceil_mode = draw.chance(0.4);
  d.options.count_include_pad = draw.chance(0.5);
  d.options.divisor = draw.chance(0.3) ? 2.5 : 0;
  return d;
}

// Drawn until every window sees a number: one that sees only padding is -inf.
template <class Pool>
Sample draw_largest(Draw& draw, Pool pool) {
  while (true) {
    const Pooled d = draw_pooled(draw, true);
    const Tensor x = draw.apart(d.x);
    const std::vector<double> values = pool(x, d.options).to_vector();
    if (std::all_of(values.begin(), values.end(), [](double y) { return std::isfinite(y); }))
      return sample([=](const Inputs& v) { return pool(v[0], d.options); }, {x});
  }
}
Sample draw_max_pool(Draw& draw) { return draw_largest(draw, max_pool2d); }
Sample draw_max_pool_with_places(Draw& draw) {
  return draw_largest(
      draw, [](const Tensor& x, const Pool2dOptions& options) { return max_pool2d_with_places(x, options).first; });
}

Sample draw_avg_pool(Draw& draw) {
  const Pooled d = draw_pooled(draw, false);
  return sample([=](const Inputs& x) { return avg_pool2d(x[0], d.options); }, {draw.numbers(d.x)});
}

Sample draw_adaptive(Draw& draw) {
  const int64_t height = draw.up_to(4), width = draw.up_to(4);
  const Shape x{draw.up_to(2), draw.up_to(2), draw.up_to(5), draw.up_to(5)};
  return sample([=](const Inputs& v) { return adaptive_avg_pool2d(v[0], height, width); }, {draw.numbers(x)});
}

}  // namespace

Entries images() {
  return {
      {"conv2d", draw_conv2d, 4},    {"Conv2d", draw_conv_layer, 6},
      {"max_pool2d", draw_max_pool}, {"max_pool2d_with_places", draw_max_pool_with_places},
      {"avg_pool2d", draw_avg_pool}, {"adaptive_avg_pool2d", draw_adaptive},
  };
}

}  // namespace heed::gradients
