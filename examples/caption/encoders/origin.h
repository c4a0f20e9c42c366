// Who trained a network, and so which numbers it wants to see for a picture. Weights of one name and shape come from
// two sources, and each is good for nothing with the other's input:
//
//     caffe         blue, green, red from 0 to 255, less the mean of each
//     torchvision   red, green, blue from 0 to 1, less the mean of each, divided by the deviation
//
// Unless it is said (--weights-from), the file decides: a .caffemodel, or Caffe's names of layers in any file, are
// Caffe's; a .pth with torchvision's names is torchvision's; a .safetensors with these names is what heed always took
// it for, SqueezeNet's Caffe's and VGG-19's torchvision's; an .npz with these names says nothing, and must be told.
#pragma once

#include <span>
#include <string>

#include "autograd/base/choice.h"
#include "examples/caption/encoders/weights/weights_file.h"

namespace heed::caption {

enum class WeightsFrom { automatic, caffe, torchvision };

inline constexpr Choice<WeightsFrom> weights_origins[] = {
    {"auto", "what the file is: a .caffemodel is Caffe's, a .pth torchvision's", WeightsFrom::automatic},
    {"caffe", "blue, green, red from 0 to 255, less the mean", WeightsFrom::caffe},
    {"torchvision", "red, green, blue from 0 to 1, less the mean, divided by the deviation",
     WeightsFrom::torchvision},
};

inline constexpr const char* kWeightsHelp =
    "of the encoder, a file of torchvision's or Caffe's: .pth, .caffemodel, .safetensors or .npz, told by its content";
inline constexpr const char* kWeightsFromHelp =
    "who trained them, and so which pictures they want; auto cannot know of an .npz, and of what was converted";

// A layer's name in Caffe's file, and the front of its tensors' names in torchvision's: "conv1", "features.0".
struct CaffeLayer {
  std::string theirs, ours;
};

// Gives the tensors of these layers torchvision's names. Returns whether there were any.
bool rename_from_caffe(TensorFile& file, std::span<const CaffeLayer> layers);

// Caffe or torchvision, by what is above; `usual` is for a .safetensors. Throws, in the name of `path`, for an .npz
// that does not say.
WeightsFrom origin_of(WeightsKind kind, bool caffe_names, WeightsFrom usual, const std::string& path);

// What an encoder's identity ends in if its weights are not from where they usually are, and back.
std::string origin_suffix(WeightsFrom from, WeightsFrom usual);
WeightsFrom origin_in(const std::string& identity, WeightsFrom usual);

}  // namespace heed::caption
