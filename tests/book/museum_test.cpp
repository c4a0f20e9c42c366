// The failure museum, docs/book/museum.md: each exhibit goes wrong without a word, each is caught, and heed does not
// do it.
#include "tests/book/museum.h"

#include <cmath>

#include "examples/support/measures/bleu.h"
#include "tests/book/exercise.h"

namespace heed::museum {
namespace {

constexpr DType f64 = DType::f64;

Tensor row(const std::vector<double>& x) { return Tensor::from(x, {1, static_cast<int64_t>(x.size())}, f64); }
Tensor words(const std::vector<int64_t>& mask) {
  return Tensor::from(mask, {1, static_cast<int64_t>(mask.size())}, DType::i64);
}

double furthest(const Tensor& a, const Tensor& b) { return max(reshape(abs(a - b), {a.numel()}), 0).first.item(); }

Tensor right_steps(const Tensor& x, const std::vector<Tensor>& weights) {
  Tensor y = x;
  for (const Tensor& w : weights) y = matmul(y, transpose(w, 0, 1));
  return y;
}

GradcheckReport check_steps(int64_t size) {
  Rng rng(4);
  const std::vector<Tensor> weights = {rng.normal({size, size}, 0, 1, f64), rng.normal({size, size}, 0, 1, f64)};
  return gradcheck("unrolled", [&](const std::vector<Tensor>& in) { return steps_pulled_forwards(in[0], weights); },
                   {rng.normal({1, size}, 0, 1, f64)});
}

}  // namespace

TEST_CASE("exhibit 1: a mask that is not applied", "[book][museum]") {
  const Tensor alone = weights_without_mask(row({1, 0}), words({1, 1}));
  const Tensor beside_a_long_one = weights_without_mask(row({1, 0, 0, 0, 0}), words({1, 1, 0, 0, 0}));
  CHECK(alone.to_vector()[0] == Catch::Approx(0.731).margin(0.001));
  CHECK(beside_a_long_one.to_vector()[0] == Catch::Approx(0.405).margin(0.001));
  CHECK(sum(beside_a_long_one).item() == Catch::Approx(1));  // it looks as weights do
  const Tensor masked = masked_softmax(row({1, 0, 0, 0, 0}), words({1, 1, 0, 0, 0}), 1);
  CHECK(book::near(masked.to_vector()[0], alone.to_vector()[0]));
}

TEST_CASE("exhibit 2: a backward direction that begins in the padding", "[book][museum]") {
  Rng rng(2);
  GruChoCell cell(3, 4, rng);
  convert(cell, f64);
  copy_into(cell.bias, rng.normal(cell.bias.shape(), 0, 1, f64));
  const Tensor sentence = rng.normal({2, 1, 3}, 0, 1, f64);
  const Tensor padded = concat({sentence, Tensor::zeros({3, 1, 3}, f64)}, 0);
  const Tensor alone = backwards_from_the_padding(cell, sentence).back().h;
  const Tensor in_a_batch = backwards_from_the_padding(cell, padded).back().h;
  CHECK(furthest(alone, in_a_batch) > 0.05);

  Recurrent<GruChoCell> layer(3, 4, {.bidirectional = true}, rng);
  convert(layer, f64);
  const Tensor heeds = unpack(layer(pack(padded, {2})).outputs), again = layer(pack(sentence, {2})).outputs.rows;
  CHECK(furthest(narrow(reshape(heeds, {heeds.size(0), 8}), 0, 0, 2), again) < 1e-12);
}

TEST_CASE("exhibit 3: the weights of nothing are no numbers", "[book][museum]") {
  const Tensor scores = row({1, 2}), nobody = words({0, 0});
  for (const double weight : weights_of_nothing(scores, nobody).to_vector()) CHECK(std::isnan(weight));
  // Not even a product with 0 takes the row out again: the gradient stays NaN.
  Tape tape;
  const Tensor left_out = sum(0 * weights_of_nothing(scores, nobody));
  CHECK(std::isnan(tape.gradients(left_out, std::vector<Tensor>{scores})[0].to_vector()[0]));
  for (const double weight : masked_softmax(scores, nobody, 1).to_vector()) CHECK(weight == 0);
}

TEST_CASE("exhibit 4: steps that are pulled back in the order of the forward pass", "[book][museum]") {
  CHECK(check_steps(1).passed());  // numbers commute: a state of one unit does not show it
  CHECK_FALSE(check_steps(2).passed());
  Rng rng(4);
  const std::vector<Tensor> weights = {rng.normal({2, 2}, 0, 1, f64), rng.normal({2, 2}, 0, 1, f64)};
  const Tensor x = rng.normal({1, 2}, 0, 1, f64);
  CHECK(gradcheck("steps", [&](const std::vector<Tensor>& in) { return right_steps(in[0], weights); }, {x}).passed());
}

TEST_CASE("exhibit 5: a loss that depends on the company", "[book][museum]") {
  const double alone = loss_with_padding(row({2, 4}), words({1, 1})).item();
  const double padded = loss_with_padding(row({2, 4, 0, 0}), words({1, 1, 0, 0})).item();
  CHECK(alone == 3);
  CHECK(padded == 1.5);
}

TEST_CASE("exhibit 6: a BLEU of words that were told", "[book][museum]") {
  const std::vector<std::string> right = {"a", "dog", "runs", "over", "the", "green", "field", "."};
  const std::string reference = "a dog runs over the green field .";
  CHECK(support::corpus_bleu({told(right)}, {reference}).score() == Catch::Approx(0.84).margin(0.005));
  CHECK(support::corpus_bleu({left_alone(right)}, {reference}).score() == 0);
}

TEST_CASE("exhibit 7: an upstream gradient that is overwritten while it is needed", "[book][museum]") {
  Rng rng(5);
  const Tensor a = rng.normal({2, 2}, 0, 1, f64), b = rng.normal({2, 2}, 0, 1, f64);
  const std::vector<Tensor> inputs = {rng.normal({1, 2}, 0, 1, f64)};
  CHECK_FALSE(gradcheck(
                  "both", [&](const auto& in) { return both_ways(in[0], a, b); }, inputs)
                  .passed());
}

}  // namespace heed::museum
