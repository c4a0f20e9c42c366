#include "autograd/check/cost.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "autograd/base/memory.h"
#include "autograd/check/trace.h"

namespace heed {
namespace {

class Forecast {
 public:
  Forecast(const Tape& tape, size_t loss, const Parameters& parameters);
  std::vector<OperationCost> operations() const;
  int64_t most_gradients() const;  // bytes, beyond what is in use before the backward pass

 private:
  std::span<const NodeInput> inputs(const Node& node) const {
    return {node.inputs, static_cast<size_t>(node.input_count)};
  }
  bool leads(const NodeInput& input) const {
    if (input.leaf) return parameters_.contains(input.leaf->identity());
    return input.node >= 0 && leads_[static_cast<size_t>(input.node)];
  }
  int64_t bytes_of(const Node& node, int output) const {
    return node.view ? 0 : node.shapes[output].numel() * size_of(node.dtype);
  }
  int64_t factors(const Node& node) const;

  const Reel& reel_;
  size_t begin_, loss_;
  std::unordered_set<const void*> parameters_;
  std::vector<char> leads_, read_;  // by node: to a parameter; by the loss
};

Forecast::Forecast(const Tape& tape, size_t loss, const Parameters& parameters)
    : reel_(tape.reel()), begin_(tape.begin()), loss_(loss), leads_(reel_.nodes().size()), read_(leads_.size()) {
  for (const Tensor& parameter : parameters.tensors()) parameters_.insert(parameter.identity());
  for (size_t n = begin_; n <= loss_; ++n)
    for (const NodeInput& input : inputs(*reel_.nodes()[n])) leads_[n] |= static_cast<char>(leads(input));
  read_[loss_] = 1;
  for (size_t n = loss_ + 1; n-- > begin_;)
    if (read_[n])
      for (const NodeInput& input : inputs(*reel_.nodes()[n]))
        if (input.node >= 0) read_[static_cast<size_t>(input.node)] = 1;
}

// Of a product; a bias, a vector, is none.
int64_t Forecast::factors(const Node& node) const {
  int64_t count = 0;
  for (const NodeInput& input : inputs(node))
    if (leads(input) && reel_.shape_of(input).rank() >= 2) ++count;
  return std::min<int64_t>(count, 2);
}

std::vector<OperationCost> Forecast::operations() const {
  std::map<std::string, OperationCost> by_name;
  for (size_t n = begin_; n < reel_.nodes().size(); ++n) {
    const Node& node = *reel_.nodes()[n];
    OperationCost& cost = by_name[node.name];
    cost.name = node.name;
    ++cost.calls;
    cost.forward_flops += node.flops;
    if (n <= loss_ && read_[n]) cost.backward_flops += node.flops * factors(node);
    for (int k = 0; k < node.output_count; ++k) cost.bytes += bytes_of(node, k);
  }
  std::vector<OperationCost> costs;
  for (auto& [name, cost] : by_name) costs.push_back(std::move(cost));
  std::stable_sort(costs.begin(), costs.end(), [](const OperationCost& a, const OperationCost& b) {
    const int64_t flops_a = a.forward_flops + a.backward_flops, flops_b = b.forward_flops + b.backward_flops;
    return flops_a != flops_b ? flops_a > flops_b : a.bytes > b.bytes;
  });
  return costs;
}

// The walk, with sizes alone: a gradient is there from when the first reader is walked until its node is, and what a
// node has saved is given back behind it.
int64_t Forecast::most_gradients() const {
  std::vector<char> there(reel_.nodes().size());
  int64_t now = 0, most = 0;
  for (size_t n = loss_ + 1; n-- > begin_;) {
    const Node& node = *reel_.nodes()[n];
    int64_t own = 0;
    for (int k = 0; k < node.output_count; ++k) own += bytes_of(node, k);
    if (leads_[n] && read_[n])
      for (const NodeInput& input : inputs(node))
        if (input.node >= 0 && leads(input) && !std::exchange(there[static_cast<size_t>(input.node)], 1)) {
          const Node& from = *reel_.nodes()[static_cast<size_t>(input.node)];
          for (int k = 0; k < from.output_count; ++k) now += bytes_of(from, k);
        }
    most = std::max(most, now);
    if (there[n]) now -= own;
    now -= own;
  }
  return most;
}

}  // namespace

Cost cost_of(const Tape& tape, const Tensor& loss, const Parameters& parameters, bool flat_exists) {
  const Forecast forecast(tape, node_of(tape, loss), parameters);
  Cost cost;
  cost.operations = forecast.operations();
  cost.bytes_now = memory::live_bytes();
  cost.bytes_peak = cost.bytes_now + forecast.most_gradients() +
                    (flat_exists ? 0 : parameters.count() * size_of(parameters.dtype()));
  return cost;
}

int64_t Cost::flops() const {
  int64_t sum = 0;
  for (const OperationCost& cost : operations) sum += cost.forward_flops + cost.backward_flops;
  return sum;
}

Cost& Cost::operator+=(const Cost& other) {
  for (const OperationCost& more : other.operations) {
    const auto same = std::find_if(operations.begin(), operations.end(),
                                   [&](const OperationCost& cost) { return cost.name == more.name; });
    if (same == operations.end()) {
      operations.push_back(more);
      continue;
    }
    same->calls += more.calls;
    same->forward_flops += more.forward_flops;
    same->backward_flops += more.backward_flops;
    same->bytes += more.bytes;
  }
  bytes_now = std::max(bytes_now, other.bytes_now);
  bytes_peak = std::max(bytes_peak, other.bytes_peak);
  return *this;
}

std::string Cost::table() const {
  constexpr double mega = 1e6;
  std::string text = fmt::format("{:<24} {:>7} {:>14} {:>15} {:>7} {:>11}\n", "operation", "calls", "MFLOP forward",
                                 "MFLOP backward", "share", "MB written");
  const double all = static_cast<double>(std::max<int64_t>(flops(), 1));
  int64_t bytes = 0;
  for (const OperationCost& cost : operations) {
    const auto forward = static_cast<double>(cost.forward_flops), backward = static_cast<double>(cost.backward_flops);
    text +=
        fmt::format("{:<24} {:>7} {:>14.1f} {:>15.1f} {:>6.1f}% {:>11.2f}\n", cost.name, cost.calls, forward / mega,
                    backward / mega, 100 * (forward + backward) / all, static_cast<double>(cost.bytes) / mega);
    bytes += cost.bytes;
  }
  return text + fmt::format(
                    "a step: {:.2f} GFLOP in products, {:.1f} MB computed forward; memory at most {:.1f} MB ({:.1f} "
                    "MB in use now)\n",
                    static_cast<double>(flops()) / 1e9, static_cast<double>(bytes) / mega,
                    static_cast<double>(bytes_peak) / mega, static_cast<double>(bytes_now) / mega);
}

}  // namespace heed
