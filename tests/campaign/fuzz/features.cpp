// The captioner's cache of features. What was read is written and read again.
#include "autograd/base/error.h"
#include "examples/caption/encoders/feature_file.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

using caption::FeatureFile;
using caption::FeatureSet;

bool same(const FeatureSet::Record& a, const FeatureSet::Record& b) {
  return a.name == b.name && a.key == b.key && a.bitmap == b.bitmap && a.values.size() == b.values.size();
}

void write_again(const FeatureSet& features) {
  const auto path = scratch() / "out.features";
  std::filesystem::remove(path);
  FeatureSet empty(features.side(), features.depth(), features.encoder());
  caption::FeatureWriter writer(path, empty);
  for (const FeatureSet::Record& record : features.records()) writer.append(record);
  const FeatureFile again = caption::read_features(path);
  require(again.torn == 0 && again.features.size() == features.size(), "not as many pictures again");
  for (size_t i = 0; i < features.records().size(); ++i)
    require(same(again.features.records()[i], features.records()[i]), "what is written is not what was read");
}

void features(std::string_view bytes) {
  const FeatureFile file = caption::read_features(file_of("in.features", bytes));
  require(file.good + file.torn == static_cast<int64_t>(bytes.size()), "bytes that are neither good nor torn");
  must_work("features that were read cannot be used", [&] {
    for (int64_t i = 0; i < file.features.size(); ++i) {
      require(file.features.index_of(file.features.name(i)) == i, "a picture has another number");
      file.features.annotations({i});
    }
    write_again(file.features);
  });
}

REGISTER_READER(features);

}  // namespace
}  // namespace heed::fuzz
