// The reel: what a tape is written on. One node an operation, in the order of execution: the evaluation trace,
// or Wengert list, of the literature.
//
// Tapes inside each other write on one reel (tape.h), so there is only one numbering of the nodes.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "autograd/base/immutable.h"
#include "autograd/tape/adjoints.h"

namespace heed {

class Profile;

struct NodeInput {
  const Tensor* leaf = nullptr;  // a tensor that this reel did not make: a parameter or a constant
  int32_t node = -1;             // or the node that made it
  int32_t output = 0;
  int32_t slot = -1;     // where its gradient is summed during a walk; -1: nobody wants it
  uint32_t version = 0;  // of the leaf when the operation read it
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
  const Shape* shapes = nullptr;  // of the outputs
  int32_t input_count = 0, output_count = 0;
  int32_t first_slot = 0;  // outputs are numbered through over the reel
  DType dtype = DType::f32;
  bool needed = false;     // by the walk under way: some input's gradient leads to a target
  bool forgotten = false;  // its saved values are gone
  int64_t time_step = -1;
  int64_t flops = 0;             // in products (base/flops.h), since the operation before
  const ViewOf* view = nullptr;  // set if the output is a view of the only input

  // Adds to the gradients of the inputs, given those of the outputs, of which an undefined one stands for zeros.
  // Written with operations, so that it can be recorded.
  virtual void pull(std::span<Tensor> upstream, Adjoints& adjoints) = 0;
  // The same by a kernel, for operations that have one.
  virtual void pull_in_place(std::span<Tensor> upstream, InPlace& adjoints) { pull(upstream, adjoints); }
  virtual void forget() = 0;  // lets go of the saved values
  virtual ~Node() = default;
};

// The nodes in the order of execution, in memory that grows by chunks and is freed at once.
class Reel : public std::enable_shared_from_this<Reel> {
 public:
  explicit Reel(Immutable* in_common = nullptr);
  ~Reel();
  Reel(const Reel&) = delete;
  Reel& operator=(const Reel&) = delete;
  // A new reel on which this thread records from here on, until end(). Whoever still holds it then finds it ended.
  static std::shared_ptr<Reel> start(Immutable* in_common);
  void end();                         // in any thread; throws nothing
  static Reel* current();             // of this thread; null if nothing records
  static Reel* exchange(Reel* reel);  // null in the place of one that has ended
  // Throws, naming the operation, if it has ended or belongs to another thread.
  void check_usable(const char* operation);
  static int64_t exchange_time_step(int64_t t);
  // Told the name of each operation as it is recorded, in every thread, if set; for tests (tests/recorded.h).
  static std::atomic<void (*)(const char* name)> on_record;

  const std::vector<Node*>& nodes() const { return nodes_; }
  uint64_t id() const { return id_; }
  int32_t slots() const { return slots_; }
  const Shape& shape_of(const NodeInput& input) const {
    return input.leaf ? input.leaf->shape() : nodes_[static_cast<size_t>(input.node)]->shapes[input.output];
  }
  DType dtype_of(const NodeInput& input) const {
    return input.leaf ? input.leaf->dtype() : nodes_[static_cast<size_t>(input.node)]->dtype;
  }
  bool check_finite = false;
  bool watch = false;  // keep the values from here on
  // The value of a slot, if it was watched; else undefined.
  Tensor watched(int32_t slot) const;
  Profile* profile = nullptr;  // set if the operations are timed

  void* allocate(size_t bytes) {
    bytes = (bytes + 15) / 16 * 16;
    if (bytes > room_ - used_) add_chunk(bytes);
    return chunks_.back().data() + std::exchange(used_, used_ + bytes);
  }
  // Copies in this memory: of something without a destructor, and of tensors, which the node must let go of.
  const void* keep(const void* object, size_t bytes);
  Tensor* keep(std::span<const Tensor* const> tensors);
  Immutable& values() { return values_; }  // none is changed while this lives
  // Anything that can be walked as tensors may be the inputs; none of them is copied unless it is a leaf.
  template <class Inputs>
  void append(Node* node, const char* name, const Inputs& inputs, std::span<Tensor> outputs) {
    open(node, name, inputs.size());
    NodeInput* input = node->inputs;
    for (const Tensor& x : inputs) connect(*input++, x);
    close(node, outputs);
  }

 private:
  [[noreturn]] void throw_ended_elsewhere();
  void add_chunk(size_t bytes);
  void open(Node* node, const char* name, size_t input_count);
  void connect(NodeInput& input, const Tensor& x);
  const Tensor* keep_leaf(const Tensor& x);
  void close(Node* node, std::span<Tensor> outputs);
  bool is_known(const Node& node, const Tensor& output) const;
  const Shape* keep_shapes(const Node& node, std::span<const Tensor> outputs);
  void check_outputs(const Node& node, std::span<const Tensor> outputs) const;
  struct Leaf {
    Tensor tensor;
    Leaf* before;
  };
  std::vector<Node*> nodes_;
  std::vector<std::span<char>> chunks_;
  Immutable values_;
  std::optional<Immutable::Scope> still_;  // in the thread that records
  Leaf* last_leaf_ = nullptr;
  std::array<const Tensor*, 16> known_leaves_{};
  std::vector<Tensor> watched_;  // by slot
  size_t used_ = 0, room_ = 0;
  uint64_t id_;
  int32_t slots_ = 0;
  int64_t flops_ = 0;           // when the last node was appended
  const void* home_ = nullptr;  // of the thread that records
  std::atomic<bool> ended_ = false;
};

// "tanh #412 [80, 1000] at time step 7 (from attention.query.weight)"
std::string describe(const Reel& reel, size_t node);

}  // namespace heed
