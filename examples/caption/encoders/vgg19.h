// VGG-19 (Simonyan and Zisserman 2015, arXiv 1409.1556), the encoder of Xu et al.: sixteen 3x3 convolutions
// in five blocks with max pooling between them. The annotations are what conv5_4 gives after its ReLU, before
// the last pooling: 14 x 14 places with 512 numbers.
//
// The weights are torchvision's (features.N.weight, features.N.bias) or the authors' own, of Caffe, whose input is blue,
// green, red from 0 to 255, less the mean (103.939, 116.779, 123.68), as their model card has it (origin.h). The
// classifier may be in the file and is not used. Annotations are not scaled.
#pragma once

#include <string>
#include <vector>

#include "autograd/base/rng.h"
#include "examples/caption/encoders/encoder.h"
#include "nn/layers/conv2d.h"

namespace heed::caption {

struct Vgg19 {
  std::vector<Conv2d> layers;  // conv1_1 .. conv5_4

  // `width` channels in the first block: 64 in the paper, doubled by each block up to eight times as many.
  explicit Vgg19(Rng& rng, int64_t width = 64);

  // [N, 3, H, W] -> [N, 8 width, H / 16, W / 16]
  Tensor features(const Tensor& images) const;

  void parts(auto& visit) {
    constexpr const char* names[] = {"0",  "2",  "5",  "7",  "10", "12", "14", "16",
                                     "19", "21", "23", "25", "28", "30", "32", "34"};
    for (size_t i = 0; i < layers.size(); ++i) visit(std::string("features.") + names[i], layers[i]);
  }
};

inline constexpr int64_t kVgg19Depths[] = {512};
inline constexpr WeightsFrom kVgg19Usual = WeightsFrom::torchvision;

// `less` is 0: nothing of it learns.
std::unique_ptr<FixedEncoder> make_vgg19_encoder(const std::filesystem::path& weights, WeightsFrom from,
                                                 int64_t less);

}  // namespace heed::caption
