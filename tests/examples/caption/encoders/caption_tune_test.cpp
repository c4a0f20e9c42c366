// Captioners of which the encoder's last modules are a part (--tune-encoder): what they see as training begins, their
// gradient, and the program.
#include <nlohmann/json.hpp>

#include "autograd/check/gradcheck.h"
#include "autograd/files/safetensors.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/encoders/fire_tail.h"
#include "examples/support/images/planes.h"
#include "tests/examples/caption/caption_files.h"
#include "tests/examples/caption/caption_model.h"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::caption;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

namespace {

// A network whose biases, too, are not zero.
SqueezeNet random_network(uint64_t seed) {
  Rng rng(seed);
  SqueezeNet net(rng);
  for (const NamedTensor& entry : named_tensors(net))
    if (entry.name.ends_with("bias")) *entry.tensor = rng.normal(entry.tensor->shape(), 0, 0.1);
  return net;
}

// An album with the weights of an encoder beside it.
struct Shop : TemporaryDirectory {
  Shop() {
    write_album(*this, 8);
    SqueezeNet net = random_network(5);
    TensorFile file;
    put_tensors(file, named_tensors(net));
    save_tensors(path() / "weights.safetensors", file);
  }
  Outcome run(const Words& words) const { return Running(*this, words).wait(); }
  Outcome train(const std::string& out, const Words& more = {}) const {
    Words words = {HEED_CAPTION,
                   "train",
                   "--data",
                   "album",
                   "--encoder",
                   "squeezenet",
                   "--preset",
                   "small",
                   "--no-mirror",
                   "--crops",
                   "0",
                   "--out",
                   out,
                   "--epochs",
                   "1",
                   "--hidden",
                   "8",
                   "--embedding",
                   "8",
                   "--alignment",
                   "8",
                   "--threads",
                   "1",
                   "--min-count",
                   "1",
                   "--validation-beam",
                   "1"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  TensorFile weights_of(const std::string& out) const { return load_tensors(path() / (out + "/last.safetensors")); }
};

const Words with_weights = {"--weights", "weights.safetensors"};

Words and_also(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_CASE("an encoder without its last modules, and these, make the annotations of the whole one", "[caption]") {
  const SqueezeNet net = random_network(3);
  Rng rng(4);
  const Tensor images = rng.uniform({2, 3, 95, 95}, -100, 100);
  for (const double scale : {1.0, squeezenet_scale(WeightsFrom::caffe)}) {
    const Tensor whole = support::to_annotations(net.features(images), scale);
    const auto side = net.features(images).size(3);
    for (int64_t less = 0; less < static_cast<int64_t>(std::size(kSqueezeNetDepths)); ++less) {
      INFO(less << " " << scale);
      const Tensor seen = support::to_annotations(net.features(images, less), scale);
      REQUIRE(seen.size(2) == kSqueezeNetDepths[less]);
      CHECK(test::largest_difference(FireTail(net, less, scale)(seen, side), whole) < 1e-4 * scale);
    }
  }
}

TEST_CASE("the modules' own numbers are copies", "[caption]") {
  SqueezeNet net = random_network(3);
  FireTail tail(net, 1, 1);
  const double before = net.fires.back().squeeze.weight.at({0, 0, 0, 0});
  tail.fires[0].squeeze.weight.mutable_data<float>()[0] += 1;
  CHECK(net.fires.back().squeeze.weight.at({0, 0, 0, 0}) == before);
}

TEST_CASE("the gradient of a captioner reaches the encoder's last modules, in each form of annotations",
          "[caption]") {
  for (const auto& form : annotation_forms) {
    ModelSettings settings = test::tiny_captioner();
    settings.depth = 512;
    settings.tuned = 1;
    settings.seen = 512;
    settings.annotations = form.make;
    test::CaptionModel model(settings, 3);
    Rng rng(6);
    const CaptionBatch batch = pack_captions(test::captions_of({3, 2}, settings.words, rng), {0, 1});
    const Tensor pictures = abs(test::random_annotations(settings, 2, rng));
    const auto loss = [&] { return model.captioner.loss(batch, pictures, {}); };
    // Steps so short that few of the 2048 ReLUs turn within one.
    const GradcheckReport report =
        gradcheck_model("captioner", loss, model.parameters, {.step = 1.0 / (1 << 18), .relative = 1e-5});
    INFO(form.name << " " << report.text());
    CHECK(report.passed());
  }
}

TEST_CASE("caption train --tune-encoder changes the last modules alone, and the run goes on, is read and judged",
          "[caption][slow]") {
  const Shop shop;
  REQUIRE(shop.train("fixed", with_weights).code == 0);
  const Outcome tuned = shop.run(and_also({HEED_CAPTION, "train", "--start", "fixed", "--out", "tuned",
                                           "--tune-encoder", "2", "--epochs", "1", "--threads", "1"},
                                          {}));
  INFO(tuned.said);
  REQUIRE(tuned.code == 0);
  const TensorFile before = load_tensors(shop / "weights.safetensors"), after = shop.weights_of("tuned");
  const auto& name = "tail.fires.1.squeeze.weight";
  REQUIRE(after.tensors.contains(name));
  const double moved =
      test::largest_difference(after.tensors.at(name), before.tensors.at("features.12.squeeze.weight"));
  CHECK(moved > 0);
  CHECK(moved < 0.1);
  CHECK_FALSE(after.tensors.contains("tail.fires.2.squeeze.weight"));
  CHECK(std::filesystem::exists(shop / "album/squeezenet-less-2.features"));
  // With the features that are kept, without the weights.
  for (const char* command : {"eval", "train"}) {
    const Outcome more = std::string(command) == "eval"
                             ? shop.run({HEED_CAPTION, "eval", "--run", "tuned", "--split", "dev", "--beam", "1"})
                             : shop.run({HEED_CAPTION, "train", "--resume", "--out", "tuned", "--epochs", "2"});
    INFO(more.said);
    CHECK(more.code == 0);
  }
  const Outcome shown = shop.run({HEED_CAPTION, "show", "--run", "tuned", "--image", "album/images/dev0.png"});
  INFO(shown.said);
  CHECK(shown.code == 0);
  // Resumed is the same as at once.
  REQUIRE(shop.run({HEED_CAPTION, "train", "--start", "fixed", "--out", "whole", "--tune-encoder", "2", "--epochs",
                    "2", "--threads", "2"})
              .code == 0);
  const TensorFile parts = shop.weights_of("tuned"), whole = shop.weights_of("whole");
  CHECK(test::largest_difference(parts.tensors.at(name), whole.tensors.at(name)) == 0);
}

TEST_CASE("--tune-encoder says what it cannot do", "[caption]") {
  const Shop shop;
  CHECK_THAT(shop.train("a", and_also(with_weights, {"--tune-encoder", "4"})).said,
             ContainsSubstring("--tune-encoder"));
  CHECK_THAT(shop.run({HEED_CAPTION, "train", "--data", "builtin", "--out", "b", "--tune-encoder", "1"}).said,
             ContainsSubstring("--tune-encoder is for --encoder squeezenet, not small"));
  CHECK_THAT(shop.train("c", {"--tune-encoder", "1"}).said, ContainsSubstring("--weights"));
  REQUIRE(shop.train("tuned", and_also(with_weights, {"--tune-encoder", "1"})).code == 0);
  CHECK_THAT(shop.run({HEED_CAPTION, "train", "--start", "tuned", "--out", "d", "--tune-encoder", "2"}).said,
             ContainsSubstring("in which the last 1 modules of the encoder learn"));
}
