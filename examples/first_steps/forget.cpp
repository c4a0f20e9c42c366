// First steps, 8: what does one vector forget?
//
// A string of letters is read, and is to be written again. The encoder hands the decoder one vector, c: all
// that it will ever know of the string. Which letters come out right, by the string's length and their place?
#include <cstdio>
#include <numeric>

#include "examples/first_steps/copier.h"
#include "examples/first_steps/seed.h"
#include "nn/losses/losses.h"
#include "optim/clip.h"
#include "optim/gradient_descent.h"

using namespace heed;

namespace {
constexpr int64_t kLongest = 12, kUnits = 32, kStrings = 1000;

Tensor draw(int64_t length, int64_t count, Rng& rng) {  // random letters, i64 [T, B]
  Tensor ids = Tensor::empty({length, count}, DType::i64);
  for (int64_t i = 0; i < length * count; ++i) ids.mutable_data<int64_t>()[i] = rng.below(kLetters);
  return ids;
}

void train(Copier& model, Rng& rng) {
  Parameters parameters(model);
  Adam adam(parameters, 0.005);
  for (int step = 0; step < 1500; ++step) {
    const Tensor x = draw(1 + rng.below(kLongest), 32, rng);
    Tape tape;
    const Tensor logits = model.decode(model.encode(x), x.size(0), x);
    const Tensor loss = cross_entropy(reshape(logits, {-1, kLetters}), reshape(x, {-1}));
    const Gradients gradients = tape.gradients(loss, parameters);
    adam.step(gradients, clip_scale(norm(gradients), 1.0));
  }
}

// The share of letters that come out right. Told: each is written after the right ones. Own: after those that
// the decoder wrote itself.
struct Shares {
  std::vector<double> told, own;
};
struct Learnt {
  Shares by_length, by_place;  // of strings of 1, 2, .. letters; at the places of the longest
};

// At each place of new strings x [T, B], given the numbers for each letter that the decoder found.
std::vector<double> right_by_place(const Tensor& x, const Tensor& logits) {
  const std::vector<int64_t> read = x.to_ids(), written = argmax(logits, 2).to_ids();
  std::vector<double> right(static_cast<size_t>(x.size(0)), 0.0);
  for (size_t i = 0; i < read.size(); ++i) right[i / kStrings] += written[i] == read[i] ? 1.0 / kStrings : 0;
  return right;
}
double mean_of(const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0) / double(x.size()); }

Learnt learn(int64_t units, bool backwards, uint64_t seed) {
  Rng rng(seed);
  Copier model(units, backwards, rng);
  train(model, rng);
  Learnt learnt;
  for (int64_t length = 1; length <= kLongest; ++length) {
    const Tensor x = draw(length, kStrings, rng), c = model.encode(x);
    learnt.by_place = {right_by_place(x, model.decode(c, length, x)), right_by_place(x, model.decode(c, length))};
    learnt.by_length.told.push_back(mean_of(learnt.by_place.told));
    learnt.by_length.own.push_back(mean_of(learnt.by_place.own));
  }
  return learnt;
}

void print(const char* rows, const Shares& forwards, const Shares& backwards) {
  std::printf("         read forwards   read backwards\n%7s    told    own      told    own\n", rows);
  for (size_t i = 0; i < kLongest; ++i)
    std::printf("%7zu    %.2f   %.2f      %.2f   %.2f\n", i + 1, forwards.told[i], forwards.own[i], backwards.told[i],
                backwards.own[i]);
}

}  // namespace

int main(int argc, char** argv) {
  const uint64_t seed = seed_from(argc, argv);
  const Learnt forwards = learn(kUnits, false, seed), backwards = learn(kUnits, true, seed);
  std::printf("share of letters that come out right, by the length of the string\n");
  print("letters", forwards.by_length, backwards.by_length);
  std::printf("\nthe same of 12 letters, by their place\n");
  print("place", forwards.by_place, backwards.by_place);
  return forwards.by_length.own[3] > 0.9 && forwards.by_length.told.back() < 0.9 ? 0 : 1;
}
