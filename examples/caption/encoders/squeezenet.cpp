#include "examples/caption/encoders/squeezenet.h"

#include "autograd/ops/max_pooling.h"
#include "autograd/ops/pooling.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "examples/support/images/planes.h"

namespace heed::caption {
namespace {

constexpr double kStandardDeviation = 12;
constexpr std::array<support::Plane, 3> kCaffePlanes = {{{2, 104, 1}, {1, 117, 1}, {0, 123, 1}}};

Tensor pooled(const Tensor& x) { return max_pool2d(x, {.kernel = {3, 3}, .stride = {2, 2}, .ceil_mode = true}); }

}  // namespace

Fire::Fire(int64_t in, int64_t narrow, int64_t wide, Rng& rng)
    : squeeze(in, narrow, {1, 1}, rng, {.relu = true}),
      expand1x1(narrow, wide, {1, 1}, rng, {.relu = true}),
      // Its features are kept, and compared with those of other programs: digits matter more than an eighth
      // of the time.
      expand3x3(narrow, wide, {3, 3}, rng, {.padding = {1, 1}, .relu = true, .winograd = false}) {}

Tensor Fire::operator()(const Tensor& x) const {
  const Tensor s = squeeze(x);
  return concat({expand1x1(s), expand3x3(s)}, 1);
}

SqueezeNet::SqueezeNet(Rng& rng)
    : first(3, 64, {3, 3}, rng, {.stride = {2, 2}, .relu = true}),
      classifier(512, 1000, {1, 1}, rng, {.relu = true}) {
  const int64_t sizes[][3] = {{64, 16, 64},   {128, 16, 64},  {128, 32, 128}, {256, 32, 128},
                              {256, 48, 192}, {384, 48, 192}, {384, 64, 256}, {512, 64, 256}};
  for (const auto& [in, narrow, wide] : sizes) fires.emplace_back(in, narrow, wide, rng);
}

Tensor SqueezeNet::features(const Tensor& images, int64_t less) const {
  Tensor x = first(images);
  for (size_t i = 0; i + static_cast<size_t>(less) < fires.size(); ++i) {
    if (i == 0 || i == 2 || i == 4) x = pooled(x);
    x = fires[i](x);
  }
  return x;
}

Tensor SqueezeNet::logits(const Tensor& features) const { return mean(classifier(features), {2, 3}); }

Tensor squeezenet_input(const std::vector<support::Image>& images, WeightsFrom from) {
  const bool caffe = from == WeightsFrom::caffe;
  return support::to_planes(images, kSqueezeNetInput, caffe ? kCaffePlanes : support::torchvision_planes());
}

double squeezenet_scale(WeightsFrom from) { return from == WeightsFrom::caffe ? 1 / kStandardDeviation : 1; }

Tensor squeezenet_annotations(const SqueezeNet& net, const Tensor& input, WeightsFrom from, int64_t less) {
  return support::to_annotations(net.features(input, less), squeezenet_scale(from));
}

}  // namespace heed::caption
