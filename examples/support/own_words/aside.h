// What is written while a tape is alive, and is none of its business.
#pragma once

#include "autograd/base/immutable.h"
#include "autograd/tape/tape.h"

namespace heed::support {

// What `write` returns, with nothing recorded. The parameters, which stand still for the tape, do so meanwhile.
template <class Write>
auto aside(Write write) {
  Immutable* const weights = Immutable::current();
  const Untaped constant;
  const Immutable::Scope scope(weights);
  return write();
}

}  // namespace heed::support
