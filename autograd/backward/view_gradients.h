// The gradient of a view is a view of the gradient.
//
// Slicing is everywhere in recurrent networks: a step is a slice of a sequence, a gate a slice of a product. If each
// slice's gradient were a tensor of zeros with the slice filled in, a sequence of T steps would add T full-size
// tensors. So it is summed right where it belongs.
#pragma once

#include "autograd/tape/reel.h"

namespace heed {

// The part of the base's gradient that belongs to `view`; undefined if that gradient is laid out in another way than
// the base. Afterwards base.fresh tells whether the numbers of that part are still undefined; where the view leaves
// out some of the base, all have become zeros.
Tensor view_of_gradient(const ViewOf& view, InPlace::Place& base);

}  // namespace heed
