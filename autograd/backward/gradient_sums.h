// Where gradients are summed: a slot for each value that leads from a target to the loss.
//
// Slots are numbered like the outputs of the reel's nodes; behind them come leaves that were asked for. Three things
// keep the sums free of temporaries: the first gradient that arrives is taken over, later ones are added in place,
// the gradient of a view is a view (view_gradients.h), and products are gathered (gathered_products.h).
#pragma once

#include <memory>
#include <vector>

#include "autograd/backward/gathered_products.h"
#include "autograd/tape/reel.h"

namespace heed {

struct Slot {
  enum class State : uint8_t {
    empty,      // nothing has arrived
    shared,     // `value` is what has arrived; others may hold it, too
    fresh,      // `value` is memory of ours with undefined numbers
    owned,      // `value` is memory of ours: what arrives is added in place
    in_base,    // the same, but inside the gradient of the tensor that this one is a view of
    elsewhere,  // under another walk, as that of `input`; `value` is what it is the gradient of
  };
  State state = State::empty;
  bool asked_for = false;
  int32_t input = 0;
  Tensor value;
  std::unique_ptr<GatheredProducts> products;  // that wait to be multiplied
};

class GradientSums {
 public:
  // `recorded`: the backward pass is itself recorded, so sums are made by operations, never in place.
  GradientSums(const Reel& reel, bool recorded);

  // --- before the walk
  void reserve_leaves(size_t count) { slots_.reserve(slots_.size() + count); }
  int32_t add_leaf();  // a new slot
  int32_t add_leaf(InPlace& elsewhere, int input, const Tensor& like);
  // Its gradient will be read by result() or a hook, and, if it is given, is summed in `buffer`.
  void ask_for(int32_t slot, const Tensor& buffer);
  bool asked_for(int32_t slot) const { return slots_[static_cast<size_t>(slot)].asked_for; }
  // The value of this slot is a view.
  void set_view(int32_t slot, const Node* node) { views_[static_cast<size_t>(slot)] = node; }

  // --- while it walks
  void add(int32_t slot, const Tensor& value);
  void add(int32_t slot, Tensor&& value);
  void add_product(int32_t slot, const Tensor& left, const Tensor& right);
  InPlace::Place place(int32_t slot, const Shape& shape, DType dtype);
  // What has been summed; undefined if there is nothing, or it lies in the base's gradient already.
  Tensor take(int32_t slot);
  // Another value for what has been summed.
  void replace(int32_t slot, const Tensor& value);
  // What has been summed so far, to be looked at; undefined if there is nothing yet.
  Tensor peek(int32_t slot) const;

  // --- after it
  Tensor result(int32_t slot, const Tensor& like);

 private:
  Slot& at(int32_t slot) { return slots_[static_cast<size_t>(slot)]; }
  void multiply(int32_t slot);
  bool place_in_base(int32_t slot, DType dtype, bool& fresh);

  bool recorded_;
  InPlace* elsewhere_ = nullptr;
  std::vector<Slot> slots_;
  std::vector<const Node*> views_;  // that made the values of slots, of views only
};

}  // namespace heed
