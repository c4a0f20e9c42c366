// SqueezeNet 1.1 (Iandola et al. 2016, arXiv 1602.07360): a network of AlexNet's accuracy in 1.2 million
// parameters. Its idea is the fire module: squeeze to few channels by 1x1 kernels, then expand by 1x1 and 3x3
// kernels side by side,
//
//     s = relu(squeeze(x)),   y = [relu(expand1x1(s)); relu(expand3x3(s))]
//
// so that the costly 3x3 kernels see few channels.
//
// The weights are the authors' own, of Caffe: the input is blue, green, red, from 0 to 255, less the mean (104, 117,
// 123). Or torchvision's, of the same shapes, with the other input (origin.h).
#pragma once

#include <vector>

#include "autograd/base/rng.h"
#include "examples/caption/encoders/encoder.h"
#include "nn/layers/conv2d.h"

namespace heed::caption {

struct Fire {
  Conv2d squeeze, expand1x1, expand3x3;

  Fire(int64_t in, int64_t narrow, int64_t wide, Rng& rng);
  // [N, in, H, W] -> [N, 2 wide, H, W]
  Tensor operator()(const Tensor& x) const;
  void parts(auto& visit) {
    visit("squeeze", squeeze);
    visit("expand1x1", expand1x1);
    visit("expand3x3", expand3x3);
  }
};

struct SqueezeNet {
  Conv2d first;             // 64 channels, 3x3, stride 2, no padding
  std::vector<Fire> fires;  // eight, with max pooling (3, stride 2, rounding up) before numbers 0, 2 and 4
  Conv2d classifier;        // 1000 classes, 1x1

  explicit SqueezeNet(Rng& rng);

  // [N, 3, H, W] -> [N, 512, h, w]: 13 x 13 places for 224 x 224 pixels, 14 x 14 for 227 x 227. Without the last
  // `less` fire modules: [N, kSqueezeNetDepths[less], h, w], on the same grid.
  Tensor features(const Tensor& images, int64_t less = 0) const;
  // Of those features -> [N, 1000]: what the paper feeds into the softmax (ReLU, then the mean over places).
  Tensor logits(const Tensor& features) const;

  // Names as in torchvision: features.3.expand1x1.weight; gaps in the numbers are ReLUs and pools.
  void parts(auto& visit) {
    constexpr const char* names[] = {"features.3", "features.4",  "features.6",  "features.7",
                                     "features.9", "features.10", "features.11", "features.12"};
    visit("features.0", first);
    for (size_t i = 0; i < fires.size(); ++i) visit(names[i], fires[i]);
    visit("classifier.1", classifier);
  }
};

// Reads weights into a network; errors as of load_encoder.
SqueezeNet load_squeezenet(const std::filesystem::path& weights);

// Of the features, and of those without the last one, two, three modules: with the fourth, a pool would be among them.
inline constexpr int64_t kSqueezeNetDepths[] = {512, 512, 384, 384};
inline constexpr WeightsFrom kSqueezeNetUsual = WeightsFrom::caffe;
inline constexpr int64_t kSqueezeNetInput = 224;  // pixels on each edge

// Pictures as weights from there want them, f32 [n, 3, 224, 224]; and what the network, without its last `less`
// modules, makes of them, [n, 169, kSqueezeNetDepths[less]].
Tensor squeezenet_input(const std::vector<support::Image>& images, WeightsFrom from);
Tensor squeezenet_annotations(const SqueezeNet& net, const Tensor& input, WeightsFrom from, int64_t less = 0);
// What they are multiplied by. Those of Caffe's weights are divided by 12, their standard deviation over photographs;
// torchvision's are taken as they are.
double squeezenet_scale(WeightsFrom from);

// Annotations 13 x 13 x 512, or those that the last `less` modules see.
std::unique_ptr<FixedEncoder> make_squeezenet_encoder(const std::filesystem::path& weights, WeightsFrom from,
                                                      int64_t less);

}  // namespace heed::caption
