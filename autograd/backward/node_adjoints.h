// The gradients of one node's inputs, as its pullback sees them.
#pragma once

#include "autograd/backward/gradient_sums.h"

namespace heed {

class NodeAdjoints final : public InPlace {
 public:
  NodeAdjoints(const Reel& reel, const Node& node, GradientSums& sums) : reel_(reel), node_(node), sums_(sums) {}

  bool wanted(int input) const override { return slot(input) >= 0; }
  const Shape& shape(int input) const override { return reel_.shape_of(node_.inputs[input]); }
  // These throw, naming the node, if the gradient does not have the input's shape and type.
  void add(int input, const Tensor& value) override;
  void add(int input, Tensor&& value) override;
  void add_broadcast(int input, const Tensor& value) override;
  void add_broadcast(int input, Tensor&& value) override;
  void add_product(int input, const Tensor& left, const Tensor& right) override;
  Place place(int input, const Tensor& like) override { return sums_.place(slot(input), like.shape(), like.dtype()); }

 private:
  int32_t slot(int input) const { return node_.inputs[input].slot; }
  void check_shape(int input, const Tensor& value) const;
  void check_dtype(int input, const Tensor& value) const;
  bool was_broadcast(int input, const Tensor& value) const { return !(value.shape() == shape(input)); }

  const Reel& reel_;
  const Node& node_;
  GradientSums& sums_;
};

}  // namespace heed
