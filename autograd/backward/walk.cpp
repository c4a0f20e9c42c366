#include "autograd/backward/walk.h"

#include <cmath>

#include "autograd/kernels/blas.h"
#include "autograd/kernels/in_place.h"
#include "autograd/ops/matmul.h"
#include "autograd/tape/profile.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed {

void Walk::want(const std::vector<Tensor>& targets, const std::vector<Tensor>& buffers) {
  slots_.reserve(slots_.size() + targets.size());
  for (size_t i = 0; i < targets.size(); ++i) {
    const Tensor::Origin& origin = targets[i].origin();
    int32_t slot;
    if (origin.tape == roll_.id()) {
      slot = roll_.nodes()[origin.node]->first_slot + origin.output;
    } else {
      slot = leaves_.emplace(targets[i].identity(), static_cast<int32_t>(slots_.size())).first->second;
      if (slot == static_cast<int32_t>(slots_.size())) slots_.emplace_back();
    }
    slots_[slot].target = true;
    if (!buffers.empty()) {
      slots_[slot].value = buffers[i];
      slots_[slot].fresh = slots_[slot].owned = true;
    }
    target_slots_.push_back(slot);
  }
  // Which values do the targets lead to? Only those need a gradient.
  node_of_slot_.resize(roll_.slots());
  const void* leaf = nullptr;  // that was looked up last
  int32_t leaf_slot = -1;
  for (size_t n = 0; n < end_; ++n) {
    Node& node = *roll_.nodes()[n];
    for (int k = 0; k < node.output_count; ++k) node_of_slot_[node.first_slot + k] = static_cast<int32_t>(n);
    if (n < begin_) continue;  // another walk may be under way there
    node.needed = false;
    for (int i = 0; i < node.input_count; ++i) {
      NodeInput& input = node.inputs[i];
      input.slot = -1;
      if (input.node >= 0) {  // values from before this tape began are leaves that may be targets
        const Node& from = *roll_.nodes()[input.node];
        const int32_t slot = from.first_slot + input.output;
        const bool inside = static_cast<size_t>(input.node) >= begin_;
        if ((inside && from.needed) || slots_[slot].target) input.slot = slot;
      } else if (input.leaf) {
        if (input.leaf->identity() != leaf) {  // often the same again: a recurrent weight
          leaf = input.leaf->identity();
          const auto found = leaves_.find(leaf);
          leaf_slot = found == leaves_.end() ? -1 : found->second;
        }
        input.slot = leaf_slot;
      }
      if (input.slot >= 0) node.needed = true;
    }
  }
}

void Walk::seed(const Tensor& output, const Tensor& upstream) {
  const Tensor::Origin& origin = output.origin();
  if (origin.tape == roll_.id()) {
    accumulate(roll_.nodes()[origin.node]->first_slot + origin.output, upstream);
  } else if (const auto leaf = leaves_.find(output.identity()); leaf != leaves_.end()) {
    accumulate(leaf->second, upstream);  // a leaf is its own output
  }
}

const Node* Walk::node_of(int32_t slot) const {
  return slot < roll_.slots() && slot < static_cast<int32_t>(node_of_slot_.size())
             ? roll_.nodes()[node_of_slot_[slot]]
             : nullptr;
}

void Walk::run(bool keep) {
  for (size_t n = end_; n-- > begin_;) {
    pull(n);
    if (!keep) roll_.nodes()[n]->forget();
  }
}

void Walk::pull(size_t index) {
  Node& node = *roll_.nodes()[index];
  if (!node.needed) return;
  Tensor few[2];
  std::vector<Tensor> many(node.output_count > 2 ? static_cast<size_t>(node.output_count) : 0);
  Tensor* upstream = many.empty() ? few : many.data();
  bool any = false;
  for (int k = 0; k < node.output_count; ++k) {
    Slot& slot = slots_[node.first_slot + k];
    if (slot.products) flush(node.first_slot + k);
    if (!slot.value || (slot.aliased && node.view)) continue;
    upstream[k] = slot.target ? slot.value : std::move(slot.value);
    any = true;
  }
  if (!any) return;
  Adjoints adjoints(*this, node);
  node.pull({upstream, static_cast<size_t>(node.output_count)}, adjoints);
  if (roll_.check_finite) check_finite(index);
  if (roll_.profile) roll_.profile->backward(node.name);
}

void Walk::check_finite(size_t index) const {
  const Node& node = *roll_.nodes()[index];
  for (int i = 0; i < node.input_count; ++i) {
    if (node.inputs[i].slot < 0) continue;
    const Slot& slot = slots_[node.inputs[i].slot];
    if (!slot.value || slot.fresh) continue;
    for (double x : slot.value.to_vector())
      if (!std::isfinite(x))
        throw Error("anomaly: the backward pass of {} made {} in the gradient of its input {}",
                    describe(roll_, index), std::isnan(x) ? "a NaN" : "an infinity", i);
  }
}

void Walk::make_writable(Slot& slot) {
  if (!slot.owned && !slot.value.is_unique()) {
    Tensor copy = Tensor::empty(slot.value.shape(), slot.value.dtype());
    copy_into(copy, slot.value);
    slot.value = std::move(copy);
  }
  slot.owned = true;  // stays so when gradients of views come to lie in it
}

void Walk::check_shape(const Node& node, int input, const Tensor& value) const {
  const Shape& expected = shape_of(node.inputs[input]);
  if (!(value.shape() == expected))
    throw Error("{}: its pullback gave a gradient of shape {} for input {} of shape {}", node.name,
                to_string(value.shape()), input, to_string(expected));
}

void Walk::accumulate(int32_t index, Tensor&& value) {
  Slot& slot = slots_[index];
  if (slot.value) return accumulate(index, std::as_const(value));
  slot.value = std::move(value);
}

void Walk::accumulate(int32_t index, const Tensor& value) {
  Slot& slot = slots_[index];
  if (!slot.value) {
    slot.value = value;
  } else if (recorded_) {
    slot.value = slot.value + value;
  } else if (slot.fresh) {
    copy_into(slot.value, value);
    slot.fresh = false;
  } else {
    make_writable(slot);
    add_in_place(slot.value, value);
  }
}

Adjoints::Place Walk::place(int32_t index, const Shape& shape, DType dtype) {
  if (slots_[index].products) flush(index);
  Slot& slot = slots_[index];
  if (slot.value) {
    if (slot.fresh) {
      slot.fresh = false;
      return {slot.value, true};
    }
    make_writable(slot);
    return {slot.value, false};
  }
  const Node* node = node_of(index);
  if (node && node->view && node->inputs[0].slot >= 0 && !slot.target) {
    bool fresh = false;
    if (place_in_base(index, *node->view, dtype, fresh)) return {slot.value, fresh};
  }
  slot.value = Tensor::empty(shape, dtype);
  slot.owned = true;
  return {slot.value, true};
}

bool Walk::place_in_base(int32_t index, const ViewOf& view, DType dtype, bool& fresh) {
  const int32_t base_slot = node_of(index)->inputs[0].slot;
  Adjoints::Place base = place(base_slot, view.base_shape, dtype);
  const bool same_layout = base.buffer.strides() == view.base_strides;
  const bool whole = view.shape.numel() == view.base_shape.numel();
  fresh = base.fresh;
  if (fresh && !(whole && same_layout)) {
    zero_fill(base.buffer);
    fresh = false;
  }
  if (!same_layout) return false;
  Slot& slot = slots_[index];
  slot.value = base.buffer.view(view.shape, view.strides, view.offset);
  slot.owned = slot.aliased = true;
  return true;
}

void Walk::add_product(const Node& node, int input, const Tensor& left, const Tensor& right) {
  constexpr int64_t enough = 640;  // rows from which one product runs at full speed
  const int32_t index = node.inputs[input].slot;
  if (index < 0) return;
  if (recorded_) return accumulate(index, matmul(transpose(left, 0, 1), right));
  std::unique_ptr<Products>& waiting = slots_[index].products;
  if (!waiting) waiting = std::make_unique<Products>();
  waiting->factors.emplace_back(left, right);
  waiting->rows += left.size(0);
  if (waiting->rows >= enough) flush(index);
}

// sum_t left_t^T right_t = [left_1; left_2; ..]^T [right_1; right_2; ..]
void Walk::flush(int32_t index) {
  const std::unique_ptr<Products> products = std::move(slots_[index].products);
  const int64_t rows = products->rows;
  auto [left, right] = products->factors[0];
  if (products->factors.size() > 1) {
    left = Tensor::empty({rows, left.size(1)}, left.dtype());
    right = Tensor::empty({rows, right.size(1)}, right.dtype());
    int64_t at = 0;
    for (const auto& [x, dy] : products->factors) {
      const int64_t n = x.size(0);
      Tensor a = left.view({n, left.size(1)}, left.strides(), at * left.size(1));
      Tensor b = right.view({n, right.size(1)}, right.strides(), at * right.size(1));
      copy_into(a, x);
      copy_into(b, dy);
      at += n;
    }
  }
  Adjoints::Place to = place(index, {left.size(1), right.size(1)}, left.dtype());
  blas::multiply(to.buffer, left, true, right, false, to.fresh ? 0.0 : 1.0);
}

Tensor Walk::result(size_t target, const Tensor& like) {
  const int32_t index = target_slots_[target];
  if (slots_[index].products) flush(index);
  Slot& slot = slots_[index];
  if (!slot.value) return Tensor::zeros(like.shape(), like.dtype());
  if (slot.fresh) zero_fill(slot.value);
  slot.fresh = false;
  return slot.value;
}

}  // namespace heed
