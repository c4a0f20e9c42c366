// Tape::gradients: declared with the tape, defined here, since it is the backward pass.
#include <algorithm>

#include "autograd/backward/walk.h"
#include "autograd/tape/tape.h"

namespace heed {

Gradients Tape::walk(const std::vector<Tensor>& outputs, const std::vector<Tensor>& upstream, std::vector<Tensor> of,
                     std::vector<Tensor> buffers, Tensor flat) {
  const bool nested = !outermost_;
  Reel* before = Reel::exchange(nested ? reel_.get() : nullptr);
  struct Restore {
    Reel* reel;
    ~Restore() { Reel::exchange(reel); }
  } restore{before};
  Walk walk(*reel_, begin_, nested);
  walk.want(of, buffers, hooks_);
  for (size_t k = 0; k < outputs.size(); ++k) walk.seed(outputs[k], upstream[k]);
  reel_->values().clear();  // what the forward pass has kept; the backward pass reads weights the other way round
  walk.run(nested || options_.keep);
  reel_->values().clear();  // an optimizer may change them now
  std::vector<Tensor> values;
  for (size_t i = 0; i < of.size(); ++i) values.push_back(walk.result(i, of[i]));
  return Gradients(std::move(of), std::move(values), std::move(flat));
}

namespace {

void check_targets(const std::vector<Tensor>& of) {
  for (size_t i = 0; i < of.size(); ++i)
    if (!of[i] || !is_float(of[i].dtype()))
      throw Error("gradients: number {} of those asked for is {}, which has no gradient", i, describe(of[i]));
}

void check_loss(const Tensor& loss, Reel& reel) {
  reel.check_usable("gradients");
  if (!loss || loss.numel() != 1)
    throw Error("gradients: the loss must be one number, got {}; reduce it with sum() or mean()", describe(loss));
  if (loss.origin().tape != reel.id())
    throw Error("gradients: the loss {} was not computed while this tape was alive, or was detached from it",
                describe(loss));
}

bool has_moved(const NodeInput& input) { return input.leaf && input.leaf->role() == Tensor::Role::replaced; }

// The loss was computed from a part that the model has exchanged since: the gradient of the new one would be 0.
void check_read(const Tensor& loss, const Reel& reel) {
  const std::vector<Node*>& nodes = reel.nodes();
  const auto reads_one = [](const Node* node) {
    return std::any_of(node->inputs, node->inputs + node->input_count, has_moved);
  };
  if (std::none_of(nodes.begin(), nodes.end(), reads_one)) return;
  std::vector<char> leads(nodes.size());  // to the loss
  leads[static_cast<size_t>(loss.origin().node)] = 1;
  for (size_t n = nodes.size(); n-- > 0;)
    for (int i = 0; leads[n] && i < nodes[n]->input_count; ++i) {
      const NodeInput& input = nodes[n]->inputs[i];
      if (has_moved(input))
        throw Error(
            "gradients: {} was read from a tensor that is the model's no longer: Parameters or convert() have moved it "
            "since; make them before the tape reads the model",
            input.leaf->label().empty() ? describe(*input.leaf) : input.leaf->label());
      if (!input.leaf && input.node >= 0) leads[static_cast<size_t>(input.node)] = 1;
    }
}

Tensor one_like(const Tensor& loss) { return Tensor::full(loss.shape(), 1.0, loss.dtype()); }

}  // namespace

Gradients Tape::gradients(const Tensor& loss, const Parameters& parameters) {
  return gradients(loss, parameters, parameters.buffer());
}

Gradients Tape::gradients(const Tensor& loss, const Parameters& parameters, Tensor flat) {
  check_loss(loss, *reel_);
  parameters.check_current("gradients");
  check_read(loss, *reel_);
  if (!flat || flat.dtype() != parameters.dtype())
    throw Error("gradients: the buffer for them is {}, the parameters are {}", describe(flat),
                to_string(parameters.dtype()));
  std::vector<Tensor> buffers = parameters.views(flat);
  if (!outermost_) {
    Gradients recorded = walk({loss}, {one_like(loss)}, parameters.tensors(), {}, flat);
    for (size_t i = 0; i < buffers.size(); ++i) copy_into(buffers[i], recorded[i]);
    return recorded;
  }
  return walk({loss}, {one_like(loss)}, parameters.tensors(), std::move(buffers), std::move(flat));
}

Gradients Tape::gradients(const Tensor& loss, const std::vector<Tensor>& of) {
  check_loss(loss, *reel_);
  check_targets(of);
  return walk({loss}, {one_like(loss)}, of, {}, {});
}

Gradients Tape::gradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& upstream,
                          const std::vector<Tensor>& of) {
  if (outputs.size() != upstream.size())
    throw Error("gradients: {} outputs, but {} upstream gradients", outputs.size(), upstream.size());
  reel_->check_usable("gradients");
  check_targets(of);
  for (size_t k = 0; k < outputs.size(); ++k)
    if (!outputs[k] || !upstream[k] || !(outputs[k].shape() == upstream[k].shape()) ||
        outputs[k].dtype() != upstream[k].dtype())
      throw Error("gradients: output {} is {}, its upstream gradient {}", k, describe(outputs[k]),
                  describe(upstream[k]));
  return walk(outputs, upstream, of, {}, {});
}

}  // namespace heed
