// A few pictures in the place of many, for estimates: what a step takes does not depend on what is seen, so no estimate
// waits until an encoder has looked at thousands of photographs.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "examples/caption/data/pictures.h"
#include "examples/caption/encoders/encoder.h"
#include "optim/thread_pool.h"

namespace heed::caption {

struct StandIns {
  std::shared_ptr<const Pictures> pictures;  // as many numbers as there are files
  double seconds = 0;                        // that the files which were left out would take
  int64_t bytes = 0;                         // .. and the memory, of features
};

// The annotations of the first of these files that can be read, four for each thread, with their views. Throws if none
// can.
StandIns stand_in_features(const FixedEncoder& encoder, const std::vector<std::filesystem::path>& files,
                           const ViewOptions& views, ThreadPool& pool);

// The same of pixels, of `size` on each edge.
StandIns stand_in_pixels(const std::vector<std::filesystem::path>& files, int64_t size, const ViewOptions& views,
                         ThreadPool& pool);

}  // namespace heed::caption
