#include "examples/caption/data/stand_ins.h"

#include <algorithm>

#include "examples/caption/encoders/features.h"
#include "examples/support/images/image_read.h"
#include "examples/support/process/stopwatch.h"

namespace heed::caption {
namespace {

using Files = std::vector<std::filesystem::path>;

// Those of the first files that can be read.
Files first_sound(const Files& files, const ThreadPool& pool) {
  const auto wanted = static_cast<size_t>(4 * pool.threads());
  Files sound;
  for (size_t i = 0; i < files.size() && sound.size() < wanted; ++i) try {
      support::read_image(files[i]);
      sound.push_back(files[i]);
    } catch (const OutOfMemory&) {
      throw;
    } catch (const Error&) {  // training names it
    }
  if (sound.empty()) throw Error("none of the {} pictures could be read", files.size());
  return sound;
}

// What all files take beyond the few.
template <class Number>
Number rest_of(Number few, const Files& all, const Files& sound) {
  return static_cast<Number>(static_cast<double>(few) *
                             (static_cast<double>(all.size()) / static_cast<double>(sound.size()) - 1));
}

}  // namespace

StandIns stand_in_features(const FixedEncoder& encoder, const Files& files, const ViewOptions& views,
                           ThreadPool& pool) {
  const Files sound = first_sound(files, pool);
  const support::Stopwatch watch;
  ComputedFeatures computed = compute_features(encoder, sound, {}, pool, {.json = true, .views = views});
  StandIns found;
  found.seconds = rest_of(watch.seconds(), files, sound);
  found.bytes = rest_of(computed.features.bytes(), files, sound);
  std::vector<std::string> names;
  for (size_t i = 0; i < files.size(); ++i) names.push_back(sound[i % sound.size()].filename().string());
  found.pictures = make_annotations(std::move(computed.features), names, views);
  return found;
}

StandIns stand_in_pixels(const Files& files, int64_t size, const ViewOptions& views, ThreadPool& pool) {
  const Files sound = first_sound(files, pool);
  const auto side = static_cast<int>(size);
  std::vector<support::Image> few(sound.size());
  const support::Stopwatch watch;
  pool.run(static_cast<int64_t>(few.size()), [&](int64_t n) {
    const auto i = static_cast<size_t>(n);
    few[i] = support::resize(support::read_image(sound[i]), side, side);
  });
  StandIns found;
  found.seconds = rest_of(watch.seconds(), files, sound);
  std::vector<support::Image> all;
  for (size_t i = 0; i < files.size(); ++i) all.push_back(few[i % few.size()]);
  found.pictures = make_pixels(std::move(all), size, views);
  return found;
}

}  // namespace heed::caption
