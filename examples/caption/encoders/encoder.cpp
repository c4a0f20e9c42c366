#include "examples/caption/encoders/encoder.h"

#include "autograd/base/error.h"
#include "autograd/files/crc32c.h"
#include "autograd/files/safetensors.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/encoders/encoder_parts.h"
#include "examples/caption/encoders/fixed_encoders.h"

namespace heed::caption {

std::unique_ptr<FixedEncoder> load_encoder(const std::string& name, const std::filesystem::path& weights) {
  return choose(fixed_encoders, "encoder", name).make.load(weights);
}

void load_weights(const std::vector<NamedTensor>& network_tensors, const std::filesystem::path& weights,
                  const std::string& network, const std::string& unused) {
  TensorFile file = load_tensors(weights);
  if (!unused.empty())
    std::erase_if(file.tensors, [&](const auto& entry) { return entry.first.starts_with(unused); });
  try {
    load_into(network_tensors, file, weights);
  } catch (const OutOfMemory&) {
    throw;
  } catch (const Error& error) {
    throw Error("these are not the weights of {}: {}", network, error.what());
  }
}

std::string identity_of(const std::string& name, const std::vector<NamedTensor>& tensors) {
  uint32_t sum = 0;
  for (const NamedTensor& entry : tensors) {
    const Tensor dense = densify(*entry.tensor);
    sum = crc32c(entry.name.data(), entry.name.size(), sum);
    sum = crc32c(dense.address(), static_cast<size_t>(dense.numel() * size_of(dense.dtype())), sum);
  }
  return fmt::format("{} {:08x}", name, sum);
}

Tensor to_planes(const std::vector<support::Image>& images, int64_t size,
                 const std::array<Plane, 3>& planes) {
  const auto pixels = static_cast<size_t>(size * size);
  Tensor result = Tensor::empty({static_cast<int64_t>(images.size()), 3, size, size});
  float* to = result.mutable_data<float>();
  for (const support::Image& image : images) {
    const support::Image square = support::resize(image, static_cast<int>(size), static_cast<int>(size));
    for (const Plane& plane : planes) {
      const uint8_t* from = square.rgb.data() + plane.channel;
      for (size_t i = 0; i < pixels; ++i, from += 3)
        *to++ = static_cast<float>((*from - plane.mean) / plane.deviation);
    }
  }
  return result;
}

Tensor to_annotations(const Tensor& features, double scale) {
  const int64_t n = features.size(0), depth = features.size(1);
  const Tensor places = reshape(features, {n, depth, features.size(2) * features.size(3)});
  return contiguous(transpose(places, 1, 2) * scale);
}

}  // namespace heed::caption
