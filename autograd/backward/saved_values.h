// Whether what a pullback reads is there still, and the same as when its operation read it.
#pragma once

#include "autograd/tape/reel.h"

namespace heed {
namespace detail {
[[noreturn]] void throw_forgotten(const Reel& reel, size_t node);
[[noreturn]] void throw_changed(const Reel& reel, size_t node, const Tensor& leaf);
}  // namespace detail

// Throws, with names, if a walk has let go of the saved values, or a leaf was written to since.
inline void check_saved(const Reel& reel, size_t index) {
  const Node& node = *reel.nodes()[index];
  if (node.forgotten) detail::throw_forgotten(reel, index);
  for (const NodeInput& input : std::span(node.inputs, static_cast<size_t>(node.input_count)))
    if (input.leaf && input.leaf->version() != input.version) detail::throw_changed(reel, index, *input.leaf);
}

}  // namespace heed
