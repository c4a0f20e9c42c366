// Learning rates over time. A schedule is a function of k = 0, 1, 2, ..: epochs or steps, as
// the caller counts them.
//
//     const LearningRate rate = schedule::noam(512, 4000);
//     adam.learning_rate = rate(adam.steps());
//
// Such a function has no memory, so a resumed run needs only its k. Plateau is the exception: it looks at how
// the training goes, and its memory is saved and restored.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

using LearningRate = std::function<double(int64_t k)>;

// Each throws at once if an argument makes no sense (a count below 1, a rate below 0). b = base
// is the starting rate.
namespace schedule {

LearningRate constant(double base);
// b gamma^floor(k / every)
LearningRate step(double base, int64_t every, double gamma);
// b gamma^(number of milestones <= k)
LearningRate multistep(double base, std::vector<int64_t> milestones, double gamma);
// b for k < whole, then half of it with each k: b / 2, b / 4, .. (epochs, in Luong et al. 4.1).
LearningRate halving(double base, int64_t whole);
// b gamma^k
LearningRate exponential(double base, double gamma);
// low + (b - low)(1 + cos(pi k / length)) / 2, for k up to `length` (Loshchilov and Hutter 2017 (5),
// without restarts); it rises again after that.
LearningRate cosine(double base, int64_t length, double low = 0);
// factor width^-0.5 min((k+1)^-0.5, (k+1) warmup^-1.5): Vaswani et al. 2017 (3).
LearningRate noam(int64_t width, int64_t warmup, double factor = 1);
// b min(1, (k+1) / warmup)
LearningRate linear_warmup(double base, int64_t warmup);
// b min((k+1) / warmup, sqrt(warmup / (k+1))): up to b in a line, then down with the square root.
LearningRate inverse_sqrt(double base, int64_t warmup);

// rate(k) min(1, (k+1) / warmup); with warmup 0, `rate` itself.
LearningRate warmed_up(LearningRate rate, int64_t warmup);

}  // namespace schedule

struct PlateauOptions {
  bool maximize = false;    // better is higher (BLEU), not lower (loss)
  double factor = 0.1;      // what the rate is multiplied with
  int patience = 10;        // metrics without progress that are put up with
  double threshold = 1e-4;  // progress that counts: as a part of the best so far, or absolute
  bool absolute = false;
  int cooldown = 0;   // metrics after a reduction during which none is held against the run
  double lowest = 0;  // the rate stops here
  double eps = 1e-8;  // a reduction by less is not worth making
};

// Lowers the rate when a metric, given after each epoch, has stopped getting better.
class Plateau {
 public:
  // Throws if an option makes no sense, such as a factor of 1 or more.
  explicit Plateau(double base, PlateauOptions options = {});

  // Takes the metric of an epoch and gives the rate for the next. A NaN is never better.
  double operator()(double metric);
  // The same for who judges by more than one number: whether the epoch was better than all before it.
  double judge(bool better);
  double rate() const { return rate_; }
  double best() const { return best_; }

  // For checkpoints: one f64 tensor of 4 numbers named "plateau", behind `prefix`.
  std::map<std::string, Tensor> state(const std::string& prefix = "") const;
  // Throws if it is missing or is not of that shape.
  void restore(const std::map<std::string, Tensor>& state, const std::string& prefix = "");

 private:
  bool better(double metric) const;
  PlateauOptions options_;
  double rate_, best_;
  int bad_ = 0, cooling_ = 0;
};

}  // namespace heed
