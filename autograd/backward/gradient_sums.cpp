#include "autograd/backward/gradient_sums.h"

#include "autograd/backward/view_gradients.h"
#include "autograd/kernels/in_place.h"
#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed {

using State = Slot::State;

GradientSums::GradientSums(const Reel& reel, bool recorded)
    : recorded_(recorded), slots_(static_cast<size_t>(reel.slots())), views_(slots_.size()) {}

int32_t GradientSums::add_leaf() {
  slots_.emplace_back();
  return static_cast<int32_t>(slots_.size()) - 1;
}

int32_t GradientSums::add_leaf(InPlace& elsewhere, int input, const Tensor& like) {
  slots_.emplace_back();
  elsewhere_ = &elsewhere;
  slots_.back().state = State::elsewhere;
  slots_.back().input = input;
  slots_.back().value = like;
  return static_cast<int32_t>(slots_.size()) - 1;
}

void GradientSums::ask_for(int32_t index, const Tensor& buffer) {
  Slot& slot = at(index);
  slot.asked_for = true;
  if (!buffer) return;
  slot.value = buffer;
  slot.state = State::fresh;
}

void GradientSums::add(int32_t index, Tensor&& value) {
  Slot& slot = at(index);
  if (slot.state == State::elsewhere) return elsewhere_->add(slot.input, std::move(value));
  if (slot.state != State::empty) return add(index, std::as_const(value));
  slot.value = std::move(value);
  slot.state = State::shared;
}

namespace {

// Now it is to be written to. Stays so when gradients of views come to lie in it.
void make_owned(Slot& slot) {
  if (slot.state != State::shared) return;
  if (!slot.value.is_unique()) slot.value = copy_of(slot.value);
  slot.state = State::owned;
}

}  // namespace

void GradientSums::add(int32_t index, const Tensor& value) {
  Slot& slot = at(index);
  if (slot.state == State::elsewhere) return elsewhere_->add(slot.input, value);
  if (slot.state == State::empty) {
    slot.value = value;
    slot.state = State::shared;
  } else if (recorded_) {
    slot.value = slot.value + value;
  } else if (slot.state == State::fresh) {
    copy_into(slot.value, value);
    slot.state = State::owned;
  } else {
    make_owned(slot);
    add_in_place(slot.value, value);
  }
}

void GradientSums::add_product(int32_t index, const Tensor& left, const Tensor& right) {
  if (recorded_) return add(index, matmul(transpose(left, 0, 1), right));
  if (at(index).state == State::elsewhere) return elsewhere_->add_product(at(index).input, left, right);
  std::unique_ptr<GatheredProducts>& waiting = at(index).products;
  if (!waiting) waiting = std::make_unique<GatheredProducts>();
  if (waiting->add(left, right)) multiply(index);
}

void GradientSums::multiply(int32_t index) {
  const std::unique_ptr<GatheredProducts> products = std::move(at(index).products);
  products->multiply_into(place(index, products->shape(), products->dtype()));
}

InPlace::Place GradientSums::place(int32_t index, const Shape& shape, DType dtype) {
  if (at(index).products) multiply(index);
  Slot& slot = at(index);
  if (slot.state == State::elsewhere) return elsewhere_->place(slot.input, slot.value);
  bool fresh = slot.state == State::fresh || slot.state == State::empty;
  if (slot.state == State::empty) {
    if (place_in_base(index, dtype, fresh)) return {slot.value, fresh};
    slot.value = Tensor::empty(shape, dtype);
  }
  make_owned(slot);
  if (fresh) slot.state = State::owned;  // whoever asks stores its numbers
  return {slot.value, fresh};
}

bool GradientSums::place_in_base(int32_t index, DType dtype, bool& fresh) {
  const Node* view_node = static_cast<size_t>(index) < views_.size() ? views_[static_cast<size_t>(index)] : nullptr;
  if (!view_node || view_node->inputs[0].slot < 0 || at(index).asked_for) return false;
  InPlace::Place base = place(view_node->inputs[0].slot, view_node->view->base_shape, dtype);
  Tensor view = view_of_gradient(*view_node->view, base);
  if (!view) return false;
  at(index).value = std::move(view);
  at(index).state = State::in_base;
  fresh = base.fresh;
  return true;
}

Tensor GradientSums::take(int32_t index) {
  if (at(index).products) multiply(index);
  Slot& slot = at(index);
  if (slot.state == State::empty || slot.state == State::fresh || slot.state == State::in_base) return {};
  if (slot.asked_for) return slot.value;
  slot.state = State::empty;
  return std::move(slot.value);
}

void GradientSums::replace(int32_t index, const Tensor& value) {
  Slot& slot = at(index);
  if (slot.state == State::owned && !recorded_) {  // perhaps in a buffer that others read
    copy_into(slot.value, value.block() == slot.value.block() ? copy_of(value) : value);
  } else {
    slot.value = value;
    slot.state = State::shared;
  }
}

Tensor GradientSums::peek(int32_t index) const {
  const Slot& slot = slots_[static_cast<size_t>(index)];
  return slot.state == State::fresh || slot.state == State::elsewhere ? Tensor() : slot.value;
}

// Dense, and nobody else's: the gradients of x and y in sum(x + y) are one number, seen from two slots.
Tensor GradientSums::result(int32_t index, const Tensor& like) {
  if (at(index).products) multiply(index);
  Slot& slot = at(index);
  if (slot.state == State::empty) return Tensor::zeros(like.shape(), like.dtype());
  if (slot.state == State::fresh) zero_fill(slot.value);
  const bool own = slot.state != State::shared || (slot.value.is_unique() && slot.value.is_dense());
  if (!own && recorded_) slot.value = slot.value + Tensor::zeros(like.shape(), like.dtype());
  else if (!own) slot.value = copy_of(slot.value);
  slot.state = State::shared;  // from here on; who asks for the same once more gets another
  return slot.value;
}

}  // namespace heed
