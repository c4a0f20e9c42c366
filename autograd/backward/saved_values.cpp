#include "autograd/backward/saved_values.h"

namespace heed::detail {

void throw_forgotten(const Reel& reel, size_t node) {
  throw Error(
      "gradients: the tape has been walked, and what {} had saved is gone; make the tape with Tape({{.keep = "
      "true}}) "
      "to take gradients more than once",
      describe(reel, node));
}

void throw_changed(const Reel& reel, size_t node, const Tensor& leaf) {
  throw Error(
      "gradients: {} was written to after {} had read it, so its gradients would mix old numbers with new; "
      "take "
      "gradients before an optimizer's step, and begin a new tape after it",
      describe(leaf), describe(reel, node));
}

}  // namespace heed::detail
