// First steps, 14: where does the time go?
//
// Twelve words are written about 16 pictures of 196 places, and for each word attention looks, forward and
// backward, in the four forms of looks.h. Counted is what is on the tape; the times are of this machine,
// and of this hour.
#include <chrono>
#include <cmath>
#include <cstdio>

#include "autograd/check/cost.h"
#include "examples/first_steps/seed.h"
#include "examples/first_steps/worlds/looks.h"

using namespace heed;
using namespace heed::looks;

namespace {
struct Measured {
  const char* name;
  double loss = 0, milliseconds = 1e9;
};
Measured measure(const char* name, Look (*form)(const Looks&), Looks of) {
  const Parameters parameters(of.score);
  Measured best{name};
  for (int round = 0; round < 10; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    Tape tape;
    const Look look = form(of);
    Tensor loss = sum(square(look(0)));
    for (int64_t word = 1; word < kWords; ++word) loss = loss + sum(square(look(word)));
    if (round == 0) {
      const Cost cost = cost_of(tape, loss, parameters);
      int64_t bytes = 0;
      for (const OperationCost& operation : cost.operations) bytes += operation.bytes;
      std::printf("%-16s %10zu %8.0f %8.1f\n", name, tape.size(), double(cost.flops()) / 1e6, double(bytes) / 1e6);
    }
    tape.gradients(loss, parameters);
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
    best = {name, loss.item(), std::min(best.milliseconds, taken.count())};
  }
  return best;
}
}  // namespace

int main(int argc, char** argv) {
  Rng rng(seed_from(argc, argv));
  const Looks of{AdditiveScore({.query = kSize, .annotation = kSize, .hidden = kSize}, rng),
                 rng.normal({kPictures * kPlaces, kSize}, 0, 1), rng.normal({kWords, kPictures, kSize}, 0, 1),
                 attend_to_blocks(kPlaces, Tensor::arange(kPictures).to_ids())};
  std::printf("%-16s %10s %8s %8s\n", "", "operations", "MFLOP", "MB");
  const Measured all[] = {measure("on paper", on_paper, of), measure("keys once", keys_once, of),
                          measure("scores fused", scores_fused, of), measure("reading fused", reading_fused, of)};
  std::printf("\nms, here and now\n");
  for (const Measured& one : all) std::printf("%8.1f  %s\n", one.milliseconds, one.name);
  for (const Measured& one : all)
    if (std::abs(one.loss - all[0].loss) > 1e-4 * all[0].loss) return 1;
  return 0;
}
