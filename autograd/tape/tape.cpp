#include "autograd/tape/tape.h"

#include <unordered_map>

#include "autograd/tape/reel.h"

namespace heed {

const Tensor& Gradients::operator[](const Tensor& x) const {
  for (size_t i = 0; i < of_.size(); ++i)
    if (of_[i].is(x)) return values_[i];
  throw Error("gradients: the gradient of {} was not asked for", describe(x));
}

Gradients Gradients::of(const Parameters& selection) const {
  std::unordered_map<const void*, size_t> place;
  for (size_t i = 0; i < of_.size(); ++i) place.emplace(of_[i].identity(), i);
  std::vector<Tensor> values;
  for (size_t i = 0; i < selection.size(); ++i) {
    const auto found = place.find(selection[i].identity());
    if (found == place.end()) throw Error("gradients: the gradient of {} was not asked for", selection.name(i));
    values.push_back(values_[found->second]);
  }
  if (!flat_) return Gradients(selection.tensors(), std::move(values));
  Tensor flat = selection.buffer();
  std::vector<Tensor> views = selection.views(flat);
  for (size_t i = 0; i < values.size(); ++i) {
    copy_into(views[i], values[i]);
    if (values[i].block() == flat_.block()) values[i] = views[i];  // else an outer tape can differentiate it
  }
  return Gradients(selection.tensors(), std::move(values), std::move(flat));
}

Tape::Tape(TapeOptions options)
    : outermost_(!Reel::current()),
      reel_(outermost_ ? Reel::start(options.in_common) : Reel::current()->shared_from_this()),
      begin_(reel_->nodes().size()),
      options_(options),
      checked_finite_(reel_->check_finite),
      watched_(reel_->watch) {
  reel_->check_usable("Tape");
  reel_->check_finite |= options.check_finite;
  reel_->watch |= options.watch;
}

Tape::~Tape() {
  if (outermost_) {
    reel_->end();
  } else {
    reel_->check_finite = checked_finite_;
    reel_->watch = watched_;
  }
}

void Tape::add_hook(const Tensor& x, std::function<Tensor(const Tensor&)> hook) {
  reel_->check_usable("on_gradient");
  if (!x || !is_float(x.dtype())) throw Error("on_gradient: {} has no gradient", describe(x));
  if (!hook) throw Error("on_gradient: the hook is empty");
  if (Reel::current() && Reel::current() != reel_.get())
    throw Error(
        "on_gradient: another tape records here (that of recompute, perhaps), so {} is no value of this one, and the "
        "hook would never be called",
        describe(x));
  hooks_.push_back({x, std::move(hook)});
}

size_t Tape::size() const { return reel_->nodes().size() - begin_; }

bool recording() { return Reel::current() != nullptr; }
Tensor kept(const Tensor& numbers) { return numbers && recording() ? copy_of(numbers) : numbers; }
Untaped::Untaped() : paused_(Reel::exchange(nullptr)) {}
Untaped::~Untaped() { Reel::exchange(paused_); }
TimeStep::TimeStep(int64_t t) : before_(Reel::exchange_time_step(t)) {}
TimeStep::~TimeStep() { Reel::exchange_time_step(before_); }

Tensor detach(const Tensor& x) {
  check_defined("detach", x);
  Tensor constant = x.view(x.shape(), x.strides());
  constant.set_origin(x.origin().detached());
  return constant;
}

}  // namespace heed
