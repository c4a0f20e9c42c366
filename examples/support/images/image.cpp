#include "examples/support/images/image.h"

#include <algorithm>
#include <cmath>

#include "autograd/base/error.h"

namespace heed::support {
namespace {

// Where one output pixel gets its light from: input pixels first, first + 1, ..
struct Taps {
  int first = 0;
  std::vector<float> weights;  // sum 1
};

std::vector<Taps> triangle_taps(int from, int to) {
  const double scale = static_cast<double>(from) / to;
  const double reach = std::max(scale, 1.0);
  std::vector<Taps> taps(static_cast<size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * scale;
    const int first = std::max(0, static_cast<int>(std::floor(centre - reach)));
    const int last = std::min(from - 1, static_cast<int>(std::ceil(centre + reach)));
    Taps& here = taps[static_cast<size_t>(i)];
    here.first = first;
    double sum = 0;
    for (int k = first; k <= last; ++k) {
      const double weight = std::max(0.0, 1 - std::abs(k + 0.5 - centre) / reach);
      here.weights.push_back(static_cast<float>(weight));
      sum += weight;
    }
    for (float& weight : here.weights) weight = static_cast<float>(weight / sum);
  }
  return taps;
}

}  // namespace

void check_picture_size(int64_t width, int64_t height, const std::string& name) {
  if (width >= 1 && height >= 1 && width <= kLargestSide && height <= kLargestSide && width * height <= kMostPixels)
    return;
  throw Error(
      "{}: its header says {} x {} pixels; pictures may have {} on a side and {} million in all. Make it "
      "smaller first",
      name, width, height, kLargestSide, kMostPixels >> 20);
}

Image blank_image(int width, int height, uint8_t red, uint8_t green, uint8_t blue) {
  const int64_t pixels = int64_t{width} * height;
  if (width < 1 || height < 1 || width > kLargestSide || height > kLargestSide || pixels > kMostPixels)
    throw Error("image: a picture of {}x{} pixels cannot be made; sides are 1 to {}, {} pixels at most", width,
                height, kLargestSide, kMostPixels);
  Image image{width, height, std::vector<uint8_t>(static_cast<size_t>(3 * pixels))};
  for (size_t i = 0; i < image.rgb.size(); i += 3) {
    image.rgb[i] = red;
    image.rgb[i + 1] = green;
    image.rgb[i + 2] = blue;
  }
  return image;
}

Image on_white(int width, int height, const uint8_t* rgba) {
  Image image = blank_image(width, height, 255, 255, 255);
  for (size_t i = 0; i < image.rgb.size(); ++i) {
    const uint8_t* pixel = rgba + i / 3 * 4;
    image.rgb[i] = static_cast<uint8_t>((pixel[i % 3] * pixel[3] + 255 * (255 - pixel[3]) + 127) / 255);
  }
  return image;
}

Image resize(const Image& image, int width, int height) {
  Image result = blank_image(width, height, 0, 0, 0);
  if (width == image.width && height == image.height) return image;
  const std::vector<Taps> columns = triangle_taps(image.width, width), rows = triangle_taps(image.height, height);
  // Rows are narrowed first: [image.height, width, 3].
  std::vector<float> narrow(3 * static_cast<size_t>(width) * static_cast<size_t>(image.height));
  float* to = narrow.data();
  for (int y = 0; y < image.height; ++y)
    for (const Taps& taps : columns) {
      const uint8_t* from = image.at(taps.first, y);
      float sum[3] = {0, 0, 0};
      for (const float weight : taps.weights)
        for (float& channel : sum) channel += weight * static_cast<float>(*from++);
      to = std::copy(sum, sum + 3, to);
    }
  const size_t line = 3 * static_cast<size_t>(width);
  std::vector<float> sum(line);
  for (int y = 0; y < height; ++y) {
    const Taps& taps = rows[static_cast<size_t>(y)];
    std::fill(sum.begin(), sum.end(), 0.5f);  // to round, not cut
    const float* from = narrow.data() + static_cast<size_t>(taps.first) * line;
    for (const float weight : taps.weights)
      for (size_t i = 0; i < line; ++i) sum[i] += weight * *from++;
    uint8_t* row = result.at(0, y);
    for (size_t i = 0; i < line; ++i) row[i] = static_cast<uint8_t>(std::clamp(sum[i], 0.0f, 255.0f));
  }
  return result;
}

Image cropped(const Image& image, int left, int top, int width, int height) {
  if (left < 0 || top < 0 || width < 1 || height < 1 || left + width > image.width || top + height > image.height)
    throw Error("a part of {} x {} pixels at ({}, {}) does not lie in a picture of {} x {}", width, height, left, top,
                image.width, image.height);
  Image result{width, height, {}};
  for (int y = top; y < top + height; ++y)
    result.rgb.insert(result.rgb.end(), image.at(left, y), image.at(left, y) + 3 * static_cast<size_t>(width));
  return result;
}

Image mirrored(const Image& image) {
  Image result = image;
  for (size_t row = 0; row < static_cast<size_t>(image.height); ++row)
    for (size_t x = 0, width = static_cast<size_t>(image.width); x < width; ++x)
      std::copy_n(&image.rgb[3 * (row * width + x)], 3, &result.rgb[3 * (row * width + width - 1 - x)]);
  return result;
}

}  // namespace heed::support
