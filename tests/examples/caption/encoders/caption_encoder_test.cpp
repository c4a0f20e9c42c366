#include "examples/caption/encoders/encoder.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>

#include "autograd/files/safetensors.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/encoders/squeezenet.h"
#include "examples/caption/encoders/vgg19.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"
#include "tests/examples/program.h"

using namespace heed;
using namespace heed::caption;
using Catch::Matchers::ContainsSubstring;

namespace {

// The golden file holds bytes (U8) beside tensors, which heed's own reader refuses.
class Golden {
 public:
  explicit Golden(const std::filesystem::path& path) : bytes_(tests::bytes_of(path)) {
    uint64_t length = 0;
    std::memcpy(&length, bytes_.data(), 8);
    header_ = nlohmann::json::parse(bytes_.substr(8, length));
    data_ = bytes_.data() + 8 + length;
  }
  const char* bytes(const std::string& name) const {
    return data_ + header_.at(name).at("data_offsets").at(0).get<size_t>();
  }
  template <class T>
  Tensor tensor(const std::string& name) const {
    Shape shape;
    for (const int64_t size : header_.at(name).at("shape")) shape.push_back(size);
    Tensor result = Tensor::empty(shape, dtype_of<T>);
    std::memcpy(result.mutable_data<T>(), bytes(name), static_cast<size_t>(result.numel()) * sizeof(T));
    return result;
  }

 private:
  std::string bytes_;
  nlohmann::json header_;
  const char* data_ = nullptr;
};

double farthest(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  const auto differences = abs(a - b).to_vector();
  return *std::max_element(differences.begin(), differences.end());
}

std::vector<int64_t> best_five(const Tensor& logits, int64_t row) {
  std::vector<int64_t> order(static_cast<size_t>(logits.size(1)));
  std::iota(order.begin(), order.end(), 0);
  const auto score = [&](int64_t label) { return logits.at({row, label}); };
  std::partial_sort(order.begin(), order.begin() + 5, order.end(),
                    [&](int64_t a, int64_t b) { return score(a) > score(b); });
  order.resize(5);
  return order;
}

// The golden values come from a computation in f64. Features reach 818; single precision in another library
// is off by 5e-4 there, by 1e-5 in the logits.
constexpr double kFeatures = 1e-3, kLogits = 5e-5;

void check_against(const Golden& golden, const SqueezeNet& net, const std::string& suffix) {
  const Tensor features = net.features(golden.tensor<float>("input" + suffix));
  CHECK(farthest(features, golden.tensor<float>("features" + suffix)) < kFeatures);
  const Tensor logits = net.logits(features), top = golden.tensor<int64_t>("top5" + suffix);
  CHECK(farthest(logits, golden.tensor<float>("logits" + suffix)) < kLogits);
  for (int64_t row = 0; row < logits.size(0); ++row)
    CHECK(best_five(logits, row) == densify(select(top, 0, row)).to_ids());
}

support::Image golden_picture(const Golden& golden, size_t number) {
  const size_t bytes = 224 * 224 * 3;
  const auto* from = reinterpret_cast<const uint8_t*>(golden.bytes("image_rgb_u8")) + number * bytes;
  return {224, 224, {from, from + bytes}};
}

std::filesystem::path save_network(const tests::TemporaryDirectory& folder, auto& net, const std::string& name) {
  TensorFile file;
  put_tensors(file, named_tensors(net));
  save_tensors(folder / name, file);
  return folder / name;
}

}  // namespace

TEST_CASE("SqueezeNet gives the golden features, logits and labels") {
  const auto weights = tests::find_data("squeezenet1_1/squeezenet1_1.safetensors");
  const auto path = tests::find_data("squeezenet1_1/golden.safetensors");
  if (!weights || !path) return;
  const Golden golden(*path);
  const SqueezeNet net = load_squeezenet(*weights);
  check_against(golden, net, "");
  check_against(golden, net, "_227");  // where pooling has to round up
}

TEST_CASE("annotations are the features place by place, scaled") {
  const auto weights = tests::find_data("squeezenet1_1/squeezenet1_1.safetensors");
  const auto path = tests::find_data("squeezenet1_1/golden.safetensors");
  if (!weights || !path) return;
  const Golden golden(*path);
  const auto encoder = load_encoder("squeezenet", *weights);
  CHECK(encoder->name() == "squeezenet");
  const std::vector<support::Image> pictures = {golden_picture(golden, 0), golden_picture(golden, 3)};
  const Tensor input = encoder->prepare(pictures);
  CHECK(farthest(input, stack({golden.tensor<float>("input")[0], golden.tensor<float>("input")[3]})) == 0);
  const Tensor annotations = encoder->annotations(pictures);
  REQUIRE(annotations.shape() == Shape{2, 169, 512});
  const Tensor features = golden.tensor<float>("features");
  for (const auto& [row, column, channel] : {std::array{0, 0, 3}, {4, 12, 200}, {12, 0, 511}, {6, 7, 77}})
    CHECK(annotations.at({1, row * 13 + column, channel}) ==
          Catch::Approx(features.at({3, channel, row, column}) / 12).margin(kFeatures));
}

TEST_CASE("the encoder's identity follows its weights") {
  const tests::TemporaryDirectory folder;
  Rng one(1), two(2);
  SqueezeNet net(one), other(two);
  const auto path = save_network(folder, net, "one.safetensors");
  const std::string identity = load_encoder("squeezenet", path)->identity();
  CHECK_THAT(identity, ContainsSubstring("squeezenet"));
  CHECK(load_encoder("squeezenet", path)->identity() == identity);
  CHECK(load_encoder("squeezenet", save_network(folder, other, "two.safetensors"))->identity() != identity);
}

TEST_CASE("weights of another network are refused with what differs") {
  const tests::TemporaryDirectory folder;
  Rng rng(1);
  SqueezeNet squeezenet(rng);
  Vgg19 narrow(rng, 1);
  const auto squeezenet_file = save_network(folder, squeezenet, "squeezenet.safetensors");
  const auto narrow_file = save_network(folder, narrow, "narrow.safetensors");
  CHECK_THROWS_WITH(load_encoder("squeezenet", narrow_file),
                    ContainsSubstring("these are not the weights of SqueezeNet 1.1") &&
                        ContainsSubstring("features.3.squeeze.weight") && ContainsSubstring("features.28.weight"));
  CHECK_THROWS_WITH(load_encoder("vgg19", squeezenet_file), ContainsSubstring("these are not the weights of VGG-19"));
  // The right names with other shapes.
  CHECK_THROWS_WITH(load_encoder("vgg19", narrow_file),
                    ContainsSubstring("features.21.weight") && ContainsSubstring("[512, 512, 3, 3]"));
  CHECK_THROWS_WITH(load_encoder("squeezenet", folder / "none.safetensors"), ContainsSubstring("none.safetensors"));
  CHECK_THROWS_WITH(load_encoder("squeezenot", squeezenet_file), ContainsSubstring("squeezenet or vgg19"));
}

TEST_CASE("VGG-19 has sixteen layers and four poolings before the annotations") {
  Rng rng(1);
  Vgg19 net(rng, 4);
  CHECK(net.features(Tensor::zeros({2, 3, 32, 48})).shape() == Shape{2, 32, 2, 3});
  const auto tensors = named_tensors(net);
  REQUIRE(tensors.size() == 32);
  CHECK(tensors[2].name == "features.2.weight");
  CHECK(tensors[2].tensor->shape() == Shape{4, 4, 3, 3});
  CHECK(tensors[31].name == "features.34.bias");
  // Widths as in the paper's table 1, column E.
  Vgg19 whole(rng);
  std::vector<int64_t> widths;
  int64_t count = 0;
  for (const Conv2d& layer : whole.layers) {
    widths.push_back(layer.weight.size(0));
    count += layer.weight.numel() + layer.bias.numel();
  }
  CHECK(widths == std::vector<int64_t>{64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512, 512, 512, 512});
  CHECK(count == 20024384);
}

TEST_CASE("VGG-19 reads torchvision's weights and Caffe's, with a classifier in the file", "[slow]") {
  const tests::TemporaryDirectory folder;
  Rng rng(3);
  Vgg19 net(rng);
  TensorFile file;
  put_tensors(file, named_tensors(net));
  file.tensors["classifier.6.bias"] = Tensor::zeros({1000});
  save_tensors(folder / "vgg19.safetensors", file);
  const auto encoder = load_encoder("vgg19", folder / "vgg19.safetensors");
  const support::Image picture = support::blank_image(60, 40, 255, 0, 0);
  const Tensor input = encoder->prepare({picture});
  REQUIRE(input.shape() == Shape{1, 3, 224, 224});
  CHECK(input.at({0, 0, 0, 0}) == Catch::Approx((1 - 0.485) / 0.229));
  CHECK(input.at({0, 1, 5, 223}) == Catch::Approx(-0.456 / 0.224));
  CHECK(input.at({0, 2, 223, 0}) == Catch::Approx(-0.406 / 0.225));
  const Tensor annotations = encoder->encode(input);
  CHECK(annotations.shape() == Shape{1, encoder->side() * encoder->side(), encoder->depth()});
  CHECK(annotations.shape() == Shape{1, 196, 512});

  // The same weights by Caffe's names want to see another picture.
  const auto tensors = named_tensors(net);
  file.tensors.clear();
  size_t layer = 0;
  for (const auto& [block, count] : {std::pair{1, 2}, {2, 2}, {3, 4}, {4, 4}, {5, 4}})
    for (int i = 1; i <= count; ++i, ++layer) {
      file.tensors[fmt::format("conv{}_{}.weight", block, i)] = *tensors[2 * layer].tensor;
      file.tensors[fmt::format("conv{}_{}.bias", block, i)] = *tensors[2 * layer + 1].tensor;
    }
  file.tensors["fc8.bias"] = Tensor::zeros({1000});
  save_tensors(folder / "vgg19.safetensors", file);
  const auto caffe = load_encoder("vgg19", folder / "vgg19.safetensors");
  CHECK(caffe->identity() == encoder->identity() + " caffe");
  const Tensor other = caffe->prepare({picture});
  CHECK(other.at({0, 0, 3, 4}) == Catch::Approx(-103.939));
  CHECK(other.at({0, 1, 3, 4}) == Catch::Approx(-116.779));
  CHECK(other.at({0, 2, 3, 4}) == Catch::Approx(255 - 123.68));
}

TEST_CASE("annotations stand on a grid of 16 pixels, each within its cell of the picture") {
  Rng rng(7);
  const SqueezeNet net(rng);
  const Tensor picture = rng.uniform({1, 3, 224, 496}, -100, 100);
  const Tensor here = net.features(contiguous(narrow(picture, 3, 16, 480)));
  const Tensor right = net.features(contiguous(narrow(picture, 3, 0, 480)));  // all moved by 16 pixels
  // Far from the edges, whose padding is seen from some way off.
  const double moved = farthest(narrow(here, 3, 13, 2), narrow(right, 3, 14, 2));
  const double same_place = farthest(narrow(here, 3, 13, 2), narrow(right, 3, 13, 2));
  CHECK(moved < 1e-3 * same_place);
  // A convolution and three poolings, each 3 wide with stride 2, look from pixel 1 + 2 + 4 + 8 = 15 on.
  for (int place = 0; place < 13; ++place) CHECK((15 + 16 * place) * 13 / 224 == place);
}
