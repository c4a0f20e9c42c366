// SqueezeNet's weights, from files.
#include "examples/caption/encoders/encoder_parts.h"
#include "examples/caption/encoders/fire_tail.h"
#include "examples/caption/encoders/squeezenet.h"

namespace heed::caption {
namespace {

SqueezeNet random_squeezenet() {
  Rng rng = Rng::none();
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
  SqueezeNetEncoder(const std::filesystem::path& weights, WeightsFrom from, int64_t less)
      : net_(random_squeezenet()), less_(less) {
    const LoadedWeights loaded = load_weights(named_tensors(net_), weights, squeezenet_file(), from);
    from_ = loaded.from;
    identity_ = identity_of("squeezenet1.1", named_tensors(net_));
    if (less > 0) identity_ += fmt::format(" less {}", less);
    identity_ += origin_suffix(loaded.from, kSqueezeNetUsual);
    note_ = loaded.note;
  }
  std::string name() const override { return "squeezenet"; }
  int64_t side() const override { return 13; }
  int64_t depth() const override { return kSqueezeNetDepths[less_]; }
  int64_t input_size() const override { return kSqueezeNetInput; }
  Tensor prepare(const std::vector<support::Image>& images) const override { return squeezenet_input(images, from_); }
  Tensor encode(const Tensor& input) const override { return squeezenet_annotations(net_, input, from_, less_); }
  FireTail tail() const override { return FireTail(net_, less_, squeezenet_scale(from_)); }

 private:
  SqueezeNet net_;
  WeightsFrom from_;
  int64_t less_;
};

}  // namespace

SqueezeNet load_squeezenet(const std::filesystem::path& weights) {
  SqueezeNet net = random_squeezenet();
  load_weights(named_tensors(net), weights, squeezenet_file(), kSqueezeNetUsual);
  return net;
}

std::unique_ptr<FixedEncoder> make_squeezenet_encoder(const std::filesystem::path& weights, WeightsFrom from,
                                                      int64_t less) {
  return std::make_unique<SqueezeNetEncoder>(weights, from, less);
}

}  // namespace heed::caption
