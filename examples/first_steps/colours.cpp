// First steps, 13: soft, hard, latent.
//
// The model of colours.h learns in four ways: a word from the mean of all places; from one that is drawn;
// the same with all draws listed; from one, summed over all. Then each is asked where it looks and what a
// word costs by each way of reading, and shows its weights on one picture.
#include <cstdio>

#include "autograd/ops/extrema.h"
#include "examples/first_steps/seed.h"
#include "examples/first_steps/worlds/colours.h"
#include "optim/gradient_descent.h"

using namespace heed;
using namespace heed::colours;

namespace {
constexpr struct {
  const char* name;
  Loss* loss;
} kWays[] = {{"soft", soft}, {"hard", hard}, {"listed", listed}, {"latent", latent}};

Model train(Loss* loss, Rng rng) {
  Model model(rng);
  Parameters parameters(model);
  Adam adam(parameters, 0.02);
  for (int step = 0; step < 400; ++step) {
    const Pictures pictures = draw(rng, kBatch);
    Tape tape;
    adam.step(tape.gradients(loss(model, pictures, rng), parameters));
  }
  return model;
}

// How far p(colour | mean of the places) lies from the mean of p(colour | place), the largest of the
// colours'.
double gap(const Model& model, const Pictures& p) {
  const Tensor alpha = unsqueeze(softmax(model.scores(p)), 2);
  const Tensor by_mean = softmax(model.output(sum(alpha * p.annotations, {1})));
  const Tensor mean_by_place = sum(alpha * softmax(model.output(p.annotations)), {1});
  return mean(max(abs(by_mean - mean_by_place), 1).first).item();
}
}  // namespace

int main(int argc, char** argv) {
  const Rng rng(seed_from(argc, argv));
  Rng unseen = rng.split(1);
  const Pictures pictures = draw(unseen, 2000);
  const Tensor right = one_hot_of(pictures.place, kPlaces);
  std::printf("%-8s %9s %9s %9s %9s %9s %9s\n", "", "at right", "entropy", "by mean", "by sum", "bound", "gap");
  std::vector<Tensor> weights;
  std::vector<double> costs;  // by sum
  int64_t shown = 0;          // the picture in which soft attention is least certain
  for (const auto& way : kWays) {
    const Model model = train(way.loss, rng.split(2));
    const Tensor scores = model.scores(pictures), entropy = attention_entropy(scores);
    Rng none;
    std::printf("%-8s %9.3f %9.3f", way.name, mean(sum(right * softmax(scores), {1})).item(), mean(entropy).item());
    for (Loss* const loss : {soft, latent, listed}) std::printf(" %9.3f", loss(model, pictures, none).item());
    std::printf(" %9.3f\n", gap(model, pictures));
    costs.push_back(latent(model, pictures, none).item());
    if (weights.empty()) shown = argmax(entropy, 0).to_ids()[0];
    weights.push_back(softmax(scores)[shown]);
  }
  std::printf("\nweights on one picture; the thing lies at place %lld\nplace ",
              (long long)pictures.place.to_ids()[size_t(shown)]);
  for (const auto& way : kWays) std::printf("%8s", way.name);
  for (int64_t place = 0; place < kPlaces; ++place) {
    std::printf("\n%5lld ", (long long)place);
    for (const Tensor& alpha : weights) std::printf("%8.3f", alpha.at({place}));
  }
  std::printf("\n");
  return costs[3] < costs[0] && costs[0] < costs[1] ? 0 : 1;
}
