// Who trained a network, and what its encoder then does with a picture.
#include "examples/caption/encoders/origin.h"

#include "examples/caption/encoders/encoder.h"
#include "examples/caption/encoders/squeezenet.h"
#include "tests/examples/caption/weights/seeds.h"

using namespace heed;
using namespace heed::caption;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the file decides who trained its weights, where it can", "[weights]") {
  using enum WeightsFrom;
  for (const WeightsFrom usual : {caffe, torchvision}) {
    CHECK(origin_of(WeightsKind::caffemodel, true, usual, "w") == caffe);
    CHECK(origin_of(WeightsKind::caffemodel, false, usual, "w") == caffe);
    CHECK(origin_of(WeightsKind::pytorch, false, usual, "w") == torchvision);
    CHECK(origin_of(WeightsKind::pytorch, true, usual, "w") == caffe);
    CHECK(origin_of(WeightsKind::safetensors, false, usual, "w") == usual);
    CHECK(origin_of(WeightsKind::safetensors, true, usual, "w") == caffe);
    CHECK(origin_of(WeightsKind::npz, true, usual, "w") == caffe);
    CHECK_THROWS_WITH(origin_of(WeightsKind::npz, false, usual, "w.npz"),
                      ContainsSubstring("w.npz") && ContainsSubstring("--weights-from torchvision"));
    for (const WeightsFrom from : {caffe, torchvision})
      CHECK(origin_in("net 01234567" + origin_suffix(from, usual), usual) == from);
    CHECK(origin_suffix(usual, usual).empty());
  }
}

TEST_CASE("Caffe's names of layers become torchvision's", "[weights]") {
  const std::vector<CaffeLayer> layers{{"conv1", "features.0"}, {"conv10", "classifier.1"}};
  TensorFile file;
  for (const char* name : {"conv1.weight", "conv10.bias", "conv1", "conv1x.weight", "other.weight"})
    file.tensors[name] = Tensor::zeros({1});
  file.converted["conv1.weight"] = "F16";
  CHECK(rename_from_caffe(file, layers));
  std::vector<std::string> names;
  for (const auto& [name, tensor] : file.tensors) names.push_back(name);
  CHECK(names ==
        std::vector<std::string>{"classifier.1.bias", "conv1", "conv1x.weight", "features.0.weight", "other.weight"});
  CHECK(file.converted.contains("features.0.weight"));
  CHECK_FALSE(rename_from_caffe(file, layers));
  file.tensors["conv1.weight"] = Tensor::zeros({1});
  CHECK_THROWS_WITH(rename_from_caffe(file, layers), ContainsSubstring("twice, as conv1 and as features.0"));
}

TEST_CASE("SqueezeNet reads Caffe's names, and shows each network the picture that it wants", "[weights]") {
  const tests::TemporaryDirectory folder;
  Rng rng(3);
  SqueezeNet net(rng);
  TensorFile ours, theirs;
  put_tensors(ours, named_tensors(net));
  theirs.tensors = {{"conv1.weight", ours.tensors.at("features.0.weight")},
                    {"conv1.bias", ours.tensors.at("features.0.bias")},
                    {"conv10.weight", ours.tensors.at("classifier.1.weight")},
                    {"conv10.bias", ours.tensors.at("classifier.1.bias")}};
  int fire = 2;
  for (const int there : {3, 4, 6, 7, 9, 10, 11, 12}) {
    for (const std::string part : {"squeeze", "expand1x1", "expand3x3"})
      for (const char* what : {".weight", ".bias"})
        theirs.tensors[fmt::format("fire{}/{}{}", fire, part == "squeeze" ? "squeeze1x1" : part, what)] =
            ours.tensors.at(fmt::format("features.{}.{}{}", there, part, what));
    ++fire;
  }
  save_tensors(folder / "ours", ours);
  save_tensors(folder / "theirs", theirs);
  const auto encoder = load_encoder("squeezenet", folder / "theirs");
  CHECK(encoder->identity() == load_encoder("squeezenet", folder / "ours")->identity());
  const auto other = load_encoder("squeezenet", folder / "ours", WeightsFrom::torchvision);
  CHECK(other->identity() == encoder->identity() + " torchvision");
  CHECK(origin_of_encoder("squeezenet", other->identity()) == WeightsFrom::torchvision);
  CHECK(origin_of_encoder("squeezenet", encoder->identity()) == WeightsFrom::caffe);
  const std::vector<support::Image> picture{support::blank_image(5, 7, 255, 1, 0)};
  const Tensor caffe = encoder->prepare(picture), torchvision = other->prepare(picture);
  const double wanted[][3] = {{-104, 1 - 117, 255 - 123},
                              {(1 - 0.485) / 0.229, (1 / 255.0 - 0.456) / 0.224, -0.406 / 0.225}};
  for (int channel = 0; channel < 3; ++channel) {
    CHECK(caffe.at({0, channel, 7, 9}) == Catch::Approx(wanted[0][channel]));
    CHECK(torchvision.at({0, channel, 7, 9}) == Catch::Approx(wanted[1][channel]));
  }
  CHECK_THAT(
      other->note(),
      ContainsSubstring("safetensors; used as those of torchvision: a picture goes in as red, green, blue from 0"));
}
