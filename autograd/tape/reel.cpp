#include "autograd/tape/reel.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "autograd/base/flops.h"
#include "autograd/base/memory.h"
#include "autograd/tape/profile.h"

namespace heed {
namespace {

constexpr size_t kChunk = 64 << 10;
thread_local Reel* current_reel = nullptr;             // on which this thread records; null while it is paused
thread_local std::vector<std::shared_ptr<Reel>> live;  // all that it has started, the innermost last
thread_local int64_t current_time_step = -1;
std::atomic<uint64_t> next_reel{1};

bool is_live(const Reel* reel) {
  return std::any_of(live.begin(), live.end(), [&](const auto& one) { return one.get() == reel; });
}

// "tanh #412" for what the reel of this thread has made.
std::string name_of_origin(const Tensor::Origin& origin) {
  if (!current_reel || origin.tape != current_reel->id()) return "";
  return fmt::format("{} #{}", current_reel->nodes()[static_cast<size_t>(origin.node)]->name, origin.node);
}

}  // namespace

std::atomic<void (*)(const char*)> Reel::on_record{nullptr};
Reel* Reel::current() { return current_reel; }
Reel* Reel::exchange(Reel* reel) { return std::exchange(current_reel, is_live(reel) ? reel : nullptr); }
int64_t Reel::exchange_time_step(int64_t t) { return std::exchange(current_time_step, t); }

Reel::Reel(Immutable* in_common)
    : profile(Profile::current()), values_(in_common), id_(next_reel.fetch_add(1)), flops_(product_flops) {
  Tensor::set_origin_name(name_of_origin);
  if (profile) profile->mark();
}

Reel::~Reel() {
  for (size_t i = nodes_.size(); i-- > 0;) nodes_[i]->~Node();
  for (Leaf* leaf = last_leaf_; leaf;) std::exchange(leaf, leaf->before)->~Leaf();
  for (const std::span<char> chunk : chunks_) memory::release(chunk.data(), chunk.size());
}

std::shared_ptr<Reel> Reel::start(Immutable* in_common) {
  auto reel = std::make_shared<Reel>(in_common);
  reel->home_ = &live;
  reel->still_.emplace(reel->values_);
  live.push_back(reel);
  return current_reel = reel.get(), reel;
}

void Reel::end() {
  ended_ = true;
  if (home_ != &live) return;  // the thread that records finds out at its next operation
  still_.reset();
  if (current_reel == this) current_reel = nullptr;
  std::erase_if(live, [&](const auto& one) { return one.get() == this; });
}

void Reel::throw_ended_elsewhere() {
  const auto held = shared_from_this();
  end();
  throw Error("a tape of this thread was ended by another thread; a tape belongs to the thread that made it");
}

void Reel::check_usable(const char* operation) {
  if (ended_ && is_live(this)) throw_ended_elsewhere();
  if (ended_)
    throw Error(
        "{}: the tape around this one has ended, and what was recorded went with it; end the inner tape first",
        operation);
  if (home_ != &live) throw Error("{}: a tape belongs to the thread that made it; this is another one", operation);
}

void Reel::add_chunk(size_t bytes) {
  room_ = std::max(bytes, kChunk);  // a node may have thousands of inputs
  used_ = 0;
  chunks_.emplace_back(static_cast<char*>(memory::allocate(room_)), room_);
}

const void* Reel::keep(const void* object, size_t bytes) { return std::memcpy(allocate(bytes), object, bytes); }

Tensor* Reel::keep(std::span<const Tensor* const> tensors) {
  auto* kept = static_cast<Tensor*>(allocate(sizeof(Tensor) * tensors.size()));
  for (size_t i = 0; i < tensors.size(); ++i) new (kept + i) Tensor(*tensors[i]);
  return kept;
}

void Reel::open(Node* node, const char* name, size_t input_count) {
  if (ended_.load(std::memory_order_relaxed)) throw_ended_elsewhere();
  node->name = name;
  node->time_step = current_time_step;
  node->input_count = static_cast<int32_t>(input_count);
  node->inputs = static_cast<NodeInput*>(allocate(sizeof(NodeInput) * input_count));
  for (size_t i = 0; i < input_count; ++i) new (node->inputs + i) NodeInput;
}

// A node holds no tensor of its own, since counting references is slow and the same few weights come again
// and again. Each is kept once, or once more when another has taken its place among the known ones.
const Tensor* Reel::keep_leaf(const Tensor& x) {
  const Tensor*& known = known_leaves_[reinterpret_cast<uintptr_t>(x.identity()) / 64 % known_leaves_.size()];
  if (known && known->is(x)) return known;
  last_leaf_ = new (allocate(sizeof(Leaf))) Leaf{x, last_leaf_};
  return known = &last_leaf_->tensor;
}

void Reel::connect(NodeInput& input, const Tensor& x) {
  if (!x || !is_float(x.dtype())) return;
  if (x.origin().tape == id_) {
    input.node = x.origin().node;
    input.output = x.origin().output;
  } else {
    input.leaf = keep_leaf(x);
    input.version = x.version();
  }
}

void Reel::close(Node* node, std::span<Tensor> outputs) {
  const auto real = [](const Tensor& y) { return is_float(y.dtype()); };
  node->dtype = std::find_if(outputs.begin(), outputs.end(), real)->dtype();
  node->flops = product_flops - std::exchange(flops_, product_flops);
  node->output_count = static_cast<int32_t>(outputs.size());
  node->first_slot = slots_;
  node->shapes = keep_shapes(*node, outputs);
  const int32_t index = static_cast<int32_t>(nodes_.size());
  for (size_t k = 0; k < outputs.size(); ++k) {
    if (is_known(*node, outputs[k])) outputs[k] = outputs[k].view(outputs[k].shape(), outputs[k].strides());
    outputs[k].set_origin({id_, index, static_cast<int32_t>(k)});
  }
  if (watch) {
    watched_.resize(static_cast<size_t>(slots_));
    watched_.insert(watched_.end(), outputs.begin(), outputs.end());
  }
  slots_ += node->output_count;
  nodes_.push_back(node);
  if (check_finite) check_outputs(*node, outputs);
  if (profile) profile->forward(node->name);
  if (const auto tell = on_record.load(std::memory_order_relaxed)) tell(node->name);
}

Tensor Reel::watched(int32_t slot) const {
  return static_cast<size_t>(slot) < watched_.size() ? watched_[static_cast<size_t>(slot)] : Tensor();
}

// Whether an operation gave back one of its inputs, or another value of this reel. As a result it is another value
// with the same numbers: it needs a handle of its own, or its readers would be taken for those of the first.
bool Reel::is_known(const Node& node, const Tensor& output) const {
  if (output.origin().tape == id_) return true;
  for (int i = 0; i < node.input_count; ++i)
    if (node.inputs[i].leaf && node.inputs[i].leaf->is(output)) return true;
  return false;
}

// Most often the output has the shape of the first input, which another node keeps already.
const Shape* Reel::keep_shapes(const Node& node, std::span<const Tensor> outputs) {
  if (outputs.size() == 1 && node.input_count > 0 && node.inputs[0].node >= 0) {
    const NodeInput& input = node.inputs[0];
    const Shape* same = nodes_[static_cast<size_t>(input.node)]->shapes + input.output;
    if (*same == outputs[0].shape()) return same;
  }
  auto* shapes = static_cast<Shape*>(allocate(sizeof(Shape) * outputs.size()));
  for (size_t k = 0; k < outputs.size(); ++k) new (shapes + k) Shape(outputs[k].shape());
  return shapes;
}

void Reel::check_outputs(const Node& node, std::span<const Tensor> outputs) const {
  (void)node;
  for (const Tensor& output : outputs) {
    if (!is_float(output.dtype())) continue;
    const std::vector<double> values = output.to_vector();
    for (size_t i = 0; i < values.size(); ++i)
      if (!std::isfinite(values[i]))
        throw Error(
            "anomaly: {} made {} (element {} of {}). It is the first operation that did; its inputs are "
            "finite unless they were so from the start",
            describe(*this, nodes_.size() - 1), std::isnan(values[i]) ? "a NaN" : "an infinity", i, values.size());
  }
}

std::string describe(const Reel& reel, size_t index) {
  const Node& node = *reel.nodes()[index];
  std::string text = fmt::format("{} #{} {}", node.name, index, to_string(node.shapes[0]));
  if (node.time_step >= 0) text += fmt::format(" at time step {}", node.time_step);
  std::string from;
  for (int i = 0; i < node.input_count; ++i)
    if (node.inputs[i].leaf && !node.inputs[i].leaf->label().empty())
      from += (from.empty() ? "" : ", ") + node.inputs[i].leaf->label();
  return from.empty() ? text : text + " (from " + from + ")";
}

}  // namespace heed
