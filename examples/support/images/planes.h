// Pictures as the planes of numbers that a network sees, and the planes of its features as one row a place.
#pragma once

#include <array>
#include <vector>

#include "autograd/base/tensor.h"
#include "examples/support/images/image.h"

namespace heed::support {

// One plane of a network's input: (value - mean) / deviation of a channel (0 red, 1 green, 2 blue).
struct Plane {
  int channel;
  double mean, deviation;
};

// torchvision's for all networks: mean and deviation of ImageNet's pictures.
std::array<Plane, 3> torchvision_planes();

// Pictures resized to size x size -> f32 [n, 3, size, size].
Tensor to_planes(const std::vector<Image>& images, int64_t size, const std::array<Plane, 3>& planes);

// Pictures of size x size, each channel scaled to about -2 .. 2 -> f32 [n, 3, size, size].
Tensor pixels(const std::vector<const Image*>& pictures, int64_t size);

// [n, D, side, side] -> [n, L, D], L = side^2, times `scale`.
Tensor to_annotations(const Tensor& features, double scale);

}  // namespace heed::support
