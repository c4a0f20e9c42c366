// The fixed encoders by name. A new one is a line here, and a name among the settings (model/choices.h).
#pragma once

#include <filesystem>
#include <memory>

#include "autograd/base/choice.h"
#include "examples/caption/encoders/encoder.h"
#include "examples/caption/encoders/squeezenet.h"
#include "examples/caption/encoders/vgg19.h"

namespace heed::caption {

struct FixedEncoderKind {
  int64_t side, depth;  // of its annotations
  WeightsFrom usual;    // of weights in a .safetensors file
  std::unique_ptr<FixedEncoder> (*load)(const std::filesystem::path& weights, WeightsFrom from);
};

inline constexpr Choice<FixedEncoderKind> fixed_encoders[] = {
    {"squeezenet", "SqueezeNet 1.1: 13 x 13 places", {13, 512, kSqueezeNetUsual, make_squeezenet_encoder}},
    {"vgg19", "VGG-19, the paper's: 14 x 14 places", {14, 512, kVgg19Usual, make_vgg19_encoder}},
};

}  // namespace heed::caption
