// Gradient clipping (Pascanu, Mikolov, Bengio 2013): when the gradients as one long vector are longer
// than a limit, they are scaled down to it. Recurrent networks need it, for their gradients can grow
// from step to step.
//
//     n = |g|,   g *= min(1, limit / (n + 1e-6))
//
// clip_norm() does this in place. Cheaper is to leave the gradients alone and let the optimizer scale them as
// it reads them:
//
//     adam.step(gradients, clip_scale(norm(gradients), 1.0));
//
// A norm that is infinite or NaN is given back like any other, and the gradients are left as they are:
// whether to skip the step, stop, or look for the cause is the caller's decision.
#pragma once

#include "autograd/tape/tape.h"
#include "optim/thread_pool.h"

namespace heed {

// The norm of all numbers of all gradients together, summed in double; order 1, 2 or infinity (throws
// for others). With a flat buffer the sum is taken block by block, so it is the same to the bit for
// any number of threads.
double norm(const Gradients& gradients, double order = 2, ThreadPool* threads = nullptr);

// What to multiply gradients of that norm with: min(1, limit / (norm + 1e-6)); 1 if the norm is not finite.
// Throws if the limit is negative or NaN.
double clip_scale(double norm, double limit);

// Scales the gradients to a norm of at most about `limit`; gives their norm before that.
double clip_norm(Gradients& gradients, double limit, double order = 2, ThreadPool* threads = nullptr);

// Every number to [-limit, limit]. Throws if the limit is negative or NaN.
void clip_value(Gradients& gradients, double limit, ThreadPool* threads = nullptr);

namespace detail {

// The sum of squares of `count` numbers, in double: what one block adds to the square of the norm.
template <class T>
double sum_of_squares(const T* numbers, int64_t count);

}  // namespace detail
}  // namespace heed
