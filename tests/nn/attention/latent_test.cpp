// The mixture over places against its definition by enumeration.
#include "autograd/base/memory.h"
#include "autograd/ops/indexing.h"
#include "autograd/views/views.h"
#include "nn/attention/latent/latent_readout.h"
#include "tests/nn/attention/latent_words.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("the likelihood by products and its gradient are those of the enumeration", "[attention]") {
  for (const int64_t vocabulary : {1, 2, 9, 700})
    for (const int64_t repeats : {1, 150})
      for (const Reduction reduction : {Reduction::sum, Reduction::mean, Reduction::none})
        for (const double smoothing : {0.0, 0.1, 1.0}) {
          if (vocabulary == 700 && repeats == 150 && reduction != Reduction::sum) continue;
          Words w = some_words(vocabulary, 2, repeats, reduction != Reduction::mean);
          if (smoothing == 1) w.output.bias = {};
          CrossEntropyOptions options{.label_smoothing = smoothing, .reduction = reduction};
          if (vocabulary == 9) options.ignore_index = w.targets.to_ids()[3];
          INFO(vocabulary << " words, " << repeats << " times, smoothing " << smoothing);
          const std::vector<double> expected = everything(plain, w, options);
          CHECK(apart(everything(fast, w, options), expected) < 1e-12);
          CHECK(apart(everything(fast, w.in(DType::f32), options), expected) < (repeats == 1 ? 1e-5 : 5e-4));
        }
}

TEST_CASE("the posterior is alpha_i p(y | i) / p(y), of sum 1", "[attention]") {
  const Words w = some_words(9, 2);
  const auto found = latent_cross_entropy(w.units, w.places, w.output, w.alpha, w.mask, w.targets,
                                          {.ignore_index = w.targets.to_ids()[3]});
  const Tensor logits = w.output(w.units), of_places = linear(w.places, w.output.weight);
  std::vector<double> expected(18, 0);
  for (int64_t t = 0; t < 6; ++t) {
    if (t == 2 || t == 4 || w.targets.to_ids()[static_cast<size_t>(t)] == w.targets.to_ids()[3]) continue;
    double sum = 0;
    for (int64_t i = 0; i < w.mask->lengths[static_cast<size_t>(t)]; ++i) {
      const Tensor p = softmax(logits[t] + of_places[w.mask->row(t, i)], -1);
      sum += expected[static_cast<size_t>(t * 3 + i)] =
          w.alpha.at({t, i}) * p.to_vector()[static_cast<size_t>(w.targets.to_ids()[static_cast<size_t>(t)])];
    }
    for (int64_t i = 0; i < 3; ++i) expected[static_cast<size_t>(t * 3 + i)] /= sum;
  }
  test::check_close(found.posterior.to_vector(), expected, 1e-12);
}

TEST_CASE("the posterior that the next step reads, and its gradient, are those of the enumeration", "[attention]") {
  for (const int64_t vocabulary : {1, 2, 9, 700})
    for (const int64_t repeats : {1, 150})
      for (const bool sums_to_one : {true, false}) {
        if (vocabulary == 700 && repeats == 150) continue;
        const Words w = some_words(vocabulary, 2, repeats, sums_to_one);
        INFO(vocabulary << " words, " << repeats << " times");
        const std::vector<double> expected = posterior_and_gradients(latent_posterior_plain, w);
        CHECK(apart(posterior_and_gradients(latent_posterior, w), expected) < 1e-12);
        CHECK(apart(posterior_and_gradients(latent_posterior, w.in(DType::f32)), expected) < 1e-4);
      }
}

TEST_CASE("the posterior of the next step is the loss's", "[attention]") {
  const Words w = some_words(9, 2);
  const Tensor found =
      latent_posterior(w.output(w.units), linear(w.places, w.output.weight), w.alpha, w.mask, w.targets);
  const auto loss = latent_cross_entropy(w.units, w.places, w.output, w.alpha, w.mask, w.targets);
  CHECK(test::largest_difference(found, loss.posterior) < 1e-14);
  CHECK_THROWS_WITH(latent_posterior(w.units, w.places, w.alpha, w.mask, Tensor::full({6}, 4, DType::i64)),
                    Catch::Matchers::ContainsSubstring("target 4 (number 0 of 6)"));
  CHECK_THROWS_WITH(latent_posterior(w.units, w.places, w.alpha, w.mask, Tensor::zeros({5}, DType::i64)),
                    Catch::Matchers::ContainsSubstring("must be i64 [6]"));
  const Tensor none = Tensor::zeros({0, 4}, DType::f64);
  CHECK(latent_posterior(none, w.places, Tensor::zeros({0, 3}, DType::f64), w.mask, Tensor::zeros({0}, DType::i64))
            .shape() == Shape{0, 3});
}

TEST_CASE("the mixture of all words is a distribution, and the one that the loss is of", "[attention]") {
  for (const bool sums_to_one : {true, false}) {
    const Words w = some_words(9, 2, 1, sums_to_one);
    const Tensor scores = w.output(w.units), of_places = linear(w.places, w.output.weight);
    const Tensor log_p = latent_log_probabilities(scores, of_places, w.alpha, w.mask);
    CHECK(test::largest_difference(log_p, latent_log_probabilities_plain(scores, of_places, w.alpha, w.mask)) <
          1e-12);
    CHECK(test::largest(sum(exp(log_p), {1}) - Tensor::full({}, 1, DType::f64)) < 1e-13);
    CHECK(test::largest(log_p[2] - log_softmax(scores[2], -1)) < 1e-13);  // no place
    CHECK(test::largest(log_p[4] - log_softmax(scores[4], -1)) < 1e-13);  // weights of 0
    const Tensor losses = fast(w, {.reduction = Reduction::none});
    for (int64_t t = 0; t < 6; ++t)
      CHECK(losses.at({t}) == Catch::Approx(-log_p.at({t, w.targets.to_ids()[static_cast<size_t>(t)]})));
  }
}

TEST_CASE("one place is softmax of the sum, and places that say nothing are soft attention's readout",
          "[attention]") {
  Words w = some_words(9, 2);
  const Tensor one = index_select(w.places, 0, Tensor::from<int64_t>({0, 1, 2, 3, 4, 5}));
  const SharedMask each = attend_to_blocks(1, {0, 1, 2, 3, 4, 5});
  const Tensor weights = Tensor::full({6, 1}, 0.3, DType::f64);  // whatever it is
  CHECK(latent_cross_entropy(w.units, one, w.output, weights, each, w.targets).loss.item() ==
        Catch::Approx(cross_entropy(w.output(w.units + one), w.targets).item()).epsilon(1e-13));
  w.places = Tensor::zeros({7, 4}, DType::f64);
  CHECK(fast(w, {}).item() == Catch::Approx(cross_entropy(w.output(w.units), w.targets).item()).epsilon(1e-13));
}

TEST_CASE("no words, or no word that counts, have the loss 0", "[attention]") {
  const Words w = some_words(9, 1);
  const Tensor none = Tensor::zeros({0, 4}, DType::f64), ids = Tensor::zeros({0}, DType::i64);
  const auto found = latent_cross_entropy(none, w.places, w.output, Tensor::zeros({0, 3}, DType::f64), w.mask, ids);
  CHECK(found.loss.item() == 0);
  CHECK(found.posterior.shape() == Shape{0, 3});
  Words ignored = w;
  ignored.targets = Tensor::full({6}, 4, DType::i64);
  const std::vector<double> all = everything(fast, ignored, {.ignore_index = 4});
  CHECK(std::all_of(all.begin(), all.end(), [](double x) { return x == 0; }));
}

TEST_CASE("the scores of all words and places are never in memory at a time", "[attention]") {
  Rng rng(8);
  const int64_t pictures = 40, places = 60, words = 10, vocabulary = 2000;
  const Linear output(8, vocabulary, rng);
  const Tensor x = rng.normal({pictures * words, 8}, 0, 1), u = rng.normal({pictures * places, 8}, 0, 1);
  const Tensor alpha = softmax(rng.normal({pictures * words, places}, 0, 1), -1);
  std::vector<int64_t> of(static_cast<size_t>(pictures * words));
  for (size_t t = 0; t < of.size(); ++t) of[t] = static_cast<int64_t>(t) % pictures;
  const SharedMask mask = attend_to_blocks(places, of);
  const Tensor targets = Tensor::zeros({pictures * words}, DType::i64);
  memory::reset_peak();
  const int64_t before = memory::live_bytes();
  Tape tape;
  const Tensor y = latent_cross_entropy(x, u, output, alpha, mask, targets).loss;
  tape.gradients(y, {x, u, alpha, output.weight, output.bias});
  CHECK(memory::peak_bytes() - before < pictures * (words + places) * vocabulary * 4 / 3);
}

TEST_CASE("the queries of all steps stand as packed words do", "[attention]") {
  const SharedMask mask = attend_to_blocks(2, {1, 0, 2});
  const SharedMask all = at_all_steps(*mask, {3, 2, 2, 1});
  CHECK(all->queries() == 8);
  CHECK(all->annotations == mask->annotations);
  for (const auto& [word, query] : {std::pair{0, 0}, {2, 2}, {3, 0}, {4, 1}, {7, 0}})
    for (int64_t j = 0; j < 2; ++j) CHECK(all->row(word, j) == mask->row(query, j));
  CHECK_THROWS_WITH(at_all_steps(*mask, {4}), Catch::Matchers::ContainsSubstring("4 queries, but the mask is for 3"));
}

TEST_CASE("the latent readout is one layer beside the output layer, and decodes what it is trained for",
          "[attention]") {
  Rng rng(3);
  LatentReadout readout(5, 4, rng);
  convert(readout, DType::f64);
  const Words w = some_words(9, 1);
  const Tensor annotations = random_tensor({7, 5}, 4);
  const auto found =
      readout.loss(w.units, annotations, w.output, w.alpha, w.mask, w.targets, {.reduction = Reduction::none});
  const Tensor log_p =
      readout.log_probabilities(w.units, readout.place_scores(annotations, w.output), w.output, w.alpha, w.mask);
  CHECK(test::largest_difference(found.loss, cross_entropy(log_p, w.targets, {.reduction = Reduction::none})) <
        1e-12);
  CHECK(named_tensors(readout).size() == 1);
}

TEST_CASE("what does not fit a mixture over places is refused, with what was given", "[attention]") {
  const Words w = some_words(9, 1);
  const auto refuses = [](const Words& bad, const CrossEntropyOptions& options, const char* why) {
    CHECK_THROWS_WITH(fast(bad, options), Catch::Matchers::ContainsSubstring(why));
  };
  Words bad = w;
  bad.alpha = Tensor::zeros({6, 2}, DType::f64);
  refuses(bad, {}, "alpha must be f64 [6, 3]");
  bad = w, bad.alpha = copy_of(w.alpha, DType::f32);
  refuses(bad, {}, "alpha must be f64 [6, 3]");
  bad = w, bad.places = Tensor::zeros({6, 4}, DType::f64);
  refuses(bad, {}, "the mask is of 7 annotations");
  bad = w, bad.places = Tensor::zeros({7, 3}, DType::f64);
  refuses(bad, {}, "do not fit");
  bad = w, bad.mask = attend_to_blocks(3, {0, 1});
  refuses(bad, {}, "6 queries, but a mask for 2");
  bad = w, bad.mask = nullptr;
  refuses(bad, {}, "no mask");
  bad = w, bad.targets = Tensor::full({6}, 9, DType::i64);
  refuses(bad, {}, "target 9 (number 0 of 6)");
  bad = w, bad.targets = Tensor::zeros({5}, DType::i64);
  refuses(bad, {}, "must be i64 [6]");
  bad = w, bad.output.bias = Tensor::zeros({8}, DType::f64);
  refuses(bad, {}, "bias must be f64 [9]");
  bad = w, bad.output.weight = Tensor::zeros({9, 3}, DType::f64);
  refuses(bad, {}, "must be f64 [words, 4]");
  bad = w, bad.output.weight = Tensor::zeros({0, 4}, DType::f64);
  refuses(bad, {}, "must be f64 [words, 4]");
  refuses(w, {.label_smoothing = 2}, "label smoothing must be from 0 to 1");
  refuses(w, {.weight = Tensor::full({9}, 1, DType::f64)}, "class weights");
  refuses(w, {.class_axis = 0}, "not on axis 0");
}
