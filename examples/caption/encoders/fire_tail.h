// The last fire modules of SqueezeNet, where they are parts of the captioner and learn with it (caption train
// --tune-encoder N). What the modules before them see of a picture never changes, and is kept (features.h).
//
//     a = fire_9(.. fire_{10-N}(x)),   x [L, D'] -> a [L, 512]
//
// Features are kept at a fraction c of their size (squeezenet_scale). A network of ReLUs gives c times as much for c times
// the input if its biases, too, are c times as large: so the annotations are those of the whole encoder as training begins.
#pragma once

#include <vector>

#include "examples/caption/encoders/squeezenet.h"

namespace heed::caption {

struct FireTail {
  std::vector<Fire> fires;

  FireTail() = default;
  // `count` modules with random numbers, for those of a file; and the last ones of a network, for inputs of that scale.
  FireTail(int64_t count, Rng& rng);
  FireTail(const SqueezeNet& net, int64_t count, double scale);

  // [n, side^2, D'] -> [n, side^2, 512]. Throws if D' is another.
  Tensor operator()(const Tensor& annotations, int64_t side) const;
  void parts(auto& visit) { visit("fires", fires); }
};

}  // namespace heed::caption
