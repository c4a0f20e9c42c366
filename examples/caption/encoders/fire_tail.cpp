#include "examples/caption/encoders/fire_tail.h"

#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed::caption {

FireTail::FireTail(int64_t count, Rng& rng) {
  SqueezeNet net(rng);
  fires.assign(net.fires.end() - count, net.fires.end());
}

FireTail::FireTail(const SqueezeNet& net, int64_t count, double scale) {
  fires.assign(net.fires.end() - count, net.fires.end());
  for (Fire& fire : fires)
    for (Conv2d* part : {&fire.squeeze, &fire.expand1x1, &fire.expand3x3}) {
      part->weight = copy_of(part->weight);
      part->bias = part->bias * scale;
    }
}

Tensor FireTail::operator()(const Tensor& annotations, int64_t side) const {
  const int64_t count = annotations.size(0);
  Tensor x = reshape(permute(annotations, {0, 2, 1}), {count, -1, side, side});
  for (const Fire& fire : fires) x = fire(x);
  return permute(reshape(x, {count, x.size(1), -1}), {0, 2, 1});
}

}  // namespace heed::caption
