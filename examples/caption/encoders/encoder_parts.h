// What the fixed encoders have in common: weights in, pixels in, annotations out.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "autograd/tape/parameters.h"
#include "examples/caption/encoders/encoder.h"

namespace heed::caption {

// Fills the network with the file's tensors, leaving out names that begin with `unused` (if that is not
// empty). `network` is for the message. Throws if the file cannot be read or holds another network.
void load_weights(const std::vector<NamedTensor>& network_tensors, const std::filesystem::path& weights,
                  const std::string& network, const std::string& unused);

// "squeezenet1.1 1f2e3d4c": the name, and a checksum over names and numbers of all tensors.
std::string identity_of(const std::string& name, const std::vector<NamedTensor>& tensors);

// One plane of a network's input: (value - mean) / deviation of a channel (0 red, 1 green, 2 blue).
struct Plane {
  int channel;
  double mean, deviation;
};

// Pictures resized to size x size -> f32 [n, 3, size, size].
Tensor to_planes(const std::vector<support::Image>& images, int64_t size, const std::array<Plane, 3>& planes);

// [n, D, side, side] -> [n, L, D], times `scale`.
Tensor to_annotations(const Tensor& features, double scale);

}  // namespace heed::caption
