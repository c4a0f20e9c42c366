#include "autograd/backward/view_gradients.h"

#include "autograd/kernels/in_place.h"

namespace heed {

Tensor view_of_gradient(const ViewOf& view, InPlace::Place& base) {
  const bool same_layout = base.buffer.strides() == view.base_strides;
  const bool whole = view.shape.numel() == view.base_shape.numel();
  if (base.fresh && !(whole && same_layout)) {
    zero_fill(base.buffer);
    base.fresh = false;
  }
  if (!same_layout) return {};
  return base.buffer.view(view.shape, view.strides, view.offset);
}

}  // namespace heed
