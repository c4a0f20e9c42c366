// A training of the page: a task, a model that learns it, and where it stands.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "autograd/check/gradcheck.h"
#include "examples/page/encoder_decoder.h"
#include "optim/gradient_descent.h"

namespace heed::page {

struct SessionSettings {
  TaskSettings task;
  ModelSettings model;
  int64_t batch = 32;  // pairs of a step
  uint64_t seed = 1;   // of the parameters and of the pairs
};

class Session {
 public:
  // Throws for a setting that is out of its range, saying which.
  explicit Session(const SessionSettings& settings);

  struct Learnt {
    double loss;   // mean -log p of a right symbol
    double right;  // the share of symbols that were the model's best guess
  };
  // One step of Adam, its gradient clipped at norm 1. The same settings and rates give the same losses.
  Learnt train(double rate);

  // Of held-out pairs, always the same: how many texts are written without a fault, and how many of their symbols
  // are right, 0 to 1. The model reads what it wrote itself.
  struct Measured {
    double texts, symbols;
  };
  Measured measure() const;

  // Whether the backward pass computes the derivative of the loss: in double, on a copy of the model as it is. With
  // `fault` the gradient is made wrong by this share, which the check must find.
  GradcheckReport check(double fault) const;

  const Task& task() const { return *task_; }
  const EncoderDecoder& model() const { return model_; }
  int64_t parameters() const { return parameters_.count(); }
  int64_t steps() const { return steps_; }
  // A held-out pair, number `index` of an endless row.
  Pair example(uint64_t index) const;

 private:
  SessionSettings settings_;
  std::unique_ptr<Task> task_;
  Rng pairs_;
  EncoderDecoder model_;
  Parameters parameters_;
  Adam adam_;
  int64_t steps_ = 0;
  std::vector<Pair> held_out_;
};

// Of these pairs: how many are written without a fault, and how many of their symbols are right.
Session::Measured measured(const EncoderDecoder& model, const Task& task, const std::vector<Pair>& pairs);

// What the model writes by itself, always its best guess: one row of symbols for each pair, up to its stop.
std::vector<Words> write(const EncoderDecoder& model, const Task& task, const std::vector<Pair>& pairs);

}  // namespace heed::page
