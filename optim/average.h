// A running mean of the parameters (Polyak and Juditsky 1992): training jitters around a good place, and the
// mean of where it has been is closer to it than where it happens to be. For evaluation only: training
// goes on without it.
#pragma once

#include <algorithm>

#include "autograd/tape/parameters.h"
#include "optim/thread_pool.h"

namespace heed {

class Average {
 public:
  // mean = decay mean + (1 - decay) p after every step, with a smaller decay at first:
  // min(decay, (1 + t) / (10 + t)).
  Average(const Parameters& parameters, double decay)
      : parameters_(parameters), decay_(decay), mean_(parameters.numbers()) {
    if (!(decay >= 0 && decay < 1)) throw Error("average: decay = {} must lie in [0, 1)", decay);
  }

  void update(ThreadPool* threads = nullptr);
  // Exchanges mean and parameters: once before an evaluation, once after it.
  void swap();

  // The mean is in the parameters' place exactly while this lives; null: nothing is done.
  struct InPlace {
    Average* average;
    explicit InPlace(Average* of) : average(of) {
      if (average) average->swap();
    }
    ~InPlace() {
      if (average) average->swap();
    }
    InPlace(const InPlace&) = delete;
    InPlace& operator=(const InPlace&) = delete;
  };

  Tensor& mean() { return mean_; }  // laid out like parameters.buffer()
  int64_t steps = 0;

 private:
  Parameters parameters_;
  double decay_;
  Tensor mean_;
};

}  // namespace heed
