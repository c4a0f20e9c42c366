// How an operation gets onto the tape. An operation computes its output and ends in record():
//
//     Tensor cube(const Tensor& x) {
//       Tensor y = x * x * x;              // inside Untaped if its steps are not to be recorded
//       return record("cube", {x}, y, [x](const Tensor& dy) { return 3 * x * x * dy; });
//     }
//
// The pullback gets the gradient dy of the output and gives the gradient of each input: it is the transpose
// of the operation's Jacobian. It may be written as
//     Tensor(const Tensor& dy)                          one input
//     std::array<Tensor, N>(const Tensor& dy)           N inputs
//     void(const Tensor& dy, Adjoints& d)               adds what is wanted to d: d.add(i, ..)
//     void(std::span<Tensor> dy, Adjoints& d)           several outputs; an undefined dy[k] stands for zeros
// It is written with operations, so it can itself be differentiated.
//
// Where it pays, the same gradient is given a second time, as a kernel that sums into memory:
//     void(const Tensor& dy, InPlace& d)                d.place(i, ..) is the memory (adjoints.h)
//     return record("softmax", {x}, y, pullback, kernel);
// The backward pass takes the kernel, and the pullback only when it is itself recorded. A test holds them equal.
#pragma once

#include <algorithm>
#include <optional>

#include "autograd/tape/reel.h"
#include "autograd/tape/tape.h"

namespace heed {
namespace detail {

// Calls a pullback in the form in which it was written.
template <class Pullback, class D>
void call_pullback(Pullback& f, std::span<Tensor> dy, D& d) {
  if constexpr (std::is_invocable_v<Pullback&, std::span<Tensor>, D&>) {
    f(dy, d);
  } else if constexpr (std::is_invocable_v<Pullback&, Tensor&, D&>) {
    f(dy[0], d);
  } else if constexpr (std::is_convertible_v<std::invoke_result_t<Pullback&, Tensor&>, Tensor>) {
    d.add(0, f(dy[0]));
  } else {
    int i = 0;
    for (auto& gradient : f(dy[0])) d.add(i++, std::move(gradient));
  }
}

template <class Pullback>
struct NodeOf : Node {
  std::optional<Pullback> pullback;  // until it is forgotten

  explicit NodeOf(Pullback&& f) : pullback(std::move(f)) {}
  void forget() override { pullback.reset(); }
  void pull(std::span<Tensor> dy, Adjoints& d) override { call_pullback(*pullback, dy, d); }
};

template <class Pullback, class Kernel>
struct NodeWithKernel final : NodeOf<Pullback> {
  std::optional<Kernel> kernel;

  NodeWithKernel(Pullback&& f, Kernel&& k) : NodeOf<Pullback>(std::move(f)), kernel(std::move(k)) {}
  void forget() override {
    NodeOf<Pullback>::forget();
    kernel.reset();
  }
  void pull_in_place(std::span<Tensor> dy, InPlace& d) override { call_pullback(*kernel, dy, d); }
};

template <class Pullback>
Node* make_node(Reel& reel, Pullback&& pullback) {
  using N = NodeOf<Pullback>;
  return new (reel.allocate(sizeof(N))) N(std::move(pullback));
}
template <class Pullback, class Kernel>
Node* make_node(Reel& reel, Pullback&& pullback, Kernel&& kernel) {
  using N = NodeWithKernel<Pullback, Kernel>;
  return new (reel.allocate(sizeof(N))) N(std::move(pullback), std::move(kernel));
}

}  // namespace detail

// `name` must live for ever: a literal. Several outputs; integer inputs have no gradient and may be left out, and what
// is computed of whole numbers alone is not recorded.
template <class... Pullbacks>
void record(const char* name, std::span<const Tensor> inputs, std::span<Tensor> outputs, Pullbacks... pullbacks) {
  const bool any = std::any_of(outputs.begin(), outputs.end(), [](const Tensor& y) { return is_float(y.dtype()); });
  if (Reel* reel = Reel::current(); reel && any)
    reel->append(detail::make_node(*reel, std::move(pullbacks)...), name, inputs, outputs);
}

// A tensor named in a list, without a copy of the handle.
struct InputName {
  const Tensor& tensor;
  InputName(const Tensor& x) : tensor(x) {}
  operator const Tensor&() const { return tensor; }
};

// One output. `pullbacks`: the pullback, or the pullback and its kernel.
template <class... Pullbacks>
Tensor record(const char* name, std::initializer_list<InputName> inputs, Tensor output, Pullbacks... pullbacks) {
  if (Reel* reel = Reel::current(); reel && is_float(output.dtype()))
    reel->append(detail::make_node(*reel, std::move(pullbacks)...), name, inputs, {&output, 1});
  return output;
}

// A view: y shares the numbers of x, `offset` elements in. Its gradient is summed inside the gradient of x;
// the pullback says the same with operations.
template <class... Pullbacks>
Tensor record_view(const char* name, const Tensor& x, const Shape& shape, const Strides& strides, int64_t offset,
                   Pullbacks... pullbacks) {
  Tensor y = x.view(shape, strides, offset);
  Reel* reel = Reel::current();
  if (!reel || !is_float(x.dtype())) return y;
  record(name, std::span<const Tensor>(&x, 1), std::span<Tensor>(&y, 1), std::move(pullbacks)...);
  reel->nodes().back()->view =
      new (reel->allocate(sizeof(ViewOf))) ViewOf{shape, x.shape(), strides, x.strides(), offset};
  return y;
}

// The pullback of a fused operation: the gradient of its definition in plain operations, by a tape of its own.
//     record("weighted_rows", {w, h}, y, by_definition(weighted_rows_plain, {w, h}), kernel)
// definition(inputs[0], inputs[1], ..) gives one Tensor, or an array of them.
template <class Definition, size_t N>
auto by_definition(Definition definition, const std::array<Tensor, N>& inputs) {
  return [definition, inputs](std::span<Tensor> dy, Adjoints& d) {
    Tape inner;
    const auto results = std::apply(definition, inputs);
    std::vector<Tensor> y;
    if constexpr (std::is_convertible_v<decltype(results), Tensor>) y = {results};
    else y.assign(results.begin(), results.end());
    std::vector<Tensor> upstream(dy.begin(), dy.end());
    for (size_t k = 0; k < y.size(); ++k)
      if (!upstream[k]) upstream[k] = Tensor::zeros(y[k].shape(), y[k].dtype());
    std::vector<Tensor> of;  // an absent bias has no gradient
    std::vector<int> numbers;
    for (int i = 0; i < static_cast<int>(N); ++i)
      if (const Tensor& x = inputs[static_cast<size_t>(i)]; x && d.wanted(i)) {
        of.push_back(x);
        numbers.push_back(i);
      }
    const Gradients gradients = inner.gradients(y, upstream, of);
    for (size_t k = 0; k < numbers.size(); ++k) d.add(numbers[k], gradients[k]);
  };
}

}  // namespace heed
