// Every small file of weights cut at every byte and with bits turned: an Error, or tensors, and nothing else.
#include "autograd/base/rng.h"
#include "examples/caption/encoders/weights/readers.h"
#include "tests/examples/caption/weights/seeds.h"

using namespace heed;
using namespace heed::caption;

namespace {

constexpr const char* kFiles[] = {"good_pth",        "good_old_pth",    "good_npz",
                                  "good_npz_packed", "good_caffemodel", "good_old_caffemodel"};

struct Tally {
  int refused = 0, read = 0;

  void count(const std::string& bytes) {
    try {
      read_foreign_weights(FileBytes(bytes, "some weights"));
      ++read;
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find("some weights") != std::string::npos);
      ++refused;
    }
  }
};

}  // namespace

TEST_CASE("weights that are cut anywhere are refused, or are whole layers of Caffe's", "[weights]") {
  for (const char* name : kFiles) {
    INFO(name);
    const std::string bytes = tests::bytes_of(tests::weights_seed(name));
    Tally tally;
    for (size_t length = 0; length < bytes.size(); ++length) tally.count(bytes.substr(0, length));
    // protobuf does not say where it ends.
    const int most = std::string(name) == "good_caffemodel" ? 1 : 0;
    CHECK(tally.read == most);
    CHECK(tally.refused + tally.read == static_cast<int>(bytes.size()));
  }
}

TEST_CASE("weights with turned bits are refused or read", "[weights]") {
  Rng random(17);
  for (const char* name : kFiles) {
    INFO(name);
    const std::string bytes = tests::bytes_of(tests::weights_seed(name));
    Tally tally;
    for (int i = 0; i < 400; ++i) {
      std::string damaged = bytes;
      const auto bit = random.below(static_cast<int64_t>(8 * bytes.size()));
      damaged[static_cast<size_t>(bit / 8)] ^= static_cast<char>(1 << bit % 8);
      tally.count(damaged);
    }
    CHECK(tally.refused > 40);
    CHECK(tally.refused + tally.read == 400);
  }
}
