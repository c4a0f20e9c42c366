// LibTorch's side of the benchmark: what its cases are made of. float32, on the CPU.
//
// The cases, and the names in the lines that are printed, are those of bench/measure.h.
#pragma once

#include <torch/torch.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace peers {

namespace nn = torch::nn;
using torch::Tensor;

constexpr double kLearningRate = 1e-3;

struct Options {
  std::string cases = "all";
  int threads = 1;
  double min_time = 2;  // seconds that a case is repeated for
  int verify = 0;       // if above 0: print the losses of that many steps instead of measuring
};

struct Case {
  std::string unit = "steps/s";   // what `items` counts
  double items = 1;               // per iteration
  double per_node = 0;            // if above 0, time per node is printed, too
  std::function<Tensor()> step;   // one iteration; gives the loss where there is one
  std::function<double()> watch;  // what --verify prints in place of the loss
};

struct Entry {
  std::string name;
  bool trains;  // belongs to "train"
  std::function<Case()> make;
};

// Wall time of the parts of training steps, in seconds, if `on`.
struct Phases {
  std::vector<double> forward, backward, clip, adam;
  bool on = false;
};
Phases& phases();

double now_s();

// Measures one case and prints its line.
void run_case(const Entry& entry, const Options& options);

// Uniform numbers in [-a, a].
Tensor uniform(at::IntArrayRef shape, double a);

// Lengths spread over [lo, hi], the longest first, as pack_padded_sequence wants them.
std::vector<int64_t> make_lengths(int64_t batch, int64_t lo, int64_t hi);

// [T, B] ids from 3 on, 0 past each length.
Tensor make_tokens(int64_t T, const std::vector<int64_t>& len, int64_t vocab);

double total(const std::vector<int64_t>& v);

// The ids one step later, behind a 1.
Tensor shift_right(const Tensor& ids);

// A training step: forward, backward, the gradient clipped to a norm of 1, Adam.
struct Trainer {
  std::vector<Tensor> params;
  torch::optim::Adam adam;

  explicit Trainer(std::vector<Tensor> p) : params(p), adam(std::move(p), torch::optim::AdamOptions(kLearningRate)) {}

  template <class LossFn>
  Tensor step(LossFn&& loss_fn) {
    // grads are dropped rather than zeroed, so the first contribution is stolen and not added
    for (auto& p : params) p.mutable_grad().reset();
    const double t0 = now_s();
    Tensor loss = loss_fn();
    const double t1 = now_s();
    loss.backward();
    const double t2 = now_s();
    nn::utils::clip_grad_norm_(params, 1.0);
    const double t3 = now_s();
    adam.step();
    const double t4 = now_s();
    if (phases().on) {
      phases().forward.push_back(t1 - t0);
      phases().backward.push_back(t2 - t1);
      phases().clip.push_back(t3 - t2);
      phases().adam.push_back(t4 - t3);
    }
    return loss.detach();
  }
};

// --- one file each
void add_small_cases(std::vector<Entry>& to);        // matrix products, the tape, losses, a convolution
void add_sequence_cases(std::vector<Entry>& to);     // GRU and LSTM over a sequence
void add_translation_cases(std::vector<Entry>& to);  // RNNsearch: training, beam search, greedy search
void add_luong_cases(std::vector<Entry>& to);        // stacked LSTMs with input feeding: training
void add_caption_cases(std::vector<Entry>& to);      // Show, Attend and Tell; SqueezeNet

}  // namespace peers
