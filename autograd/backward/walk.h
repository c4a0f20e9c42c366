// The backward pass: one walk over a reel from its last node to its first.
//
// A value can only be computed from values that exist already, so when the walk comes to a node, every node that
// reads its outputs has been walked, and the outputs' gradients are complete. Its pullback turns them into the
// gradients of its inputs, which lie further down. With x = 3, y = x x and z = y + x:
//
//     node 0   y = x x       leads from x: marked
//     node 1   z = y + x     marked
//     seed     dz = 1
//     node 1   dy += dz = 1,  dx += dz = 1
//     node 0   dx += dy x + dy x = 6                   dx = 7, and complete, for no node below reads x
//
// First a sweep upwards marks the values that a target leads to: nothing else gets a gradient. What is asked of a
// walk, in this order: want the targets, seed the outputs, run, read the results. Tape::gradients does that; the
// loop itself is walk.cpp, the sums lie in gradient_sums.h.
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "autograd/backward/gradient_sums.h"
#include "autograd/tape/tape.h"

namespace heed {

class Walk {
 public:
  // Over the nodes from `begin` on. `recorded`: the walk's own operations go on the reel, behind them.
  Walk(Reel& reel, size_t begin, bool recorded)
      : reel_(reel), begin_(begin), end_(reel.nodes().size()), recorded_(recorded), sums_(reel, recorded) {}

  // What gradients are asked for, with the buffers to sum them in, or none, and who wants to see gradients.
  void want(const std::vector<Tensor>& targets, const std::vector<Tensor>& buffers,
            const std::deque<GradientHook>& hooks = {});
  // The same for leaves that are inputs of a node under another walk: their gradients go there.
  void want(const std::vector<Tensor>& targets, InPlace& adjoints);
  // The gradient of `output` += upstream.
  void seed(const Tensor& output, const Tensor& upstream);
  void run(bool keep);  // keep: the nodes keep what they have saved
  Tensor result(size_t target, const Tensor& like) { return sums_.result(target_slots_[target], like); }

 private:
  int32_t slot_of(const Tensor& x) const;  // -1: x has none
  int32_t ask_for(const Tensor& x, const Tensor& buffer);
  void mark();
  void pull(size_t index);
  void see(int32_t slot, Tensor& gradient);
  void see_leaves();
  void check_finite(size_t index) const;

  Reel& reel_;
  size_t begin_, end_;
  bool recorded_;
  GradientSums sums_;
  std::vector<int32_t> target_slots_;
  std::unordered_map<const void*, int32_t> leaves_;    // the slots of the targets that no node made
  std::multimap<int32_t, const GradientHook*> hooks_;  // by slot
};

}  // namespace heed
