// The fixed encoders by name. A new one is a line here, and a name among the settings (model/choices.h).
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "autograd/base/choice.h"
#include "examples/caption/encoders/encoder.h"
#include "examples/caption/encoders/squeezenet.h"
#include "examples/caption/encoders/vgg19.h"

namespace heed::caption {

struct FixedEncoderKind {
  int64_t side;                     // of its annotations
  std::span<const int64_t> depths;  // of them, and of what its last 1, 2, .. modules see, as far as they can learn
  WeightsFrom usual;                // of weights in a .safetensors file
  std::unique_ptr<FixedEncoder> (*load)(const std::filesystem::path& weights, WeightsFrom from, int64_t less);
};

inline constexpr Choice<FixedEncoderKind> fixed_encoders[] = {
    {"squeezenet",
     "SqueezeNet 1.1: 13 x 13 places",
     {13, kSqueezeNetDepths, kSqueezeNetUsual, make_squeezenet_encoder}},
    {"vgg19", "VGG-19, the paper's: 14 x 14 places", {14, kVgg19Depths, kVgg19Usual, make_vgg19_encoder}},
};

}  // namespace heed::caption
