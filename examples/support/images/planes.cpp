#include "examples/support/images/planes.h"

#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed::support {

std::array<Plane, 3> torchvision_planes() {
  const auto plane = [](int channel, double mean, double deviation) {
    return Plane{channel, 255 * mean, 255 * deviation};
  };
  return {plane(0, 0.485, 0.229), plane(1, 0.456, 0.224), plane(2, 0.406, 0.225)};
}

Tensor to_planes(const std::vector<Image>& images, int64_t size, const std::array<Plane, 3>& planes) {
  const auto pixels = static_cast<size_t>(size * size);
  Tensor result = Tensor::empty({static_cast<int64_t>(images.size()), 3, size, size});
  float* to = result.mutable_data<float>();
  for (const Image& image : images) {
    const Image square = resize(image, static_cast<int>(size), static_cast<int>(size));
    for (const Plane& plane : planes) {
      const uint8_t* from = square.rgb.data() + plane.channel;
      for (size_t i = 0; i < pixels; ++i, from += 3)
        *to++ = static_cast<float>((*from - plane.mean) / plane.deviation);
    }
  }
  return result;
}

Tensor pixels(const std::vector<const Image*>& pictures, int64_t size) {
  const auto count = static_cast<int64_t>(pictures.size());
  Tensor x = Tensor::empty({count, 3, size, size});
  float* to = x.mutable_data<float>();
  for (const Image* picture : pictures)
    for (int64_t channel = 0; channel < 3; ++channel)
      for (int64_t p = 0; p < size * size; ++p)
        *to++ = (static_cast<float>(picture->rgb[static_cast<size_t>(3 * p + channel)]) - 127.5F) / 64;
  return x;
}

Tensor to_annotations(const Tensor& features, double scale) {
  const int64_t n = features.size(0), depth = features.size(1);
  const Tensor places = reshape(features, {n, depth, features.size(2) * features.size(3)});
  return contiguous(transpose(places, 1, 2) * scale);
}

}  // namespace heed::support
