// What the fixed encoders have in common: weights in, pixels in, annotations out.
#pragma once

#include <string>
#include <vector>

#include "autograd/tape/parameters.h"
#include "examples/caption/encoders/encoder.h"
#include "examples/support/images/planes.h"

namespace heed::caption {

// What is to be known of a network to read its files.
struct NetworkFile {
  std::string name;                 // for messages
  std::vector<CaffeLayer> layers;   // all that have weights
  std::vector<std::string> unused;  // tensors whose names begin so are left out
  WeightsFrom usual;                // of a .safetensors file
};

struct LoadedWeights {
  WeightsFrom from;  // never automatic
  std::string note;  // for FixedEncoder::note
};

// Fills the network with the file's tensors. Throws if the file cannot be read, holds another network or does not say
// where it is from.
LoadedWeights load_weights(const std::vector<NamedTensor>& network_tensors, const std::filesystem::path& weights,
                           const NetworkFile& network, WeightsFrom from);

// "squeezenet1.1 1f2e3d4c": the name, and a checksum over names and numbers of all tensors.
std::string identity_of(const std::string& name, const std::vector<NamedTensor>& tensors);

using support::Plane, support::to_annotations, support::to_planes, support::torchvision_planes;

}  // namespace heed::caption
