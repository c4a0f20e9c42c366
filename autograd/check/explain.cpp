#include "autograd/check/explain.h"

#include <algorithm>
#include <cmath>

#include "autograd/check/trace.h"

namespace heed {
namespace {

using Numbers = std::vector<size_t>;  // of nodes

enum class Kind { zero, finite, not_finite };

Kind kind_of(const Tensor& gradient) {
  Kind kind = Kind::zero;
  for (const double g : gradient ? gradient.to_vector() : std::vector<double>()) {
    if (!std::isfinite(g)) return Kind::not_finite;
    if (g != 0) kind = Kind::finite;
  }
  return kind;
}

// The way of one tensor to the loss.
class Way {
 public:
  Way(const Tape& tape, size_t loss, const Tensor& x);
  std::string story() const;

 private:
  bool is_x(const NodeInput& input) const;
  bool depends(const NodeInput& input) const;  // on x
  std::string unread() const;
  std::string lost() const;
  std::string walked() const;
  std::string numbers() const;
  std::string not_finite(const Trace& trace) const;
  std::string zero(const Trace& trace) const;
  std::string shares(const Trace& trace, const NodeInput& sum) const;
  std::string list(const Numbers& nodes) const;
  std::span<const NodeInput> inputs(size_t node) const {
    return {reel_.nodes()[node]->inputs, static_cast<size_t>(reel_.nodes()[node]->input_count)};
  }

  const Tape& tape_;
  const Reel& reel_;
  size_t begin_, end_, loss_;
  const Tensor& x_;
  std::vector<char> reached_, leads_;  // by node: from x, to the loss
  Numbers readers_, between_;          // of x itself; on ways from x to the loss
};

Way::Way(const Tape& tape, size_t loss, const Tensor& x)
    : tape_(tape),
      reel_(tape.reel()),
      begin_(tape.begin()),
      end_(reel_.nodes().size()),
      loss_(loss),
      x_(x),
      reached_(end_),
      leads_(end_) {
  if (x.origin().tape == reel_.id()) reached_[static_cast<size_t>(x.origin().node)] = 2;  // x itself
  for (size_t n = begin_; n < end_; ++n)
    for (const NodeInput& input : inputs(n)) {
      if (is_x(input) && (readers_.empty() || readers_.back() != n)) readers_.push_back(n);
      if (depends(input)) reached_[n] = 1;
    }
  leads_[loss] = 1;
  for (size_t n = loss + 1; n-- > begin_;)
    if (leads_[n])
      for (const NodeInput& input : inputs(n))
        if (input.node >= 0) leads_[static_cast<size_t>(input.node)] = 1;
  for (size_t n = begin_; n < end_; ++n)
    if (reached_[n] == 1 && leads_[n]) between_.push_back(n);
}

bool Way::is_x(const NodeInput& input) const {
  const Tensor::Origin& made = x_.origin();
  if (made.tape == reel_.id()) return input.node == made.node && input.output == made.output;
  return input.leaf && input.leaf->is(x_);
}

bool Way::depends(const NodeInput& input) const {
  return is_x(input) || (input.node >= 0 && reached_[static_cast<size_t>(input.node)] == 1);
}

std::string Way::list(const Numbers& nodes) const {
  constexpr size_t most = 4;
  std::string text;
  for (size_t i = 0; i < std::min(most, nodes.size()); ++i) text += (i ? ", " : "") + describe(reel_, nodes[i]);
  return nodes.size() > most ? fmt::format("{} and {} more", text, nodes.size() - most) : text;
}

std::string Way::unread() const {
  for (size_t n = begin_; n < end_; ++n)
    for (const NodeInput& input : inputs(n)) {
      if (!input.leaf) continue;
      const Tensor::Origin cut = x_.origin().detached();
      const bool detached =
          cut.tape && input.leaf->origin().tape == cut.tape && input.leaf->origin().node == cut.node;
      if (detached || input.leaf->block() == x_.block())
        return fmt::format(
            "No operation read it, but {} read a tensor with the same numbers, which is a constant for the tape: "
            "detach(x), or a view that was made where nothing was recorded",
            describe(reel_, n));
      if (!x_.label().empty() && input.leaf->label() == x_.label())
        return fmt::format(
            "No operation read it, but {} read another tensor of this name: x is of a clone, or was replaced in the "
            "model",
            describe(reel_, n));
    }
  return fmt::format(
      "None of the {} operations on this tape read it. What is computed before the tape begins, inside Untaped, or as "
      "whole numbers (comparisons, argmax) is not on it",
      tape_.size());
}

std::string Way::lost() const {
  std::string text =
      fmt::format("{} read it, but no way leads on to the loss, {}", list(readers_), describe(reel_, loss_));
  if (readers_.front() > loss_) return text + ", which was computed before";
  std::vector<char> read(end_);
  for (size_t n = begin_; n < end_; ++n)
    for (const NodeInput& input : inputs(n)) {
      if (input.node >= 0) read[static_cast<size_t>(input.node)] = 1;
      const Tensor::Origin cut = input.leaf ? input.leaf->origin() : Tensor::Origin();
      if (cut.tape == ~reel_.id() && reached_[static_cast<size_t>(cut.node)])
        text += fmt::format("; detach() cuts the way behind {}, as a constant for {}",
                            describe(reel_, static_cast<size_t>(cut.node)), describe(reel_, n));
    }
  Numbers ends;
  for (size_t n = begin_; n < end_; ++n)
    if (reached_[n] == 1 && !read[n] && n != loss_) ends.push_back(n);
  if (!ends.empty())
    text += fmt::format(
        "; no operation on the tape read the result of {} (as whole numbers, or inside Untaped, nothing is recorded)",
        list(ends));
  return text;
}

std::string Way::walked() const {
  return fmt::format(
      "{} operations lie on its ways to the loss, {}; whether one of them makes zeros cannot be said any more, since a "
      "backward pass has let go of the saved numbers: ask before it, or make the tape with Tape({{.keep = true}})",
      between_.size(), describe(reel_, loss_));
}

std::string Way::numbers() const {
  const Trace trace(tape_, loss_);
  const Tensor gradient = trace.of(x_);
  switch (kind_of(gradient)) {
    case Kind::not_finite: return not_finite(trace);
    case Kind::zero: return zero(trace);
    default: break;
  }
  double squares = 0;
  const std::vector<double> values = gradient.to_vector();
  for (const double g : values) squares += g * g;
  const auto zeros = std::count(values.begin(), values.end(), 0.0);
  return fmt::format("Its gradient is not zero: the norm is {:.3g}, {} of {} numbers are 0", std::sqrt(squares),
                     zeros, values.size());
}

std::string Way::not_finite(const Trace& trace) const {
  for (size_t k = between_.size(); k-- > 0;) {
    const size_t n = between_[k];
    for (size_t i = 0; i < inputs(n).size(); ++i)
      if (kind_of(trace.to_input(n, static_cast<int>(i))) == Kind::not_finite)
        return fmt::format(
            "Its gradient is not finite: the backward pass of {} is the first that makes a NaN or an "
            "infinity",
            describe(reel_, n));
  }
  return "Its gradient is not finite";
}

// Which nodes add something to a sum that is 0 all the same: "", or their names.
std::string Way::shares(const Trace& trace, const NodeInput& sum) const {
  Numbers nodes;
  for (const size_t n : between_)
    for (size_t i = 0; i < inputs(n).size(); ++i) {
      const NodeInput& input = inputs(n)[i];
      const bool same =
          sum.leaf ? input.leaf && input.leaf->is(*sum.leaf) : input.node == sum.node && input.output == sum.output;
      if (same && kind_of(trace.to_input(n, static_cast<int>(i))) != Kind::zero) nodes.push_back(n);
    }
  return nodes.empty() ? "" : list(nodes);
}

std::string Way::zero(const Trace& trace) const {
  Numbers stops;
  std::string cancelled;
  for (size_t k = between_.size(); k-- > 0;) {
    const size_t n = between_[k];
    const Node& node = *reel_.nodes()[n];
    bool arrives = false, passes = false;
    for (int o = 0; o < node.output_count; ++o) arrives |= kind_of(trace.of_output(n, o)) != Kind::zero;
    for (int i = 0; i < node.input_count; ++i) {
      const NodeInput& input = node.inputs[i];
      if (!depends(input)) continue;
      const bool share = kind_of(trace.to_input(n, i)) != Kind::zero;
      passes |= share;
      const bool lost =
          share && kind_of(input.leaf ? trace.of(*input.leaf)
                                      : trace.of_output(static_cast<size_t>(input.node), input.output)) == Kind::zero;
      if (lost && cancelled.empty()) cancelled = shares(trace, input);
    }
    if (arrives && !passes) stops.push_back(n);
  }
  std::string text;
  if (!stops.empty())
    text = fmt::format(
        "A gradient arrives at {}, and 0 times that goes on towards x: a mask, a weight of 0, a number below or above "
        "the bounds of relu or clamp",
        list(stops));
  if (!cancelled.empty())
    text += fmt::format("{}What comes from {} adds up to 0", text.empty() ? "" : ". ", cancelled);
  return text.empty() ? "The loss does not change with it, whatever it is" : text;
}

std::string Way::story() const {
  if (x_.origin().tape == reel_.id() && static_cast<size_t>(x_.origin().node) == loss_) return "It is the loss";
  if (readers_.empty()) return unread();
  if (between_.empty()) return lost();
  const bool kept =
      std::none_of(between_.begin(), between_.end(), [&](size_t n) { return reel_.nodes()[n]->forgotten; });
  return kept ? numbers() : walked();
}

std::string explain(const Tape& tape, size_t loss, const Tensor& x) {
  if (!x) return "x is undefined: an absent tensor has no gradient.";
  if (!is_float(x.dtype())) return describe(x) + ": whole numbers have no gradient.";
  const uint64_t made = x.origin().tape, here = tape.reel().id();
  std::string text = describe(x) + ". ";
  if (made == ~here)
    text += fmt::format("It was detached from {} and is a constant for the tape. ",
                        describe(tape.reel(), static_cast<size_t>(x.origin().node)));
  else if (made != 0 && made != here) text += "It was computed on another tape, and is a constant for this one. ";
  return text + Way(tape, loss, x).story() + ".";
}

}  // namespace

std::string explain(const Tape& tape, const Tensor& loss, const Tensor& x) {
  if (loss && loss.origin().tape == ~tape.reel().id())
    return fmt::format("The loss was detached from {}: it is a constant.",
                       describe(tape.reel(), static_cast<size_t>(loss.origin().node)));
  if (!loss || loss.origin().tape != tape.reel().id())
    return fmt::format("The loss, {}, was not computed on this tape: nothing leads to it.", describe(loss));
  return explain(tape, static_cast<size_t>(loss.origin().node), x);
}

std::string explain(const Tape& tape, const Tensor& x) {
  if (tape.size() == 0) return "Nothing was recorded on this tape.";
  const size_t last = tape.begin() + tape.size() - 1;
  if (tape.reel().nodes()[last]->shapes[0].numel() != 1)
    throw Error("explain: the last value on the tape, {}, is not one number; name the loss: explain(tape, loss, x)",
                describe(tape.reel(), last));
  return explain(tape, last, x);
}

}  // namespace heed
