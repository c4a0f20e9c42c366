// The registry of gradient checks: one entry for each operation and layer that has a derivative.
//
// An entry draws samples: a function, and inputs of random shapes and options at which its gradient must
// agree with the five-point stencil (autograd/check/gradcheck.h). registry_test.cpp draws 100 of each (./run test: 40),
// and finds out whether any operation that the tests record has no samples. New layers are entered by hand.
//
// The stencil moves each input by 1/512 to both sides, so a sample must keep that far away from every kink.
// Draw has two ways: clear_of() stays away from given points, apart() gives numbers of which no two are near.
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "autograd/base/rng.h"
#include "autograd/check/gradcheck.h"
#include "autograd/tape/parameters.h"

namespace heed::gradients {

// Draws what a sample is made of.
class Draw {
 public:
  explicit Draw(uint64_t seed) : rng_(seed) {}

  Rng& rng() { return rng_; }
  int64_t below(int64_t n) { return rng_.below(n); }
  int64_t up_to(int64_t n) { return 1 + rng_.below(n); }
  bool chance(double p) { return rng_.bernoulli(p); }
  double real(double low, double high) { return low + (high - low) * rng_.uniform(); }
  // How an operand lies in memory, for relaid(): as it was made in half of the samples.
  int layout() { return chance(0.5) ? 0 : static_cast<int>(up_to(3)); }
  int axis(int rank) { return static_cast<int>(rng_.below(2 * rank)) - rank; }  // counted from either end

  // Between one axis and four; lengths of 1 are frequent, and some are longer than a vector register.
  Shape shape(int least = 0, int most = 4);
  int64_t length() { return chance(0.15) ? 5 + below(15) : up_to(3); }
  // A shape that broadcasts to `full`: some axes of length 1, some of the first missing.
  Shape narrower(const Shape& full);

  Tensor numbers(const Shape& shape, double low = -1, double high = 1) {
    return rng_.uniform(shape, low, high, DType::f64);
  }
  // Numbers from low to high, none closer than 0.02 to a kink.
  Tensor clear_of(const std::vector<double>& kinks, const Shape& shape, double low = -2, double high = 2);
  // Numbers around 0 of which any two are at least `gap` apart, also in absolute value.
  Tensor apart(const Shape& shape, double gap = 0.02);
  Tensor ids(const Shape& shape, int64_t count);             // i64, 0 .. count-1
  Tensor mask(const Shape& shape, double p = 0.7);           // i64, 1 with probability p
  std::vector<int64_t> lengths(int64_t rows, int64_t most);  // 0 .. most
  // Some of the axes 0 .. rank-1, perhaps none.
  std::vector<int> axes(int rank);

 private:
  Rng rng_;
};

// The same numbers laid out otherwise: 0 as they are, 1 transposed in memory, 2 every other column of something
// wider, 3 a window into something higher.
Tensor relaid(const Tensor& x, int layout);

struct Sample {
  GradcheckFunction f;
  std::vector<Tensor> inputs;
};

// f may return a Tensor or a vector or array of them.
template <class F>
Sample sample(F f, std::vector<Tensor> inputs) {
  return {[f](const std::vector<Tensor>& x) -> std::vector<Tensor> {
            auto outputs = f(x);
            if constexpr (std::is_convertible_v<decltype(outputs), Tensor>) return {outputs};
            else return {outputs.begin(), outputs.end()};
          },
          std::move(inputs)};
}

// A layer: run(layer, x) is checked by the inputs x and by all that is trained in the layer, for which random
// numbers are drawn.
template <class Model, class Run>
Sample sample_of(Draw& draw, Model model, std::vector<Tensor> inputs, Run run) {
  convert(model, DType::f64);
  const size_t first = inputs.size();
  for (const NamedTensor& part : named_tensors(model))
    if (part.trained) inputs.push_back(draw.numbers(part.tensor->shape()));
  return sample(
      [model, first, run](const std::vector<Tensor>& x) {
        Model mine = model;
        size_t next = first;
        for (const NamedTensor& part : named_tensors(mine))
          if (part.trained) *part.tensor = x[next++];
        return run(mine, x);
      },
      std::move(inputs));
}

struct Entry {
  std::string name;  // "amax", or "pow: number" for one of several ways to call it
  std::function<Sample(Draw&)> draw;
  int second_order_every = 3;  // which samples are checked in second order, too
};
using Entries = std::vector<Entry>;

Entries elementwise();
Entries zips();
Entries reductions();  // and what sorts or runs along an axis
Entries products();    // matrix products, softmax
Entries shapes();
Entries views();  // their gradients, summed inside that of the whole
Entries indexing();
Entries images();  // convolution, pooling
Entries losses();
Entries layers();
Entries recurrent();
Entries attention();
Entries attention_passes();
Entries hard_attention();
Entries latent();

Entries all();
// Sample `number` of an entry, the same in every run: each entry has a stream of its own, named by it, so a new entry
// changes no other one's samples.
Sample sample_number(const Entry& entry, int number);

}  // namespace heed::gradients
