// First steps, 10: attention.
//
// A string goes in, and is to come out backwards: "tape" -> "epat". The model (reverser.h) writes one letter
// after the other, and before each it looks back at the whole string, with weights that say where. Nobody
// tells it where to look. It sees only strings and their reversals, and finds out that the last letter comes
// first: the weights, printed at the end, lie along the anti-diagonal.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <utility>

#include "examples/first_steps/reverser.h"
#include "examples/first_steps/seed.h"
#include "optim/clip.h"
#include "optim/gradient_descent.h"

using namespace heed;

namespace {

constexpr int64_t kShortest = 3, kLongest = 10;

// `count` random strings of one length: ids [T, B], row t holds the letters at place t. Strings whose letters
// sum to a multiple of 10 are kept for the test, so that none of those was ever trained on.
Tensor random_strings(int64_t length, int64_t count, bool for_test, Rng& rng) {
  Tensor ids = Tensor::empty({length, count}, DType::i64);
  for (int64_t b = 0; b < count; ++b) {
    int64_t sum;
    do {
      sum = 0;
      for (int64_t t = 0; t < length; ++t) sum += ids.mutable_data<int64_t>()[t * count + b] = rng.below(26);
    } while ((sum % 10 == 0) != for_test);
  }
  return ids;
}

void train(Reverser& model, Rng& rng) {
  constexpr int kSteps = 800, kBatch = 64;
  Parameters parameters(model);
  Adam adam(parameters, 0.005);
  fmt::print("training: {} parameters, {} batches of {} random strings of {} to {} letters\n\n", parameters.count(),
             kSteps, kBatch, kShortest, kLongest);
  double mean = 0;
  for (int step = 1; step <= kSteps; ++step) {
    const int64_t length = kShortest + rng.below(kLongest - kShortest + 1);
    const Tensor strings = random_strings(length, kBatch, false, rng);
    adam.learning_rate = 0.005 * std::min(1.0, 3 * (1 - (step - 1.0) / kSteps));  // smaller in the last third
    Tape tape;
    const Tensor loss = model.loss(strings);
    const Gradients gradients = tape.gradients(loss, parameters);
    adam.step(gradients, clip_scale(norm(gradients), 1.0));
    mean += loss.item() / 100;
    if (step % 100 == 0) fmt::print("  batch {:5}   loss {:.4f}\n", step, std::exchange(mean, 0));
  }
}

// How many of `count` new strings of each length come out right, to the letter and to the end. In percent.
double exact_match(const Reverser& model, int64_t count, Rng& rng) {
  int64_t right = 0, all = 0;
  for (int64_t length = kShortest; length <= kLongest; ++length) {
    const Tensor ids = random_strings(length, count, true, rng);
    const std::vector<int64_t> read = ids.to_ids(), written = model.write(ids).first.to_ids();
    for (int64_t b = 0; b < count; ++b, ++all) {
      bool same = written[static_cast<size_t>(length * count + b)] == kStop;
      for (int64_t t = 0; t < length; ++t)
        same &=
            written[static_cast<size_t>(t * count + b)] == read[static_cast<size_t>((length - 1 - t) * count + b)];
      right += same;
    }
  }
  return 100.0 * static_cast<double>(right) / static_cast<double>(all);
}

// One string: read from left to right, written downwards; the darker, the more weight.
void show_alignment(const Reverser& model, Rng& rng) {
  const Tensor ids = random_strings(kLongest, 1, true, rng);
  const auto [symbols, alphas] = model.write(ids);
  const std::vector<int64_t> read = ids.to_ids(), written = symbols.to_ids();
  const auto letter = [](int64_t id) { return id < kStop ? std::string(1, static_cast<char>('a' + id)) : "."; };
  fmt::print("\n    ");
  for (int64_t id : read) fmt::print(" {}", letter(id));
  for (size_t t = 0; t < written.size(); ++t) {
    fmt::print("\n  {} ", letter(written[t]));
    for (int64_t j = 0; j < ids.size(0); ++j) {
      static const char* const shades[] = {"  ", "░░", "▒▒", "▓▓", "██"};
      fmt::print("{}", shades[std::lround(alphas.at({static_cast<int64_t>(t), 0, j}) * 4)]);
    }
  }
  fmt::print("\n\n");
}

}  // namespace

int main(int argc, char** argv) try {
  const Rng rng(seed_from(argc, argv));
  Rng weights = rng.split(0), strings = rng.split(1), unseen = rng.split(2);
  const auto begin = std::chrono::steady_clock::now();
  Reverser model(weights);
  train(model, strings);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  show_alignment(model, unseen);
  const double percent = exact_match(model, 250, unseen);
  fmt::print("exact match on 2000 unseen strings: {:.2f} %\ntraining took {:.1f} seconds\n", percent,
             seconds.count());
  return percent >= 95 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
