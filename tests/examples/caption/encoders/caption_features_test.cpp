#include "examples/caption/encoders/features.h"

#include <unistd.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>

#include "autograd/base/error.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/encoders/feature_file.h"
#include "examples/support/images/image_jpeg.h"
#include "examples/support/images/image_png.h"
#include "examples/support/images/image_read.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"
#include "tests/examples/program.h"

using namespace heed;
using namespace heed::caption;
using Catch::Matchers::ContainsSubstring;

namespace {

// An encoder quick enough for tests: 3 x 3 places with 5 numbers, most of them zero. Counts what it does.
class Glimpse : public FixedEncoder {
 public:
  explicit Glimpse(const std::string& identity = "glance 1") { identity_ = identity; }
  std::string name() const override { return "glance"; }
  int64_t side() const override { return 3; }
  int64_t depth() const override { return 5; }
  int64_t input_size() const override { return 3; }
  Tensor prepare(const std::vector<support::Image>& images) const override {
    Tensor input = Tensor::empty({static_cast<int64_t>(images.size()), 3, 3, 3});
    float* to = input.mutable_data<float>();
    for (const support::Image& image : images) {
      const support::Image small = support::resize(image, 3, 3);
      for (const uint8_t value : small.rgb) *to++ = static_cast<float>(value);
    }
    return input;
  }
  Tensor encode(const Tensor& input) const override {
    looks += static_cast<int>(input.size(0));
    const Tensor places = reshape(input, {input.size(0), 9, 3});
    const Tensor zeros = Tensor::zeros({input.size(0), 9, 1});
    return concat({places, zeros, slice(places, 2, 0, 1) * -0.5}, 2);
  }
  mutable std::atomic<int> looks{0};
};

struct Shots {
  tests::TemporaryDirectory folder;
  std::vector<std::filesystem::path> images;
  std::filesystem::path cache = folder / "album.features";

  explicit Shots(int count = 6) {
    for (int i = 0; i < count; ++i) {
      const auto tone = static_cast<uint8_t>(20 * i);
      const support::Image picture = support::blank_image(4 + i, 5, tone, 0, 255 - tone);
      images.push_back(folder.write(fmt::format("{}.png", i), support::png_bytes(picture)));
    }
  }
};

void check_same(const FeatureSet& features, const Shots& album, const Glimpse& encoder) {
  for (const auto& path : album.images) {
    const int64_t index = features.index_of(path.filename().string());
    REQUIRE(index >= 0);
    CHECK(features.name(index) == path.filename().string());
    const Tensor wanted = encoder.annotations({support::read_image(path)});
    CHECK(features.annotations({index}).to_vector() == wanted.to_vector());
  }
}

FeatureSet computed(const Glimpse& encoder, const Shots& album, const FeatureOptions& options = {false, true}) {
  ThreadPool pool(2);
  return compute_features(encoder, album.images, album.cache, pool, options).features;
}

}  // namespace

TEST_CASE("packing annotations loses nothing") {
  FeatureSet features(5, 7, "x");  // 175 numbers: the bitmap's last word is not full
  Tensor sparse = Tensor::zeros({25, 7});
  float* to = sparse.mutable_data<float>();
  const float odd[] = {1e-42f, -0.0f, std::numeric_limits<float>::infinity(), 3.25f};
  to[0] = odd[0];
  to[63] = odd[1];
  to[64] = odd[2];
  to[174] = odd[3];
  const FeatureSet::Record record = features.pack("a", 10, sparse);
  CHECK(record.values.size() == 4);
  features.add(record);
  features.add(features.pack("full", 10, Tensor::full({25, 7}, 2)));
  features.add(features.pack("empty", 10, Tensor::zeros({25, 7})));
  const Tensor back = features.annotations({2, 0, 1});
  REQUIRE(back.shape() == Shape{3, 25, 7});
  CHECK(std::memcmp(back.data<float>() + 175, sparse.data<float>(), 175 * sizeof(float)) == 0);
  CHECK(sum(back[0]).item() == 0);
  CHECK(sum(back[2]).item() == 350);
  CHECK(features.index_of("full") == 1);
  CHECK(features.index_of("none") == -1);
  CHECK_THROWS_WITH(features.annotations({3}), ContainsSubstring("there is no picture 3"));
  CHECK_THROWS_WITH(features.pack("b", 1, Tensor::zeros({24, 7})), ContainsSubstring("[24, 7]"));
}

TEST_CASE("features are computed once and taken from the cache afterwards") {
  const Shots album;
  const Glimpse encoder;
  check_same(computed(encoder, album), album, encoder);
  const Glimpse again;
  const FeatureSet cached = computed(again, album);
  CHECK(again.looks == 0);
  check_same(cached, album, encoder);
  check_same(read_features(album.cache).features, album, encoder);
  // A file that was replaced is another picture, and its features are computed anew.
  album.folder.write("1.png", support::png_bytes(support::blank_image(30, 40, 1, 2, 3)));
  check_same(computed(again, album), album, encoder);
  CHECK(again.looks == 1);
  check_same(read_features(album.cache).features, album, encoder);
}

TEST_CASE("of a cache no more is held than is asked for") {
  const Shots album;
  const Glimpse encoder;
  computed(encoder, album);
  ThreadPool pool(1);
  const std::vector two{album.images[4], album.images[1]};
  const ComputedFeatures some = compute_features(Glimpse(), two, album.cache, pool);
  CHECK(some.computed == 0);
  CHECK(some.features.size() == 2);
  album.folder.write("1.png", support::png_bytes(support::blank_image(30, 40, 1, 2, 3)));
  CHECK(compute_features(encoder, two, album.cache, pool).features.size() == 2);  // by the writer
  check_same(computed(encoder, album), album, encoder);                           // who let nothing be lost
}

TEST_CASE("a picture is another one if its file has other bytes, as many as before") {
  const Shots album;
  const Glimpse encoder;
  computed(encoder, album);
  const std::string before = tests::bytes_of(album.images[2]);
  const std::string other = support::png_bytes(support::blank_image(6, 5, 7, 0, 200));
  REQUIRE(other.size() == before.size());
  album.folder.write("2.png", other);
  const Glimpse again;
  check_same(computed(again, album), album, encoder);
  CHECK(again.looks == 1);
  CHECK(support::picture_key(before) != support::picture_key(other));
  ThreadPool pool(2);
  CHECK(changed_pictures(read_features(album.cache).features, album.images, pool).empty());
  album.folder.write("2.png", before);
  CHECK(changed_pictures(read_features(album.cache).features, album.images, pool) == std::vector{album.images[2]});
  // The same bytes under the same name are the same, whenever they were written.
  album.folder.write("2.png", other);
  computed(again, album);
  CHECK(again.looks == 1);
}

TEST_CASE("views of pictures are kept beside the others") {
  const Shots album;
  const Glimpse encoder;
  check_same(computed(encoder, album), album, encoder);  // a cache without them is completed
  const ViewOptions wanted{.mirror = true, .crops = 2};
  const FeatureSet features = computed(encoder, album, {.json = true, .views = wanted});
  check_same(features, album, encoder);
  REQUIRE(features.size() == 24);
  for (const auto& path : album.images)
    for (const View& view : views(wanted)) {
      const std::string name = path.filename().string();
      const int64_t index = features.index_of(view_name(name, view));
      REQUIRE(index >= 0);
      const Tensor expected = encoder.annotations({view_of(support::read_image(path), name, view)});
      CHECK(features.annotations({index}).to_vector() == expected.to_vector());
    }
}

TEST_CASE("a crop is a large part of the picture, always the same") {
  const support::Image picture = support::resize(support::blank_image(2, 2, 9, 9, 9), 50, 40);
  for (int64_t crop = 1; crop <= 20; ++crop) {
    const support::Image part = view_of(picture, "a.jpg", {crop, false});
    CHECK(part.width >= 35);
    CHECK(part.width <= 50);
    CHECK(part.height >= 28);
    CHECK(part.height <= 40);
    CHECK(part.rgb.size() == static_cast<size_t>(3 * part.width * part.height));
    CHECK(view_of(picture, "a.jpg", {crop, false}).rgb == part.rgb);
    CHECK(view_of(picture, "a.jpg", {crop, true}).rgb == support::mirrored(part).rgb);
  }
  CHECK(view_of(picture, "a.jpg", {}).rgb == picture.rgb);
  CHECK(view_name("a.jpg", {}) == "a.jpg");
}

TEST_CASE("without a cache nothing is kept") {
  const Shots album;
  const Glimpse encoder;
  ThreadPool pool(1);
  const auto result = compute_features(encoder, album.images, "", pool, {false, true});
  check_same(result.features, album, encoder);
  CHECK(result.computed == 6);
  CHECK_FALSE(std::filesystem::exists(album.cache));
}

TEST_CASE("a cache cut at any byte keeps its whole records") {
  const Shots album;
  const Glimpse encoder;
  computed(encoder, album);
  const std::string whole = tests::bytes_of(album.cache);
  for (size_t length = 0; length < whole.size(); length += 3) {
    album.folder.write("album.features", whole.substr(0, length));
    const Glimpse again;
    check_same(computed(again, album), album, encoder);
    REQUIRE(again.looks >= 1);
    REQUIRE(read_features(album.cache).features.size() == 6);
  }
}

TEST_CASE("a damaged cache is named and not used") {
  const Shots album;
  const Glimpse encoder;
  computed(encoder, album);
  const std::string whole = tests::bytes_of(album.cache);
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    album.folder.write("album.features", damaged);
    try {
      // Damage to a length or to the last record may look like a torn end: left out then, never wrong.
      const FeatureSet features = read_features(album.cache).features;
      REQUIRE(features.size() < 6);
      for (int64_t i = 0; i < features.size(); ++i)
        REQUIRE(features.annotations({i}).to_vector() ==
                encoder.annotations({support::read_image(album.folder / features.name(i))}).to_vector());
    } catch (const Error& error) {
      REQUIRE_THAT(error.what(), ContainsSubstring("album.features"));
    }
  }
  CHECK_THROWS_WITH(read_features(album.folder / "none"), ContainsSubstring("none"));
  CHECK_THROWS_WITH(read_features(album.images[0]), ContainsSubstring("is no cache of features"));
}

TEST_CASE("a cache of another encoder or version is refused and stays as it was") {
  const Shots album;
  const Glimpse encoder, other("glance 2");
  computed(encoder, album);
  const std::string before = tests::bytes_of(album.cache);
  CHECK_THROWS_WITH(computed(other, album), ContainsSubstring("'glance 1'") && ContainsSubstring("'glance 2'"));
  CHECK(tests::bytes_of(album.cache) == before);
  std::string newer = before;
  newer[8] = 9;
  album.folder.write("album.features", newer);
  CHECK_THROWS_WITH(computed(encoder, album), ContainsSubstring("version 9"));
}

TEST_CASE("two programs do not fill one cache") {
  const Shots album;
  FeatureSet features(3, 5, "glance 1");
  const FeatureWriter writer(album.cache, features);
  CHECK_THROWS_WITH(computed(Glimpse(), album), ContainsSubstring("another program is filling"));
}

TEST_CASE("a cache that holds all is read while another program has it open") {
  const Shots album;
  const Glimpse encoder;
  check_same(computed(encoder, album), album, encoder);
  FeatureSet features(3, 5, "glance 1");
  const FeatureWriter writer(album.cache, features);
  const Glimpse again;
  check_same(computed(again, album), album, again);
}

TEST_CASE("broken pictures stop the work, or are left out and named") {
  Shots album;
  album.folder.write("2.png", "not a picture");
  const std::string whole = support::jpeg_bytes(support::blank_image(40, 40, 9, 90, 200), 90);
  album.images.push_back(album.folder.write("cut.jpg", whole.substr(0, whole.size() / 2)));
  album.images.push_back(album.folder / "missing.jpg");
  const Glimpse encoder;
  CHECK_THROWS_WITH(computed(encoder, album), ContainsSubstring("2.png") && ContainsSubstring("--skip-broken"));
  ThreadPool pool(2);
  const auto result = compute_features(encoder, album.images, album.cache, pool, {true, true});
  CHECK(result.left_out == std::vector<std::string>{"2.png", "cut.jpg", "missing.jpg"});
  REQUIRE(result.reasons.size() == 3);
  CHECK_THAT(result.reasons[1], ContainsSubstring("cut.jpg: the JPEG picture is damaged or cut"));
  CHECK(result.features.size() == 5);
  CHECK_FALSE(result.features.contains("cut.jpg"));
}

TEST_CASE("pictures are known by their file names, so these must differ") {
  Shots album;
  album.images.push_back(std::filesystem::path("elsewhere") / "3.png");
  CHECK_THROWS_WITH(computed(Glimpse(), album), ContainsSubstring("two pictures are called 3.png"));
}
