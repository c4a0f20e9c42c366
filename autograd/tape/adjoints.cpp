#include "autograd/tape/adjoints.h"

#include "autograd/kernels/in_place.h"

namespace heed {

Tensor InPlace::place_zeroed(int input, const Tensor& like) {
  Place to = place(input, like);
  if (to.fresh) zero_fill(to.buffer);
  return to.buffer;
}

Apart::Apart(InPlace::Place place)
    : place_(&place.buffer), dense_(Tensor::empty(place.buffer.shape(), place.buffer.dtype())) {
  if (place.fresh) zero_fill(*place_);
}

void Apart::add_to_place() { add_in_place(*place_, dense_); }

SuitablePlace::SuitablePlace(InPlace& d, int input, const Tensor& like, bool (*suits)(const Tensor& place)) {
  if (!d.wanted(input)) return;
  const InPlace::Place to = d.place(input, like);
  memory_ = &to.buffer;
  fresh_ = to.fresh;
  if (suits(*memory_)) return;
  memory_ = &apart_.emplace(to).tensor();
  fresh_ = true;
}

void SuitablePlace::zero() {
  if (memory_ && fresh_) zero_fill(*memory_);
  fresh_ = false;
}

}  // namespace heed
