#include "examples/caption/encoders/squeezenet.h"

#include "autograd/ops/max_pooling.h"
#include "autograd/ops/pooling.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/encoders/encoder_parts.h"

namespace heed::caption {
namespace {

constexpr double kStandardDeviation = 12;
constexpr std::array<Plane, 3> kSqueezeNetPlanes = {{{2, 104, 1}, {1, 117, 1}, {0, 123, 1}}};

Tensor pooled(const Tensor& x) { return max_pool2d(x, {.kernel = {3, 3}, .stride = {2, 2}, .ceil_mode = true}); }

SqueezeNet random_squeezenet() {
  Rng rng(0);
  return SqueezeNet(rng);
}

// Caffe's names: conv1, fire2/squeeze1x1, fire2/expand1x1, fire2/expand3x3, fire3/squeeze1x1, .., conv10.
NetworkFile squeezenet_file() {
  NetworkFile file{"SqueezeNet 1.1", {{"conv1", "features.0"}, {"conv10", "classifier.1"}}, {}, kSqueezeNetUsual};
  int fire = 2;
  for (const int ours : {3, 4, 6, 7, 9, 10, 11, 12}) {
    for (const auto& [theirs, part] :
         {std::pair{"squeeze1x1", "squeeze"}, {"expand1x1", "expand1x1"}, {"expand3x3", "expand3x3"}})
      file.layers.push_back({fmt::format("fire{}/{}", fire, theirs), fmt::format("features.{}.{}", ours, part)});
    ++fire;
  }
  return file;
}

class SqueezeNetEncoder : public FixedEncoder {
 public:
  SqueezeNetEncoder(const std::filesystem::path& weights, WeightsFrom from) : net_(random_squeezenet()) {
    const LoadedWeights loaded = load_weights(named_tensors(net_), weights, squeezenet_file(), from);
    from_caffe_ = loaded.from == WeightsFrom::caffe;
    identity_ = identity_of("squeezenet1.1", named_tensors(net_)) + origin_suffix(loaded.from, kSqueezeNetUsual);
    note_ = loaded.note;
  }
  std::string name() const override { return "squeezenet"; }
  int64_t side() const override { return 13; }
  int64_t depth() const override { return 512; }
  int64_t input_size() const override { return 224; }
  Tensor prepare(const std::vector<support::Image>& images) const override {
    return to_planes(images, input_size(), from_caffe_ ? kSqueezeNetPlanes : torchvision_planes());
  }
  Tensor encode(const Tensor& input) const override {
    return to_annotations(net_.features(input), from_caffe_ ? 1 / kStandardDeviation : 1);
  }

 private:
  SqueezeNet net_;
  bool from_caffe_ = true;
};

}  // namespace

Fire::Fire(int64_t in, int64_t narrow, int64_t wide, Rng& rng)
    : squeeze(in, narrow, {1, 1}, rng),
      expand1x1(narrow, wide, {1, 1}, rng),
      // Its features are kept, and compared with those of other programs: digits matter more than an eighth
      // of the time.
      expand3x3(narrow, wide, {3, 3}, rng, {.padding = {1, 1}, .winograd = false}) {}

Tensor Fire::operator()(const Tensor& x) const {
  const Tensor s = relu(squeeze(x));
  return relu(concat({expand1x1(s), expand3x3(s)}, 1));
}

SqueezeNet::SqueezeNet(Rng& rng) : first(3, 64, {3, 3}, rng, {.stride = {2, 2}}), classifier(512, 1000, {1, 1}, rng) {
  const int64_t sizes[][3] = {{64, 16, 64},   {128, 16, 64},  {128, 32, 128}, {256, 32, 128},
                              {256, 48, 192}, {384, 48, 192}, {384, 64, 256}, {512, 64, 256}};
  for (const auto& [in, narrow, wide] : sizes) fires.emplace_back(in, narrow, wide, rng);
}

Tensor SqueezeNet::features(const Tensor& images) const {
  Tensor x = relu(first(images));
  for (size_t i = 0; i < fires.size(); ++i) {
    if (i == 0 || i == 2 || i == 4) x = pooled(x);
    x = fires[i](x);
  }
  return x;
}

Tensor SqueezeNet::logits(const Tensor& features) const { return mean(relu(classifier(features)), {2, 3}); }

SqueezeNet load_squeezenet(const std::filesystem::path& weights) {
  SqueezeNet net = random_squeezenet();
  load_weights(named_tensors(net), weights, squeezenet_file(), kSqueezeNetUsual);
  return net;
}

std::unique_ptr<FixedEncoder> make_squeezenet_encoder(const std::filesystem::path& weights, WeightsFrom from) {
  return std::make_unique<SqueezeNetEncoder>(weights, from);
}

}  // namespace heed::caption
