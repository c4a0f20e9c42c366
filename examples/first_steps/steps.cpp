// First steps, 10: one word, step by step.
//
// The network of reverser.h learns for two seconds, from strings of 3 to 6 letters. Then it writes "tape"
// backwards and shows what it computes for each letter: the state that looks, scores, softmax, context,
// state.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "autograd/ops/softmax.h"
#include "examples/first_steps/reverser.h"
#include "examples/first_steps/seed.h"
#include "optim/clip.h"
#include "optim/gradient_descent.h"

using namespace heed;

namespace {

void train(Reverser& model, Rng& rng) {
  constexpr int kSteps = 500;
  Parameters parameters(model);
  Adam adam(parameters, 0.005);
  for (int step = 0; step < kSteps; ++step) {
    const int64_t length = 3 + rng.below(4), count = 32;
    Tensor ids = Tensor::empty({length, count}, DType::i64);
    for (int64_t i = 0; i < length * count; ++i) ids.mutable_data<int64_t>()[i] = rng.below(26);
    adam.learning_rate = 0.005 * std::min(1.0, 3 * (1 - double(step) / kSteps));  // smaller in the last third
    Tape tape;
    const Gradients gradients = tape.gradients(model.loss(ids), parameters);
    adam.step(gradients, clip_scale(norm(gradients), 1.0));
  }
}

// What is computed for one letter.
struct Moment {
  std::vector<double> looking, scores, alpha, context, state;  // s_(i-1), e_ij, alpha_ij, c_i, s_i
  char letter;                                                 // y_i
  double probability;                                          // of y_i
};

// The text written backwards by the network, with "." for its end, and its annotations h_j [T, 2H].
std::pair<std::vector<Moment>, Tensor> write(const Reverser& model, const std::string& text) {
  Tensor ids = Tensor::empty({static_cast<int64_t>(text.size()), 1}, DType::i64);
  for (size_t j = 0; j < text.size(); ++j) ids.mutable_data<int64_t>()[j] = text[j] - 'a';
  auto [source, state] = model.encode(ids);
  std::vector<Moment> moments;
  Tensor before = symbols(kStart, 1);
  for (size_t i = 0; i <= text.size(); ++i) {
    const Attended looked = model.attention(state.h, source);
    const std::vector<double> looking = state.h.to_vector();
    const Tensor p = softmax(model.step(source, before, state).scores);
    before = argmax(p, 1);
    const int64_t symbol = before.to_ids()[0];
    const char letter = symbol < kStop ? static_cast<char>('a' + symbol) : '.';
    moments.push_back({looking, looked.scores.to_vector(), looked.alpha.to_vector(), looked.context.to_vector(),
                       state.h.to_vector(), letter, p.at({0, symbol})});
  }
  return {moments, source.annotations};
}

void print(const char* name, const std::vector<double>& numbers) {
  std::printf("%8s", name);
  for (size_t i = 0; i < 4; ++i) std::printf(" %6.2f", numbers[i]);
  std::printf(numbers.size() > 4 ? "  ..\n" : "\n");
}

}  // namespace

int main(int argc, char** argv) {
  Rng rng(seed_from(argc, argv));
  Reverser model(rng);
  convert(model, DType::f64);
  train(model, rng);
  std::string written;
  for (const Moment& here : write(model, "tape").first) {
    print("s before", here.looking);
    std::printf("              t      a      p      e\n");
    print("e", here.scores);
    print("alpha", here.alpha);
    print("c", here.context);
    print("s", here.state);
    std::printf("  writes %c, with probability %.3f\n\n", here.letter, here.probability);
    written += here.letter;
  }
  return written == "epat." ? 0 : 1;
}
