// The command caption features from outside: what it keeps, names and refuses.
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "autograd/files/safetensors.h"
#include "autograd/files/stored_tensors.h"
#include "examples/caption/encoders/feature_file.h"
#include "examples/caption/encoders/squeezenet.h"
#include "examples/caption/encoders/vgg19.h"
#include "examples/support/images/image_png.h"
#include "tests/examples/caption/caption_files.h"
#include "tests/examples/caption/weights/zip_bytes.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

namespace {

// Weights and pictures that the test makes itself.
struct Studio : TemporaryDirectory {
  std::string weights = (path() / "weights.safetensors").string();

  explicit Studio(int pictures) {
    write_encoder("weights.safetensors", 4);
    std::string names;
    for (int i = 0; i < pictures; ++i) {
      const auto tone = static_cast<uint8_t>(i);
      write(fmt::format("data/images/{}.png", i), support::png_bytes(support::blank_image(20, 10, tone, 99, 5)));
      names += fmt::format("{}.png\n", i);
    }
    write("data/split.train.txt", names);
  }
  void write_encoder(const std::string& name, uint64_t seed) const {
    Rng rng(seed);
    caption::SqueezeNet net(rng);
    TensorFile file;
    put_tensors(file, named_tensors(net));
    save_tensors(path() / name, file);
  }
  // The first encoder's weights, as numpy.savez would write them.
  void write_npz(const std::string& name) const {
    std::vector<std::pair<std::string, std::string>> arrays;
    for (const auto& [tensor, stored] : load_stored(weights).tensors) {
      std::string shape;
      for (const int64_t size : stored.shape) shape += fmt::format("{},", size);
      const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + ")}";
      arrays.emplace_back(tensor + ".npy",
                          "\x93NUMPY" + little(1, 2) + little(header.size(), 2) + header + stored.bytes);
    }
    write(name, zip_bytes(arrays));
  }
  Words command(Words more = {}) const {
    Words words = {HEED_CAPTION, "features", "--data", "data", "--weights", weights, "--threads", "2"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Outcome run(Words more = {}) const { return Running(*this, command(std::move(more))).wait(); }
  std::filesystem::path cache() const { return path() / "data/squeezenet.features"; }
};

}  // namespace

TEST_CASE("caption features fills a cache and then has nothing to do") {
  const Studio studio(5);
  const Outcome first = studio.run();
  INFO(first.said);
  REQUIRE(first.code == 0);
  CHECK_THAT(first.said, ContainsSubstring("5 photographs, 5 computed now"));
  const std::string bytes = bytes_of(studio.cache());
  studio.write("data/split.dev.txt", "1.png\n2.png\n");  // also in the training split: looked at once
  const Outcome second = studio.run({"--json"});
  REQUIRE(second.code == 0);
  const auto json = nlohmann::json::parse(second.said);
  CHECK(json.at("photographs") == 5);
  CHECK(json.at("computed") == 0);
  CHECK(bytes_of(studio.cache()) == bytes);
}

TEST_CASE("caption features names broken photographs and can leave them out") {
  const Studio studio(4);
  studio.write("data/images/2.png", "BM6 a bitmap");
  const Outcome stopped = studio.run();
  CHECK(stopped.code == 1);
  CHECK_THAT(stopped.said,
             ContainsSubstring("2.png: neither a JPEG nor a PNG") && ContainsSubstring("--skip-broken"));
  std::filesystem::remove(studio.cache());
  std::filesystem::remove(studio.path() / "data/images/1.png");
  const Outcome skipped = studio.run({"--skip-broken"});
  CHECK(skipped.code == 0);
  CHECK_THAT(skipped.said, ContainsSubstring("left out: cannot read data/images/1.png") &&
                               ContainsSubstring("left out: data/images/2.png") && ContainsSubstring("2 left out"));
  const auto json = nlohmann::json::parse(studio.run({"--skip-broken", "--json"}).said);
  CHECK(json.at("left_out") == Words{"1.png", "2.png"});
}

TEST_CASE("caption features wants to know who trained weights that do not tell, and keeps it") {
  const Studio studio(2);
  studio.write_npz("weights.npz");
  const Outcome unknown = studio.run({"--weights", "weights.npz"});
  CHECK(unknown.code == 1);
  CHECK_THAT(unknown.said, ContainsSubstring("Say --weights-from caffe") && ContainsSubstring("weights.npz"));
  const Outcome torchvision = studio.run({"--weights", "weights.npz", "--weights-from", "torchvision"});
  CHECK(torchvision.code == 0);
  CHECK_THAT(torchvision.said, ContainsSubstring("used as those of torchvision: a picture goes in as red"));
  CHECK(caption::read_features(studio.cache()).features.encoder().ends_with(" torchvision"));
  const Outcome caffe = studio.run();  // a .safetensors, taken for what it always was
  CHECK(caffe.code == 1);
  CHECK_THAT(caffe.said, ContainsSubstring("holds features of the encoder 'squeezenet1.1"));
  std::filesystem::remove(studio.cache());
  REQUIRE(studio.run().code == 0);
  const std::string identity = caption::read_features(studio.cache()).features.encoder();
  CHECK(identity.size() == std::string("squeezenet1.1 01234567").size());  // as before there was a choice
}

TEST_CASE("caption features refuses weights of another network and a cache of another encoder") {
  const Studio studio(2);
  REQUIRE(studio.run().code == 0);
  Rng rng(5);
  caption::Vgg19 other(rng, 1);
  TensorFile file;
  put_tensors(file, named_tensors(other));
  save_tensors(studio.path() / "other.safetensors", file);
  const Outcome wrong = studio.run({"--weights", "other.safetensors"});
  CHECK(wrong.code == 1);
  CHECK_THAT(wrong.said, ContainsSubstring("not the weights of SqueezeNet 1.1"));
  studio.write_encoder("trained.safetensors", 6);
  const Outcome stale = studio.run({"--weights", "trained.safetensors"});
  CHECK(stale.code == 1);
  CHECK_THAT(stale.said, ContainsSubstring("holds features of the encoder"));
  CHECK(studio.run({"--encoder", "squeeznet"}).code == 2);
}

TEST_CASE("a captioner wants the encoder that it has learned with") {
  const Studio studio(0);
  write_album(studio, 6);
  const Outcome trained = Running(studio, {HEED_CAPTION,     "train",
                                           "--data",         "album",
                                           "--encoder",      "squeezenet",
                                           "--out",          "run",
                                           "--weights-from", "torchvision",
                                           "--weights",      studio.weights,
                                           "--epochs",       "1",
                                           "--hidden",       "8",
                                           "--embedding",    "8",
                                           "--alignment",    "8",
                                           "--threads",      "2"})
                              .wait();
  INFO(trained.said);
  REQUIRE(trained.code == 0);
  studio.write_encoder("other.safetensors", 6);
  studio.write_npz("weights.npz");
  const auto show = [&](const std::string& weights, const Words& more = {}) {
    Words words{HEED_CAPTION, "show", "--run", "run", "--image", "album/images/dev0.png", "--weights", weights};
    words.insert(words.end(), more.begin(), more.end());
    return Running(studio, words).wait();
  };
  CHECK(show("weights.safetensors").code == 0);
  // Where its weights were from is known, too, of a file that does not tell.
  CHECK_THAT(show("weights.npz").said, ContainsSubstring("NumPy's .npz; used as those of torchvision: "));
  CHECK_THAT(show("weights.npz", {"--weights-from", "caffe"}).said, ContainsSubstring("torchvision, these are of"));
  const Outcome other = show("other.safetensors");
  CHECK(other.code == 1);
  CHECK_THAT(other.said, ContainsSubstring("has learned from annotations of the encoder squeezenet1.1"));
}

TEST_CASE("caption features goes on after Ctrl-C") {
  const Studio studio(2000);  // more than can be done before the signal
  const Running running(studio, studio.command());
  for (int i = 0;
       i < 600 && (!std::filesystem::exists(studio.cache()) || std::filesystem::file_size(studio.cache()) < 200000);
       ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  running.send(SIGINT);
  const Outcome stopped = running.wait();
  INFO(stopped.said);
  CHECK(stopped.code == 130);
  CHECK_THAT(stopped.said, ContainsSubstring("the same command goes on"));
  const auto file = caption::read_features(studio.cache());
  CHECK(file.features.size() >= 2);
  CHECK(file.features.size() < 2000);
  CHECK(file.torn == 0);
}
