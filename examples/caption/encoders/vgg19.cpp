#include "examples/caption/encoders/vgg19.h"

#include "autograd/ops/max_pooling.h"
#include "autograd/ops/pooling.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/encoders/encoder_parts.h"

namespace heed::caption {
namespace {

constexpr int kBlocks[] = {2, 2, 4, 4, 4};

class Vgg19Encoder : public FixedEncoder {
 public:
  explicit Vgg19Encoder(const std::filesystem::path& weights) : net_(random()) {
    load_weights(named_tensors(net_), weights, "VGG-19", "classifier.");
    identity_ = identity_of("vgg19", named_tensors(net_));
  }
  std::string name() const override { return "vgg19"; }
  int64_t side() const override { return 14; }
  int64_t depth() const override { return 512; }
  int64_t input_size() const override { return 224; }
  Tensor prepare(const std::vector<support::Image>& images) const override {
    const auto plane = [](int channel, double mean, double deviation) {
      return Plane{channel, 255 * mean, 255 * deviation};
    };
    return to_planes(images, input_size(),
                     {plane(0, 0.485, 0.229), plane(1, 0.456, 0.224), plane(2, 0.406, 0.225)});
  }
  Tensor encode(const Tensor& input) const override { return to_annotations(net_.features(input), 1); }

 private:
  static Vgg19 random() {
    Rng rng(0);
    return Vgg19(rng);
  }
  Vgg19 net_;
};

}  // namespace

Vgg19::Vgg19(Rng& rng, int64_t width) {
  int64_t in = 3, out = width;
  for (const int count : kBlocks) {
    for (int i = 0; i < count; ++i) {
      layers.emplace_back(in, out, std::array<int64_t, 2>{3, 3}, rng, Conv2dOptions{.padding = {1, 1}});
      in = out;
    }
    out = std::min(2 * out, 8 * width);
  }
}

Tensor Vgg19::features(const Tensor& images) const {
  Tensor x = images;
  size_t layer = 0;
  for (const int count : kBlocks) {
    if (layer > 0) x = max_pool2d(x, {});
    for (int i = 0; i < count; ++i) x = relu(layers[layer++](x));
  }
  return x;
}

std::unique_ptr<FixedEncoder> make_vgg19_encoder(const std::filesystem::path& weights) {
  return std::make_unique<Vgg19Encoder>(weights);
}

}  // namespace heed::caption
