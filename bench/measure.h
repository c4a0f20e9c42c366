// Measuring: a case is one piece of work that is repeated and timed.
//
// Every case prints one line of JSON. The field names and the cases are those of the LibTorch program that
// stands beside it (README), so that the lines of both can be compared. A case runs in a process of its own
// (main.cpp), so that its peak of memory is its own.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "autograd/base/precision.h"
#include "optim/gradient_descent.h"
#include "optim/shards.h"

namespace heed::bench {

struct Options {
  int threads = 1;
  double min_time = 2;                   // seconds that a case is repeated for
  int verify = 0;                        // if above 0: print the losses of that many steps instead of measuring
  Precision precision = Precision::f32;  // of products
  bool profile = false;                  // print where the time of recorded operations goes
};

constexpr double kNoLoss = std::numeric_limits<double>::quiet_NaN();  // of a step without a loss

struct Case {
  std::string unit = "steps/s";           // what `items` counts
  double items = 1;                       // per step
  double nodes = 0;                       // if above 0, time per node is printed too
  double operations = 0;                  // the same for recorded operations
  std::function<double()> step;           // one step; gives the loss, or NaN where there is none
  std::function<std::string()> own_line;  // a case that times itself: the line it prints
  std::function<double()> watch;          // what --verify prints in place of the loss
};

struct Entry {
  std::string name;
  bool trains;  // belongs to "train"
  std::function<Case(const Options&)> make;
};

// Wall time of the parts of training steps, in seconds. The norm for clipping is taken while gradients are
// put together, so it counts as backward; the scaling is part of Adam.
struct Phases {
  std::vector<double> forward, backward, adam;
};
Phases& phases();

double now();

// Training: forward and backward of each shard on a thread of its own, the gradient clipped to a norm of 1,
// Adam at 1e-3.
class Trainer {
 public:
  Trainer(const Options& options, const Parameters& parameters);
  // One step on loss(0) + .. + loss(threads - 1); gives the loss.
  double step(const std::function<Tensor(int shard)>& loss);

 private:
  ThreadPool pool_;
  Shards shards_;
  Adam adam_;
};

// Runs the case as the options say and prints its line.
void run_case(const Entry& entry, const Options& options);

// All cases, in the order in which "all" runs them.
std::vector<Entry> entries();

// --- one file each
void add_small_cases(std::vector<Entry>& to);        // matrix products, the tape, losses, a convolution
void add_sequence_cases(std::vector<Entry>& to);     // GRU and LSTM over a sequence
void add_translation_cases(std::vector<Entry>& to);  // RNNsearch: training, beam search, greedy search
void add_caption_cases(std::vector<Entry>& to);      // Show, Attend and Tell; SqueezeNet
void add_attention_cases(std::vector<Entry>& to);    // how the time of a step grows with the sentence
void add_latent_cases(std::vector<Entry>& to);       // words from places, beside soft attention's
void add_derivative_cases(std::vector<Entry>& to);   // vjp, jvp, hvp beside the function; recompute()
void add_scaling_cases(std::vector<Entry>& to);      // how time grows with the sizes

}  // namespace heed::bench
