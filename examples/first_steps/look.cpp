// First steps, 9: what is looking?
//
// First by hand: scores, the weights that softmax makes of them, the weighted sum, and the way back. Then a
// network (looker.h) that is asked for what stands on cards. Nobody tells it where to look.
#include <cstdio>

#include "autograd/ops/extrema.h"
#include "autograd/ops/reduce.h"
#include "examples/first_steps/looker.h"
#include "examples/first_steps/seed.h"
#include "nn/losses/losses.h"
#include "optim/gradient_descent.h"

using namespace heed;

namespace {

void print(const char* name, const Tensor& x) {
  std::printf("  %-26s", name);
  for (const double number : x.to_vector()) std::printf("  %7.4f", number);
  std::printf("\n");
}

// A query q and three annotations h_j of two numbers, with e_j = q^T h_j. dc is how a loss depends on c.
void by_hand() {
  const Tensor q = Tensor::from(std::vector<double>{2, 0}), dc = Tensor::from(std::vector<double>{0, -1});
  const Tensor h = Tensor::from(std::vector<double>{1, 3, 0, 5, 0.5, 1}, {3, 2});
  Tape tape;
  const Tensor e = matmul(h, q), alpha = softmax(e), c = matmul(alpha, h);
  const Tensor de = alpha * matmul(h - c, dc);  // de_j = alpha_j (h_j - c)^T dc
  std::printf("q = (2, 0), h = (1, 3), (0, 5), (0.5, 1), dc = (0, -1)\n");
  print("e", e), print("alpha", alpha), print("c", c);
  print("de by the rule", de), print("de by the tape", tape.gradients(sum(c * dc), {e})[0]);
}

// 32 cards with random digits, on tables of 4 or 8 with different letters: letters, digits, i64 [B, cards].
std::pair<Tensor, Tensor> deal(int64_t cards, Rng& rng) {
  std::vector<int64_t> letters, digits;
  while (letters.size() < 32)
    for (const int64_t letter : rng.permutation(kLetters))
      letters.push_back(letter), digits.push_back(rng.below(kDigits));
  return {Tensor::from(letters, {32 / cards, cards}), Tensor::from(digits, {32 / cards, cards})};
}

// A step of training: tables of 4 cards, each asked for the letters of all its cards. The loss before it.
template <class Score>
double step(const Looker<Score>& model, const Parameters& parameters, Adam& adam, Rng& rng) {
  const auto [letters, digits] = deal(4, rng);
  Tape tape;
  const Tensor logits = model(letters, letters, digits).second;
  const Tensor loss = cross_entropy(reshape(logits, {-1, kDigits}), reshape(digits, {-1}));
  adam.step(tape.gradients(loss, parameters));
  return loss.item();
}

// The share of right answers to 3200 questions.
template <class Score>
double share_right(const Looker<Score>& model, int64_t cards, Rng& rng) {
  int right = 0;
  for (int deals = 0; deals < 100; ++deals) {
    const auto [letters, digits] = deal(cards, rng);
    const std::vector<int64_t> said = argmax(model(letters, letters, digits).second, 2).to_ids();
    for (size_t i = 0; i < said.size(); ++i) right += said[i] == digits.to_ids()[i];
  }
  return right / 3200.0;
}

// One table, asked for its letters by the order of the alphabet: the weights of its cards, what is said.
template <class Score>
void show(const Looker<Score>& model) {
  const auto row = [](const std::vector<int64_t>& numbers) { return Tensor::from(numbers, {1, 4}); };
  const std::vector<int64_t> asked = {0, 2, 4, 7};
  const auto [alpha, logits] = model(row(asked), row({2, 0, 7, 4}), row({5, 1, 3, 6}));
  const Tensor said = argmax(logits, 2);
  std::printf("        c 5    a 1    h 3    e 6\n");
  for (int64_t i = 0; i < 4; ++i) {
    std::printf("  %c? ", "abcdefgh"[asked[static_cast<size_t>(i)]]);
    for (int64_t j = 0; j < 4; ++j) std::printf("  %.3f", alpha.at({0, i, j}));
    std::printf("   says %.0f\n", said.at({0, i}));
  }
}

}  // namespace

int main(int argc, char** argv) {
  by_hand();
  Rng rng(seed_from(argc, argv));
  Looker<Additive> model(rng);
  const Parameters parameters(model);
  Adam adam(parameters, 0.005);
  double loss = 0;
  for (int taken = 0; taken <= 100; ++taken) {
    if (taken % 50 == 0) std::printf("\nafter %d steps\n", taken), show(model);
    loss = step(model, parameters, adam, rng);
  }
  const double four = share_right(model, 4, rng), eight = share_right(model, 8, rng);
  std::printf("\nloss %.3f, right with 4 cards %.3f, with 8 cards %.3f\n", loss, four, eight);
  return four > 0.95 ? 0 : 1;
}
