#include "examples/caption/encoders/feature_file.h"

#include <string>

#include "autograd/files/crc32c.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed;
using namespace heed::caption;

TEST_CASE("a cache that announces more than it holds asks for no memory") {
  std::string bytes("heedfeat", 8);
  const auto put = [&](uint32_t value) { bytes.append(reinterpret_cast<const char*>(&value), 4); };
  for (const uint32_t value : {1u, 1024u, 65536u, 0u}) put(value);  // version, side, depth, no identity
  put(crc32c(bytes.data(), bytes.size()));
  const size_t header = bytes.size();
  for (const uint32_t value : {1u, 1u << 20}) put(value);  // a picture whose bitmap takes 8 GB
  bytes += std::string(50, 'x');
  const tests::TemporaryDirectory folder;
  const FeatureFile file = read_features(folder.write("hostile.features", bytes));
  CHECK(file.features.size() == 0);
  CHECK(file.torn == static_cast<int64_t>(bytes.size() - header));
}
