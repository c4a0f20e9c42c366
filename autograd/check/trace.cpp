#include "autograd/check/trace.h"

#include "autograd/backward/saved_values.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed {
namespace {

Tensor plus(const Tensor& sum, const Tensor& value) { return !sum ? value : !value ? sum : sum + value; }

// Notes down what a pullback adds, input by input.
class Notes final : public Adjoints {
 public:
  Notes(const Reel& reel, const Node& node)
      : added(static_cast<size_t>(node.input_count)), reel_(reel), node_(node) {}

  bool wanted(int input) const override { return node_.inputs[input].leaf || node_.inputs[input].node >= 0; }
  const Shape& shape(int input) const override { return reel_.shape_of(node_.inputs[input]); }
  void add(int input, const Tensor& value) override {
    if (Tensor& sum = added[static_cast<size_t>(input)]; wanted(input)) sum = plus(sum, value);
  }
  void add(int input, Tensor&& value) override { add(input, std::as_const(value)); }
  void add_broadcast(int input, const Tensor& value) override {
    if (wanted(input) && value) add(input, value.shape() == shape(input) ? value : sum_to(value, shape(input)));
  }
  void add_broadcast(int input, Tensor&& value) override { add_broadcast(input, std::as_const(value)); }
  void add_product(int input, const Tensor& left, const Tensor& right) override {
    add(input, matmul(transpose(left, 0, 1), right));
  }

  std::vector<Tensor> added;

 private:
  const Reel& reel_;
  const Node& node_;
};

Tensor found(const auto& map, const auto& key) {
  const auto at = map.find(key);
  return at == map.end() ? Tensor() : at->second;
}

}  // namespace

size_t node_of(const Tape& tape, const Tensor& loss) {
  if (!loss || loss.origin().tape != tape.reel().id())
    throw Error("the loss must be a number that was computed on this tape, got {}", describe(loss));
  return static_cast<size_t>(loss.origin().node);
}

Trace::Trace(const Tape& tape, const Tensor& loss) : Trace(tape, node_of(tape, loss), loss.origin().output) {}

Trace::Trace(const Tape& tape, size_t loss, int output)
    : reel_(tape.reel()), begin_(tape.begin()), inputs_(tape.size()) {
  const Node& last = *reel_.nodes().at(loss);
  const Shape& shape = last.shapes[output];
  if (shape.numel() != 1)
    throw Error("the loss must be one number, but {} is not; reduce it with sum() or mean()", describe(reel_, loss));
  const Untaped pause;
  values_[last.first_slot + output] = Tensor::full(shape, 1.0, last.dtype);
  for (size_t n = begin_ + tape.size(); n-- > begin_;) pull(n);
}

void Trace::pull(size_t index) {
  Node& node = *reel_.nodes()[index];
  std::vector<Tensor> upstream;
  bool any = false;
  for (int k = 0; k < node.output_count; ++k) {
    upstream.push_back(found(values_, node.first_slot + k));
    any |= bool(upstream.back());
  }
  if (!any) return;
  check_saved(reel_, index);
  Notes notes(reel_, node);
  node.pull(upstream, notes);
  inputs_[index - begin_] = notes.added;
  for (int i = 0; i < node.input_count; ++i) {
    const NodeInput& input = node.inputs[i];
    const Tensor& added = notes.added[static_cast<size_t>(i)];
    if (!added) continue;
    if (input.leaf) {
      Tensor& sum = leaves_[input.leaf->identity()];
      sum = plus(sum, added);
    } else {
      Tensor& sum = values_[reel_.nodes()[static_cast<size_t>(input.node)]->first_slot + input.output];
      sum = plus(sum, added);
    }
  }
}

Tensor Trace::of_output(size_t node, int output) const {
  return found(values_, reel_.nodes().at(node)->first_slot + output);
}

Tensor Trace::to_input(size_t node, int input) const {
  if (node < begin_ || node - begin_ >= inputs_.size()) return {};
  const std::vector<Tensor>& added = inputs_[node - begin_];
  return static_cast<size_t>(input) < added.size() ? added[static_cast<size_t>(input)] : Tensor();
}

Tensor Trace::of(const Tensor& x) const {
  const Tensor::Origin& made = x.origin();
  return made.tape == reel_.id() ? of_output(static_cast<size_t>(made.node), made.output)
                                 : found(leaves_, x.identity());
}

}  // namespace heed
