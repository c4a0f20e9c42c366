#include "autograd/backward/walk.h"

#include <cmath>

#include "autograd/backward/node_adjoints.h"
#include "autograd/backward/saved_values.h"
#include "autograd/tape/profile.h"

namespace heed {

void Walk::run(bool keep) {
  for (size_t n = end_; n-- > begin_;) {
    pull(n);
    if (keep) continue;
    reel_.nodes()[n]->forget();
    reel_.nodes()[n]->forgotten = true;
  }
  see_leaves();
}

void Walk::pull(size_t index) {
  Node& node = *reel_.nodes()[index];
  if (!node.needed && hooks_.empty()) return;
  Tensor few[2];
  std::vector<Tensor> many(node.output_count > 2 ? static_cast<size_t>(node.output_count) : 0);
  Tensor* upstream = many.empty() ? few : many.data();
  bool any = false;
  for (int k = 0; k < node.output_count; ++k) {
    upstream[k] = sums_.take(node.first_slot + k);
    if (!hooks_.empty()) see(node.first_slot + k, upstream[k]);
    any |= bool(upstream[k]);
  }
  if (!any || !node.needed) return;
  check_saved(reel_, index);
  NodeAdjoints adjoints(reel_, node, sums_);
  const std::span<Tensor> dy(upstream, static_cast<size_t>(node.output_count));
  if (recorded_) node.pull(dy, adjoints);
  else node.pull_in_place(dy, adjoints);
  if (reel_.check_finite) check_finite(index);
  if (reel_.profile) reel_.profile->backward(node.name);
}

int32_t Walk::slot_of(const Tensor& x) const {
  const Tensor::Origin& origin = x.origin();
  if (origin.tape == reel_.id()) return reel_.nodes()[static_cast<size_t>(origin.node)]->first_slot + origin.output;
  const auto leaf = leaves_.find(x.identity());
  return leaf == leaves_.end() ? -1 : leaf->second;
}

void Walk::want(const std::vector<Tensor>& targets, const std::vector<Tensor>& buffers,
                const std::deque<GradientHook>& hooks) {
  sums_.reserve_leaves(targets.size());
  for (size_t i = 0; i < targets.size(); ++i)
    target_slots_.push_back(ask_for(targets[i], buffers.empty() ? Tensor() : buffers[i]));
  // A hook is shown a gradient in memory of its own, not inside that of the tensor that its value is a view of.
  for (const GradientHook& hook : hooks) hooks_.emplace(ask_for(hook.of, {}), &hook);
  mark();
}

int32_t Walk::ask_for(const Tensor& x, const Tensor& buffer) {
  int32_t slot = slot_of(x);
  if (slot < 0) slot = leaves_[x.identity()] = sums_.add_leaf();
  sums_.ask_for(slot, buffer);
  return slot;
}

void Walk::want(const std::vector<Tensor>& targets, InPlace& adjoints) {
  for (size_t i = 0; i < targets.size(); ++i)
    if (const int input = static_cast<int>(i); adjoints.wanted(input))
      leaves_[targets[i].identity()] = sums_.add_leaf(adjoints, input, targets[i]);
  mark();
}

// Which values do the targets lead to? Only those need a gradient.
void Walk::mark() {
  const void* leaf = nullptr;  // that was looked up last: often the same again, a recurrent weight
  int32_t leaf_slot = -1;
  const auto leads_to = [&](const NodeInput& input) -> int32_t {
    if (input.leaf) {
      if (input.leaf->identity() != leaf) {
        leaf = input.leaf->identity();
        leaf_slot = slot_of(*input.leaf);
      }
      return leaf_slot;
    }
    if (input.node < 0) return -1;
    const Node& from = *reel_.nodes()[static_cast<size_t>(input.node)];
    const int32_t slot = from.first_slot + input.output;
    // Values from before this tape began are leaves that may be asked for.
    const bool inside = static_cast<size_t>(input.node) >= begin_;
    return (inside && from.needed) || sums_.asked_for(slot) ? slot : -1;
  };
  for (size_t n = 0; n < end_; ++n) {
    Node& node = *reel_.nodes()[n];
    if (node.view) sums_.set_view(node.first_slot, &node);
    if (n < begin_) continue;  // another walk may be under way there
    node.needed = false;
    for (int i = 0; i < node.input_count; ++i) {
      node.inputs[i].slot = leads_to(node.inputs[i]);
      node.needed |= node.inputs[i].slot >= 0;
    }
  }
}

void Walk::seed(const Tensor& output, const Tensor& upstream) {
  if (const int32_t slot = slot_of(output); slot >= 0) sums_.add(slot, upstream);
}

// The gradient of this slot is complete.
void Walk::see(int32_t slot, Tensor& gradient) {
  bool replaced = false;
  const auto [first, last] = hooks_.equal_range(slot);
  for (auto hook = first; hook != last && gradient; ++hook) {
    const Tensor other = hook->second->see(gradient);
    if (!other || other.is(gradient)) continue;
    if (!(other.shape() == gradient.shape()) || other.dtype() != gradient.dtype())
      throw Error("on_gradient: the hook of {} was given a gradient {} and gave {} in its place",
                  describe(hook->second->of), describe(gradient), describe(other));
    gradient = other;
    replaced = true;
  }
  if (replaced) sums_.replace(slot, gradient);
}

// The gradients of what this walk does not go beyond are complete at its end.
void Walk::see_leaves() {
  for (auto hook = hooks_.begin(); hook != hooks_.end(); hook = hooks_.upper_bound(hook->first)) {
    const Tensor::Origin& made = hook->second->of.origin();
    if (made.tape == reel_.id() && static_cast<size_t>(made.node) >= begin_) continue;
    Tensor gradient = sums_.take(hook->first);
    see(hook->first, gradient);
  }
}

void Walk::check_finite(size_t index) const {
  const Node& node = *reel_.nodes()[index];
  for (int i = 0; i < node.input_count; ++i) {
    const Tensor value = node.inputs[i].slot < 0 ? Tensor() : sums_.peek(node.inputs[i].slot);
    if (!value) continue;
    for (double x : value.to_vector())
      if (!std::isfinite(x))
        throw Error("anomaly: the backward pass of {} made {} in the gradient of its input {}",
                    describe(reel_, index), std::isnan(x) ? "a NaN" : "an infinity", i);
  }
}

}  // namespace heed
