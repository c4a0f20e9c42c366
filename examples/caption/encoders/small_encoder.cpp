#include "examples/caption/encoders/small_encoder.h"

#include <algorithm>

#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/init.h"

namespace heed::caption {

SmallEncoder::SmallEncoder(int64_t locations, int64_t depth, Rng& rng) {
  int64_t in = 3;
  for (const int64_t share : {4, 2, 1}) {
    const int64_t out = std::max<int64_t>(depth / share, 1);
    const int64_t kernel = share == 1 ? 2 : 4, edge = kernel / 2 - 1;
    layers.emplace_back(in, out, std::array{kernel, kernel}, rng,
                        Conv2dOptions{.stride = {2, 2}, .padding = {edge, edge}});
    layers.back().weight = init::kaiming_uniform(layers.back().weight.shape(), rng);
    in = out;
  }
  places = rng.normal({locations, depth}, 0, 0.5);
}

Tensor SmallEncoder::operator()(const Tensor& pictures) const {
  Tensor x = pictures;
  for (const Conv2d& layer : layers) x = relu(layer(x));
  return permute(reshape(x, {x.size(0), x.size(1), -1}), {0, 2, 1}) + places;
}

}  // namespace heed::caption
