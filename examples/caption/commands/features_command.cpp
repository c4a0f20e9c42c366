#include "examples/caption/commands/features_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "examples/caption/data/dataset.h"
#include "examples/caption/encoders/features.h"
#include "examples/support/images/orientation.h"
#include "examples/support/process/console.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/process/stopwatch.h"
#include "examples/support/program/json_file.h"

namespace heed::caption {
namespace {

// Each once: splits may overlap.
std::vector<std::filesystem::path> all_images(const Dataset& data, bool needed) {
  std::vector<std::filesystem::path> images;
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const std::string& split : data.splits())
    for (const std::string& name : data.images(split))
      if (seen.insert(name).second) {
        names.push_back(name);
        images.push_back(data.file_of(name));
      }
  if (needed) data.require_some(names);
  return images;
}

void print(const ComputedFeatures& result, const std::filesystem::path& cache, double seconds) {
  for (const std::string& reason : result.reasons) support::inform(stderr, "left out: {}\n", reason);
  fmt::print("{}: {} photographs, {} computed now ({:.1f} a second), {} left out, {:.0f} MB\n", cache.string(),
             result.features.size(), result.computed,
             seconds > 0 ? static_cast<double>(result.computed) / seconds : 0.0, result.left_out.size(),
             static_cast<double>(result.features.bytes()) / 1e6);
}

}  // namespace

int compute_features(const FeaturesFlags& flags) {
  const std::filesystem::path cache = flags.cache.empty()
                                          ? usual_cache(flags.data, features_name(flags.encoder, flags.tune_encoder))
                                          : std::filesystem::path(flags.cache);
  const Dataset data(flags.data, flags.images);
  if (!flags.json) support::inform(stderr, "{}\n{}", data.taken(), support::orientation_note());
  const auto images = all_images(data, !std::filesystem::exists(cache));
  const auto encoder = load_encoder(flags.encoder, flags.weights, flags.weights_from, flags.tune_encoder);
  if (!flags.json) support::inform(stderr, "{}\n", encoder->note());
  ThreadPool pool(flags.threads);
  support::catch_interrupts();
  const support::Stopwatch watch;
  ComputedFeatures result;
  try {
    result = compute_features(*encoder, images, cache, pool, {flags.skip_broken, flags.json, flags.views});
  } catch (const support::Interrupted&) {
    support::inform(stderr, "what is done is kept in {}; the same command goes on from there\n", cache.string());
    throw;
  }
  const double seconds = watch.seconds();
  if (!flags.json) {
    print(result, cache, seconds);
    return 0;
  }
  fmt::print("{}\n", support::json_line({{"cache", cache.string()},
                                         {"encoder", result.features.encoder()},
                                         {"photographs", result.features.size()},
                                         {"computed", result.computed},
                                         {"left_out", result.left_out},
                                         {"seconds", seconds}}));
  return 0;
}

}  // namespace heed::caption
