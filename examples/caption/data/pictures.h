// Pictures in the form that an encoder wants, by number.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "autograd/base/rng.h"
#include "examples/caption/data/views.h"
#include "examples/support/images/image.h"

namespace heed::caption {

class FeatureSet;  // encoders/features.h

// Pictures by number.
class Pictures {
 public:
  virtual ~Pictures() = default;
  // Annotations [n, L, D] of a fixed encoder, or pixels [n, 3, size, size] for Encoder::small.
  virtual Tensor at(const std::vector<int64_t>& numbers) const = 0;
  // The same, of each picture one of its views, all equally likely.
  virtual Tensor draw(const std::vector<int64_t>& numbers, Rng&) const { return at(numbers); }
};

// Annotations that were computed before: number i is names[i], with those of its views that are in the set.
std::shared_ptr<const Pictures> make_annotations(FeatureSet features, const std::vector<std::string>& names,
                                                 const ViewOptions& views = {});

// Pictures themselves, for an encoder that learns; resized to `size` pixels on each edge.
std::shared_ptr<const Pictures> make_pixels(std::vector<support::Image> pictures, int64_t size,
                                            const ViewOptions& views = {});

}  // namespace heed::caption
