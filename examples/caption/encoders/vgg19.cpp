#include "examples/caption/encoders/vgg19.h"

#include "autograd/ops/max_pooling.h"
#include "autograd/ops/pooling.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/encoders/encoder_parts.h"

namespace heed::caption {
namespace {

constexpr int kBlocks[] = {2, 2, 4, 4, 4};
constexpr std::array<Plane, 3> kVgg19Planes = {{{2, 103.939, 1}, {1, 116.779, 1}, {0, 123.68, 1}}};

class Vgg19Encoder : public FixedEncoder {
 public:
  Vgg19Encoder(const std::filesystem::path& weights, WeightsFrom from) : net_(random()) {
    const LoadedWeights loaded = load_weights(named_tensors(net_), weights, file_of_network(), from);
    from_caffe_ = loaded.from == WeightsFrom::caffe;
    identity_ = identity_of("vgg19", named_tensors(net_)) + origin_suffix(loaded.from, kVgg19Usual);
    note_ = loaded.note;
  }
  std::string name() const override { return "vgg19"; }
  int64_t side() const override { return 14; }
  int64_t depth() const override { return 512; }
  int64_t input_size() const override { return 224; }
  Tensor prepare(const std::vector<support::Image>& images) const override {
    return to_planes(images, input_size(), from_caffe_ ? kVgg19Planes : torchvision_planes());
  }
  Tensor encode(const Tensor& input) const override { return to_annotations(net_.features(input), 1); }

 private:
  static Vgg19 random() {
    Rng rng = Rng::none();
    return Vgg19(rng);
  }
  // Caffe's names count the layers of each block: conv1_1, conv1_2, conv2_1, ..
  NetworkFile file_of_network() {
    NetworkFile file{"VGG-19", {}, {"classifier.", "fc6.", "fc7.", "fc8."}, kVgg19Usual};
    const auto tensors = named_tensors(net_);
    size_t layer = 0;
    for (size_t block = 1; block <= std::size(kBlocks); ++block)
      for (int i = 1; i <= kBlocks[block - 1]; ++i, ++layer) {
        const std::string& weight = tensors[2 * layer].name;
        file.layers.push_back({fmt::format("conv{}_{}", block, i), weight.substr(0, weight.rfind('.'))});
      }
    return file;
  }
  Vgg19 net_;
  bool from_caffe_ = false;
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

std::unique_ptr<FixedEncoder> make_vgg19_encoder(const std::filesystem::path& weights, WeightsFrom from, int64_t) {
  return std::make_unique<Vgg19Encoder>(weights, from);
}

}  // namespace heed::caption
