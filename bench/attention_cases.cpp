// How the time of a decoder's step of attention grows with the sentence, for each window: with global in
// proportion, with the local ones not at all. D is 10; the score is Luong's general.
//
// What is done once for a sentence must not count, and grows with it: keys, and zeros for their gradient. So a case
// times a few steps and many, and what a step takes is the difference, divided.
#include <algorithm>
#include <array>

#include <fmt/ranges.h>

#include "autograd/base/immutable.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "bench/measure.h"
#include "nn/attention/attention.h"
#include "nn/attention/choices.h"

namespace heed::bench {
namespace {

constexpr int64_t kQueries = 12, kSize = 256;  // a beam's
constexpr std::array<int64_t, 3> kLengths{20, 100, 500};
constexpr std::array<int64_t, 2> kSteps{40, 240};  // few, many

struct Sentences {
  Attention<AnyScore, AnyWindow> attention;
  Tensor query, annotations, keys;
  SharedMask mask;
  std::vector<Tensor> positions;  // of each step

  Sentences(const WindowChoice& window, int64_t length) {
    Rng rng(1);
    attention = {make_score<GeneralScore>({.query = kSize, .annotation = kSize}, rng),
                 window.make({.query = kSize, .hidden = kSize, .radius = 10}, rng)};
    const Packed packed = pack(rng.uniform({length, kQueries, kSize}, -1, 1));
    query = rng.uniform({kQueries, kSize}, -1, 1);
    annotations = packed.rows;
    const AttentionMemory memory = attention.remember(annotations, attend_to(packed));
    keys = memory.keys, mask = memory.mask;
    for (int64_t t = 0; t < kSteps[1]; ++t)
      positions.push_back(Tensor::full({kQueries}, static_cast<double>(t % length), DType::i64));
  }

  // The queries of a decoder come from what was read before, and so do these.
  Tensor read(int64_t steps) const {
    const AttentionMemory memory{annotations, keys, mask};
    Tensor q = query;
    for (int64_t t = 0; t < steps; ++t) q = tanh(q + attention(q, memory, positions[static_cast<size_t>(t)]).context);
    return q;
  }
  void there(int64_t steps) const {
    Immutable weights;
    const Immutable::Scope scope(weights);
    read(steps);
  }
  void there_and_back(int64_t steps) const {
    Tape tape;
    tape.gradients(sum(read(steps)), {query, annotations, keys});
  }
};

// Microseconds of a step. The fastest of many runs counts: what else the machine does only adds to the others.
template <class Run>
double step_time(double min_time, Run run) {
  std::array<double, 2> fastest{1e9, 1e9};
  int runs = 0;
  for (const double begin = now(); now() - begin < min_time || runs < 5; ++runs)
    for (size_t i = 0; i < 2; ++i) {
      const double start = now();
      run(kSteps[i]);
      fastest[i] = std::min(fastest[i], now() - start);
    }
  return 1e6 * (fastest[1] - fastest[0]) / static_cast<double>(kSteps[1] - kSteps[0]);
}

std::string by_length(const std::string& name, const WindowChoice& window, const Options& options) {
  std::vector<double> forward, both;
  for (const int64_t length : kLengths) {
    const Sentences sentences(window, length);
    forward.push_back(step_time(options.min_time / 4, [&](int64_t steps) { sentences.there(steps); }));
    both.push_back(step_time(options.min_time / 2, [&](int64_t steps) { sentences.there_and_back(steps); }));
  }
  return fmt::format(R"({{"peer":"heed","case":"{}","threads":1,"sizes":[{}],)"
                     R"("forward_us_each":[{:.4g}],"both_us_each":[{:.4g}]}})",
                     name, fmt::join(kLengths, ","), fmt::join(forward, ","), fmt::join(both, ","));
}

}  // namespace

void add_attention_cases(std::vector<Entry>& to) {
  for (const WindowChoice& window : attention_windows) {
    const std::string name = std::string("attention_") + window.name;
    to.push_back({name, false, [name, &window](const Options& options) {
                    Case result;
                    result.own_line = [=, &window] { return by_length(name, window, options); };
                    return result;
                  }});
  }
}

}  // namespace heed::bench
