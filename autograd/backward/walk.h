// The backward pass: one walk over a roll from its last node to its first.
//
// Each value that leads from a target to the loss has a slot, where its gradient is summed: first the outputs
// of all nodes, then the leaves that were asked for. Walking a node takes what its outputs' slots hold and
// lets its pullback add to those of its inputs. Three things keep this cheap:
//
//   who needs it     a forward sweep marks the values that depend on a target; nothing else gets a gradient
//   views            the gradient of a slice is a slice of the gradient: summed in place, no zeros are padded
//   products         the factors of a weight's gradient, one pair a time step, wait and are multiplied as one
#pragma once

#include <unordered_map>
#include <vector>

#include "autograd/tape/record.h"

namespace heed {

class Walk {
 public:
  Walk(Roll& roll, size_t begin, bool recorded)
      : roll_(roll), begin_(begin), end_(roll.nodes().size()), recorded_(recorded), slots_(roll.slots()) {}

  void want(const std::vector<Tensor>& targets, const std::vector<Tensor>& buffers);
  void seed(const Tensor& output, const Tensor& upstream);
  void run(bool keep);
  Tensor result(size_t target, const Tensor& like);

  bool wanted(const Node& node, int input) const { return node.inputs[input].slot >= 0; }
  const Shape& shape_of(const NodeInput& input) const {
    return input.leaf ? input.leaf->shape() : roll_.nodes()[input.node]->shapes[input.output];
  }
  template <class Value>
  void add(const Node& node, int input, Value&& value) {
    const int32_t slot = node.inputs[input].slot;
    if (slot < 0 || !value) return;
    check_shape(node, input, value);
    accumulate(slot, std::forward<Value>(value));
  }
  Adjoints::Place place(const Node& node, int input, const Tensor& like) {
    return place(node.inputs[input].slot, like.shape(), like.dtype());
  }
  void add_product(const Node& node, int input, const Tensor& left, const Tensor& right);
  bool recorded() const { return recorded_; }

 private:
  struct Products {
    std::vector<std::pair<Tensor, Tensor>> factors;
    int64_t rows = 0;
  };
  struct Slot {
    Tensor value;
    bool fresh = false;    // value has memory but no numbers yet
    bool owned = false;    // value may be written to even though other handles to its memory exist
    bool aliased = false;  // value lies inside the gradient of the tensor that this one is a view of
    bool target = false;
    std::unique_ptr<Products> products;  // that wait to be multiplied
  };

  Adjoints::Place place(int32_t slot, const Shape& shape, DType dtype);
  // Whether there is room for it in the gradient of the tensor that it is a view of, and whether that is
  // fresh.
  bool place_in_base(int32_t slot, const ViewOf& view, DType dtype, bool& fresh);
  void accumulate(int32_t slot, Tensor&& value);
  void accumulate(int32_t slot, const Tensor& value);
  void check_shape(const Node& node, int input, const Tensor& value) const;
  void make_writable(Slot& slot);
  void flush(int32_t slot);
  void pull(size_t index);
  void check_finite(size_t index) const;
  const Node* node_of(int32_t slot) const;

  Roll& roll_;
  size_t begin_, end_;
  bool recorded_;
  std::vector<Slot> slots_;
  std::vector<int32_t> target_slots_;
  std::vector<int32_t> node_of_slot_;
  std::unordered_map<const void*, int32_t> leaves_;  // the slots of the targets that no node made
};

}  // namespace heed
