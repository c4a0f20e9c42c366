#include "autograd/tape/tape.h"

#include "autograd/tape/roll.h"

namespace heed {

const Tensor& Gradients::operator[](const Tensor& x) const {
  for (size_t i = 0; i < of_.size(); ++i)
    if (of_[i].is(x)) return values_[i];
  throw Error("gradients: the gradient of {} was not asked for", describe(x));
}

Tape::Tape(TapeOptions options)
    : outermost_(!Roll::current()),
      roll_(outermost_ ? Roll::start(options.in_common) : Roll::current()->shared_from_this()),
      begin_(roll_->nodes().size()),
      options_(options),
      checked_finite_(roll_->check_finite) {
  roll_->check_usable("Tape");
  if (options.check_finite) roll_->check_finite = true;
}

Tape::~Tape() {
  if (outermost_) roll_->end();
  else roll_->check_finite = checked_finite_;
}

size_t Tape::size() const { return roll_->nodes().size() - begin_; }

bool recording() { return Roll::current() != nullptr; }
Untaped::Untaped() : paused_(Roll::exchange(nullptr)) {}
Untaped::~Untaped() { Roll::exchange(paused_); }
TimeStep::TimeStep(int64_t t) : before_(Roll::exchange_time_step(t)) {}
TimeStep::~TimeStep() { Roll::exchange_time_step(before_); }

Tensor detach(const Tensor& x) { return x.view(x.shape(), x.strides()); }

}  // namespace heed
