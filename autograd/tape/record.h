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
//     void(const Tensor& dy, Adjoints& d)               adds what is wanted to d: d.add(i, ..), d.place(i, ..)
//     void(std::span<Tensor> dy, Adjoints& d)           several outputs; an undefined dy[k] stands for zeros
// Written with recorded operations it can itself be differentiated.
#pragma once

#include <array>
#include <atomic>
#include <new>
#include <utility>

#include "autograd/tape/tape.h"

namespace heed {

class Profile;

struct NodeInput {
  const Tensor* leaf = nullptr;  // a tensor that this roll did not make: a parameter or a constant
  int32_t node = -1;             // or the node that made it
  int32_t output = 0;
  int32_t slot = -1;             // where its gradient is summed during a walk; -1: nobody wants it
};

// How a view lies in the tensor that it was taken from.
struct ViewOf {
  Shape shape, base_shape;
  Strides strides, base_strides;
  int64_t offset;
};

struct Node {
  const char* name = "";
  NodeInput* inputs = nullptr;
  const Shape* shapes = nullptr;   // of the outputs
  int32_t input_count = 0, output_count = 0;
  int32_t first_slot = 0;          // outputs are numbered through over the roll
  DType dtype = DType::f32;
  bool needed = false;             // by the walk under way: some input's gradient leads to a target
  int64_t time_step = -1;
  const ViewOf* view = nullptr;    // set if the output is a view of the only input

  virtual void pull(std::span<Tensor> upstream, Adjoints& adjoints) = 0;
  virtual void forget() = 0;       // lets go of the saved values
  virtual ~Node() = default;
};

// The nodes in the order of execution, in memory that grows by chunks and is freed at once.
class Roll {
 public:
  explicit Roll(class SharedPacking* packing = nullptr);
  ~Roll();
  static Roll* current();          // of this thread; null if nothing records
  static Roll* exchange(Roll* roll);
  // Told the name of each operation as it is recorded, in every thread, if set; for tests (tests/recorded.h).
  static std::atomic<void (*)(const char* name)> on_record;

  const std::vector<Node*>& nodes() const { return nodes_; }
  uint64_t id() const { return id_; }
  int32_t slots() const { return slots_; }
  bool check_finite = false;
  Profile* profile = nullptr;      // set if the operations are timed

  void* allocate(size_t bytes) {
    bytes = (bytes + 15) / 16 * 16;
    if (bytes > room_ - used_) add_chunk(bytes);
    return chunks_.back() + std::exchange(used_, used_ + bytes);
  }
  // Copies in this memory: of something without a destructor, and of tensors, which the node must let go of.
  const void* keep(const void* object, size_t bytes);
  Tensor* keep(std::span<const Tensor* const> tensors);
  void forget_packed();            // the copies of weights that products keep (packed_weights.h)
  // Anything that can be walked as tensors may be the inputs; none of them is copied unless it is a leaf.
  template <class Inputs>
  void append(Node* node, const char* name, const Inputs& inputs, std::span<Tensor> outputs) {
    open(node, name, inputs.size());
    NodeInput* input = node->inputs;
    for (const Tensor& x : inputs) connect(*input++, x);
    close(node, outputs);
  }

 private:
  void add_chunk(size_t bytes);
  void open(Node* node, const char* name, size_t input_count);
  void connect(NodeInput& input, const Tensor& x);
  const Tensor* keep_leaf(const Tensor& x);
  void close(Node* node, std::span<Tensor> outputs);
  const Shape* keep_shapes(const Node& node, std::span<const Tensor> outputs);
  void check_outputs(const Node& node, std::span<const Tensor> outputs) const;
  struct Packed;
  struct Leaf {
    Tensor tensor;
    Leaf* before;
  };
  std::vector<Node*> nodes_;
  std::vector<char*> chunks_;
  std::unique_ptr<Packed> packed_;
  Leaf* last_leaf_ = nullptr;
  std::array<const Tensor*, 16> known_leaves_{};
  size_t used_ = 0, room_ = 0;
  uint64_t id_;
  int32_t slots_ = 0;
};

// "tanh #412 [80, 1000] at time step 7 (from attention.query.weight)"
std::string describe(const Roll& roll, size_t node);

namespace detail {

template <class Pullback>
struct NodeOf final : Node {
  explicit NodeOf(Pullback&& pullback) : alive(true) { new (&storage) Pullback(std::move(pullback)); }
  ~NodeOf() override { forget(); }
  void forget() override {
    if (alive) std::launder(reinterpret_cast<Pullback*>(&storage))->~Pullback();
    alive = false;
  }
  void pull(std::span<Tensor> dy, Adjoints& d) override {
    Pullback& f = *std::launder(reinterpret_cast<Pullback*>(&storage));
    if constexpr (std::is_invocable_v<Pullback&, std::span<Tensor>, Adjoints&>) {
      f(dy, d);
    } else if constexpr (std::is_invocable_v<Pullback&, Tensor&, Adjoints&>) {
      f(dy[0], d);
    } else if constexpr (std::is_convertible_v<std::invoke_result_t<Pullback&, Tensor&>, Tensor>) {
      d.add(0, f(dy[0]));
    } else {
      int i = 0;
      for (auto& gradient : f(dy[0])) d.add(i++, std::move(gradient));
    }
  }
  alignas(Pullback) unsigned char storage[sizeof(Pullback)];
  bool alive;
};

}  // namespace detail

// Several outputs. Integer inputs have no gradient and may be left out.
template <class Pullback>
void record(const char* name, std::span<const Tensor> inputs, std::span<Tensor> outputs, Pullback pullback) {
  Roll* roll = Roll::current();
  if (!roll) return;
  using N = detail::NodeOf<Pullback>;
  roll->append(new (roll->allocate(sizeof(N))) N(std::move(pullback)), name, inputs, outputs);
}

// A tensor named in a list, without a copy of the handle.
struct InputName {
  const Tensor& tensor;
  InputName(const Tensor& x) : tensor(x) {}
  operator const Tensor&() const { return tensor; }
};

template <class Pullback>
Tensor record(const char* name, std::initializer_list<InputName> inputs, Tensor output, Pullback pullback) {
  if (Roll* roll = Roll::current()) {
    using N = detail::NodeOf<Pullback>;
    roll->append(new (roll->allocate(sizeof(N))) N(std::move(pullback)), name, inputs, {&output, 1});
  }
  return output;
}

// A view: y shares the numbers of x, `offset` elements in. Its gradient is summed inside the gradient of x;
// the pullback says the same with operations, for when the backward pass is itself recorded.
template <class Pullback>
Tensor record_view(const char* name, const Tensor& x, const Shape& shape, const Strides& strides,
                   int64_t offset, Pullback pullback) {
  Tensor y = x.view(shape, strides, offset);
  Roll* roll = Roll::current();
  if (!roll || !is_float(x.dtype())) return y;
  record(name, std::span<const Tensor>(&x, 1), std::span<Tensor>(&y, 1), std::move(pullback));
  roll->nodes().back()->view =
      new (roll->allocate(sizeof(ViewOf))) ViewOf{shape, x.shape(), strides, x.strides(), offset};
  return y;
}

}  // namespace heed
