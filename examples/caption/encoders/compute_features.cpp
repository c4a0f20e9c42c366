#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_set>

#include "autograd/base/error.h"
#include "examples/caption/encoders/feature_file.h"
#include "examples/caption/encoders/features.h"
#include "examples/support/images/image_read.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/program/progress.h"

namespace heed::caption {
namespace {

void check_names(const std::vector<std::filesystem::path>& images) {
  std::set<std::string> seen;
  for (const auto& image : images)
    if (!seen.insert(image.filename().string()).second)
      throw Error("features: two pictures are called {}; features are kept by file name, so rename one",
                  image.filename().string());
}

// What becomes one record.
struct Item {
  std::filesystem::path path;
  View view;
  std::string file() const { return path.filename().string(); }
  std::string name() const { return view_name(file(), view); }
};

// The key of each picture's file; none for one that cannot be read.
using Keys = std::vector<std::optional<uint64_t>>;

Keys keys_of(const std::vector<std::filesystem::path>& images, ThreadPool& pool) {
  Keys keys(images.size());
  pool.run(static_cast<int64_t>(images.size()), [&](int64_t i) {
    try {
      const std::string bytes = support::picture_bytes(images[static_cast<size_t>(i)]);
      keys[static_cast<size_t>(i)] = support::picture_key(bytes);
    } catch (const Error&) {
    }
  });
  return keys;
}

// Whether the features of this very file are there. One that is gone cannot have changed.
bool is_known(const FeatureSet& features, const Item& item, const std::optional<uint64_t>& key) {
  const int64_t index = features.index_of(item.name());
  return index >= 0 && (!key || features.records()[static_cast<size_t>(index)].key == *key);
}

// The names of the records of these pictures.
Wanted all_of(const std::vector<std::filesystem::path>& images, const ViewOptions& options) {
  auto names = std::make_shared<std::unordered_set<std::string>>();
  for (const View& view : views(options))
    for (const std::filesystem::path& image : images) names->insert(Item{image, view}.name());
  return [names](const std::string& name) { return names->contains(name); };
}

std::vector<Item> missing_in(const FeatureSet& features, const std::vector<std::filesystem::path>& images,
                             const Keys& keys, const ViewOptions& options) {
  std::vector<Item> missing;
  for (const View& view : views(options))
    for (size_t i = 0; i < images.size(); ++i)
      if (!is_known(features, {images[i], view}, keys[i])) missing.push_back({images[i], view});
  return missing;
}

// What the cache holds, if that is all that is wanted: to read it, nobody needs to be kept from writing.
// Where it is unusable, the writer will say why, or mend it.
std::optional<FeatureSet> whole_cache(const std::filesystem::path& cache, const FixedEncoder& encoder,
                                      const std::vector<std::filesystem::path>& images, const Keys& keys,
                                      const ViewOptions& options) {
  if (!std::filesystem::exists(cache)) return {};
  try {
    FeatureSet features = read_features(cache, all_of(images, options)).features;
    const bool ours = features.encoder() == encoder.identity() && features.side() == encoder.side() &&
                      features.depth() == encoder.depth();
    if (ours && missing_in(features, images, keys, options).empty()) return features;
  } catch (const Error&) {
  }
  return {};
}

// The pictures that are computed now, by several threads that take turns in writing down.
class Work {
 public:
  Work(const FixedEncoder& encoder, std::vector<Item> images, ComputedFeatures& result, FeatureWriter* writer,
       const FeatureOptions& options)
      : encoder_(encoder),
        images_(std::move(images)),
        broken_(images_.size()),
        result_(result),
        writer_(writer),
        options_(options),
        progress_("features", static_cast<int64_t>(images_.size()), support::ProgressOutput::detect(options.json)) {}

  void run(ThreadPool& pool) {
    pool.run(static_cast<int64_t>(images_.size()), [this](int64_t i) {
      if (!support::interrupted()) compute(static_cast<size_t>(i));
    });
    if (writer_) writer_->flush();
    for (size_t i = 0; i < images_.size(); ++i)
      if (!broken_[i].empty()) {
        result_.left_out.push_back(images_[i].name());
        result_.reasons.push_back(broken_[i]);
      }
    progress_.finish(note());
  }

 private:
  void compute(size_t i) {
    support::Image image;
    uint64_t key = 0;
    try {
      const std::string bytes = support::picture_bytes(images_[i].path);
      key = support::picture_key(bytes);
      image = view_of(support::decode_image(bytes, images_[i].path.string()), images_[i].file(), images_[i].view);
    } catch (const OutOfMemory&) {
      throw;
    } catch (const Error& error) {
      if (!options_.skip_broken) throw Error("{} (--skip-broken goes on without such pictures)", error.what());
      broken_[i] = error.what();
      const std::lock_guard turn(mutex_);
      ++broken_count_;
      show();
      return;
    }
    auto record = result_.features.pack(images_[i].name(), key, encoder_.annotations({image})[0]);
    const std::lock_guard turn(mutex_);
    if (writer_) writer_->append(record);
    result_.features.add(std::move(record));
    ++result_.computed;
    show();
  }
  void show() { progress_.update(result_.computed + broken_count_, note()); }
  std::string note() const {
    return fmt::format("{} pictures{}", result_.computed,
                       broken_count_ ? fmt::format(" | {} left out", broken_count_) : std::string());
  }

  const FixedEncoder& encoder_;
  std::vector<Item> images_;
  std::vector<std::string> broken_;  // why, for those that are
  ComputedFeatures& result_;
  FeatureWriter* writer_;
  const FeatureOptions& options_;
  std::mutex mutex_;  // guards what follows, the result and the writer
  support::Progress progress_;
  int64_t broken_count_ = 0;
};

}  // namespace

std::string features_name(const std::string& encoder, int64_t less) {
  return less == 0 ? encoder : fmt::format("{}-less-{}", encoder, less);
}

std::filesystem::path usual_cache(const std::filesystem::path& data, const std::string& encoder) {
  const std::string name = encoder + ".features";
  return std::filesystem::is_regular_file(data) ? data.parent_path() / name : data / name;
}

ComputedFeatures compute_features(const FixedEncoder& encoder, const std::vector<std::filesystem::path>& images,
                                  const std::filesystem::path& cache, ThreadPool& pool,
                                  const FeatureOptions& options) {
  check_names(images);
  ComputedFeatures result;
  const Keys keys = std::filesystem::exists(cache) ? keys_of(images, pool) : Keys(images.size());
  if (auto whole = whole_cache(cache, encoder, images, keys, options.views)) {
    result.features = std::move(*whole);
    return result;
  }
  result.features = FeatureSet(encoder.side(), encoder.depth(), encoder.identity());
  std::unique_ptr<FeatureWriter> writer;
  if (!cache.empty()) writer = std::make_unique<FeatureWriter>(cache, result.features, all_of(images, options.views));
  std::vector<Item> missing = missing_in(result.features, images, keys, options.views);
  if (missing.empty()) return result;
  Work(encoder, std::move(missing), result, writer.get(), options).run(pool);
  if (support::interrupted()) throw support::Interrupted();
  return result;
}

std::vector<std::filesystem::path> changed_pictures(const FeatureSet& features,
                                                    const std::vector<std::filesystem::path>& images,
                                                    ThreadPool& pool) {
  const Keys keys = keys_of(images, pool);
  std::vector<std::filesystem::path> changed;
  for (size_t i = 0; i < images.size(); ++i) {
    const int64_t index = features.index_of(images[i].filename().string());
    if (!keys[i] || index < 0) continue;
    const uint64_t known = features.records()[static_cast<size_t>(index)].key;
    const bool is_size = known >> 32 == 0;
    if (is_size ? known != std::filesystem::file_size(images[i]) : known != *keys[i]) changed.push_back(images[i]);
  }
  return changed;
}

}  // namespace heed::caption
