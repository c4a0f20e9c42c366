// The tape: reverse-mode differentiation of everything that was computed while it was alive.
//
// While a Tape exists in a thread, each operation appends a node: which tensors went in, which came out, and
// a pullback, the function that turns the gradients of the outputs into gradients of the inputs. A value can
// only be computed from values that exist already, so the order of execution is a topological order of the
// graph, and the backward pass is a plain walk over the nodes from the last to the first. No sorting, no
// recursion.
//
//     Tape tape;                                          // from here on operations are recorded
//     Tensor loss = model.loss(batch);
//     Gradients gradients = tape.gradients(loss, parameters);
//
// Gradients are values, not state of the parameters. The tape is gone, with every intermediate value, at the
// end of its scope. A Tape inside the scope of another is a mark on the same reel: the outer one goes on
// recording, also the operations of the inner one's backward pass, so the outer one can differentiate
// gradients.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <type_traits>
#include <vector>

#include "autograd/base/immutable.h"
#include "autograd/base/tensor.h"
#include "autograd/tape/parameters.h"

namespace heed {

class Reel;

// Gradients by parameter, in the order in which they were asked for; zeros where the loss does not depend on
// it.
class Gradients {
 public:
  Gradients() = default;
  Gradients(std::vector<Tensor> of, std::vector<Tensor> values, Tensor flat = {})
      : of_(std::move(of)), values_(std::move(values)), flat_(std::move(flat)) {}

  size_t size() const { return values_.size(); }
  const Tensor& operator[](size_t i) const { return values_[i]; }
  const Tensor& operator[](const Tensor& x) const;  // throws if its gradient was not asked for
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }
  // The share of a selection of the parameters (Parameters::matching), as if they alone had been asked for, copied:
  // so one backward pass serves several optimizers. Throws, with its name, if one of them was not asked for.
  Gradients of(const Parameters& selection) const;
  // The tensor whose gradient number i is; undefined if that was not said.
  Tensor parameter(size_t i) const { return i < of_.size() ? of_[i] : Tensor(); }
  // One buffer that holds all of them, laid out like Parameters::buffer(); undefined if tensors were asked for
  // one by one.
  const Tensor& flat() const { return flat_; }
  // Another value for gradient i, of the same shape; only where there is no flat buffer that would then
  // disagree.
  void replace(size_t i, Tensor value) { values_.at(i) = std::move(value); }

 private:
  std::vector<Tensor> of_, values_;
  Tensor flat_;
};

struct TapeOptions {
  bool keep = false;               // keep saved values, so that gradients() may be called again
  bool check_finite = false;       // anomaly mode: stop at the first operation that makes a NaN or an infinity
  bool watch = false;              // keep every value that is computed, to be shown (check/picture.h); takes memory
  Immutable* in_common = nullptr;  // what other tapes hold still at the same time, too (base/immutable.h)
};

// What wants to see the gradient of a value, or to give another (Tape::on_gradient).
struct GradientHook {
  Tensor of;
  std::function<Tensor(const Tensor&)> see;
};

class Tape {
 public:
  explicit Tape(TapeOptions options = {});
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  // The gradients of `loss`, a tensor of one number, with respect to every parameter. Throws if the loss was
  // not computed on this tape, if a parameter was written to after the tape had read it, or if the tape does not
  // keep the values it would need, having been walked already. Only the thread that made the tape may call it.
  Gradients gradients(const Tensor& loss, const Parameters& parameters);
  // The same, into memory that is there already: `flat` is laid out like parameters.buffer(). A tape inside another
  // copies the numbers there; its Gradients can be differentiated.
  Gradients gradients(const Tensor& loss, const Parameters& parameters, Tensor flat);
  // The same for single tensors: leaves, or values computed on the tape.
  Gradients gradients(const Tensor& loss, const std::vector<Tensor>& of);
  // The product of the upstream gradients with the Jacobian: the gradient of  sum_k <outputs[k],
  // upstream[k]>.
  Gradients gradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& upstream,
                      const std::vector<Tensor>& of);

  // Calls hook(gradient) in each backward pass of this tape, once the gradient of x is complete, and before it goes on
  // to what x was computed from; not if no gradient arrives at x. A hook that gives a tensor puts it in the gradient's
  // place: so gradients are clipped, scaled or turned round on their way. One that gives nothing only looks. x is a
  // leaf or a value of this tape. Hooks of one value are called in the order in which they came.
  template <class Hook>
  void on_gradient(const Tensor& x, Hook hook) {
    if constexpr (std::is_void_v<std::invoke_result_t<Hook&, const Tensor&>>)
      add_hook(x, [hook](const Tensor& gradient) mutable { return hook(gradient), Tensor(); });
    else add_hook(x, std::move(hook));
  }

  size_t size() const;  // recorded operations since this tape began
  Reel& reel() const { return *reel_; }
  size_t begin() const { return begin_; }

 private:
  Gradients walk(const std::vector<Tensor>& outputs, const std::vector<Tensor>& upstream, std::vector<Tensor> of,
                 std::vector<Tensor> buffers, Tensor flat);
  void add_hook(const Tensor& x, std::function<Tensor(const Tensor&)> hook);
  bool outermost_;  // of the tapes on this reel: its end is the reel's
  std::shared_ptr<Reel> reel_;
  size_t begin_;
  TapeOptions options_;
  std::deque<GradientHook> hooks_;  // none moves when another comes
  bool checked_finite_, watched_;   // what the tape around it wanted
};

// Whether operations are being recorded in this thread.
bool recording();

// Of what has no gradient and is not on the tape (indices, class weights): what a pullback may keep. While a tape records
// it is a copy, since nobody would notice if the caller wrote other numbers into his.
Tensor kept(const Tensor& numbers);

// While this exists, operations of this thread are not recorded, and numbers may be written to: nothing is kept of
// them that a write would make wrong (base/immutable.h).
class Untaped {
 public:
  Untaped();
  ~Untaped();
  Untaped(const Untaped&) = delete;
  Untaped& operator=(const Untaped&) = delete;

 private:
  Reel* paused_;
  Immutable::Scope nothing_stands_still_{nullptr};
};

// Names the time step that a loop is at, for anomaly messages and pictures of the tape.
class TimeStep {
 public:
  explicit TimeStep(int64_t t);
  ~TimeStep();

 private:
  int64_t before_;
};

// x as a constant: the same numbers, cut off from the tape.
Tensor detach(const Tensor& x);

}  // namespace heed
