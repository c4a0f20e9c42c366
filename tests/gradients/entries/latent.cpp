// Mixtures over places, and their definitions by enumeration.
#include "autograd/views/joins.h"
#include "nn/attention/latent/latent_posterior.h"
#include "nn/attention/latent/latent_readout.h"
#include "tests/gradients/entries/masks.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

// Now and then a weight of 0, never all of a word's: what a word without weights is written from is a kink.
Tensor draw_alpha(Draw& draw, int64_t words, int64_t width) {
  Tensor alpha = draw.numbers({words, width}, 0.6, 1);
  double* a = alpha.mutable_data<double>();
  for (int64_t t = 0; t < words; ++t)
    for (int64_t i = 1; i < width; ++i)
      if (draw.chance(0.2)) a[t * width + i] = 0;
  return alpha;
}

struct Words {
  Tensor units, places, alpha, targets;
  SharedMask mask;
  CrossEntropyOptions options;
};
Words draw_words(Draw& draw, int64_t size, int64_t vocabulary) {
  const int64_t words = draw.up_to(4), rows = draw.up_to(5), width = draw.up_to(4);
  Words w{draw.numbers({words, size}),   draw.numbers({rows, size}),          draw_alpha(draw, words, width),
          draw.ids({words}, vocabulary), draw_mask(draw, words, rows, width), {}};
  constexpr Reduction reductions[] = {Reduction::mean, Reduction::sum, Reduction::none};
  w.options.reduction = reductions[draw.below(3)];
  if (draw.chance(0.4)) w.options.ignore_index = 0;
  if (draw.chance(0.5)) w.options.label_smoothing = draw.real(0, 1);
  return w;
}

using Loss = Tensor (*)(const Tensor& units, const Tensor& places, const Linear& output, const Tensor& alpha,
                        const Words& w);
Tensor fast(const Tensor& units, const Tensor& places, const Linear& output, const Tensor& alpha, const Words& w) {
  return latent_cross_entropy(units, places, output, alpha, w.mask, w.targets, w.options).loss;
}
Tensor plain(const Tensor& units, const Tensor& places, const Linear& output, const Tensor& alpha, const Words& w) {
  return latent_cross_entropy_plain(units, places, output, alpha, w.mask, w.targets, w.options);
}
Sample draw_loss(Draw& draw, Loss loss) {
  const int64_t size = draw.up_to(3), vocabulary = 1 + draw.up_to(3);
  const Words w = draw_words(draw, size, vocabulary);
  const bool biased = draw.chance(0.7);
  return sample(
      [=](const Inputs& x) {
        Linear output;
        output.weight = x[3];
        if (biased) output.bias = x[4];
        return loss(x[0], x[1], output, x[2], w) * 0.7;
      },
      {w.units, w.places, w.alpha, draw.numbers({vocabulary, size}, -2, 2), draw.numbers({vocabulary})});
}

// Some words and places have a peak of 800 each, on different words of the vocabulary: no product of
// exponentials holds what lies so far apart. The peaks are constants, of two units more. No weight is 0: such
// a place may be e^800 times as likely as the others, which no stencil can measure.
Sample draw_peaks(Draw& draw) {
  const int64_t size = draw.up_to(2), vocabulary = 3 + draw.below(2);
  const Words w = draw_words(draw, size, vocabulary);
  const auto peaks = [&](int64_t rows, int64_t unit) {
    Tensor x = Tensor::zeros({rows, 2}, DType::f64);
    for (int64_t row = 0; row < rows; ++row) x.mutable_data<double>()[row * 2 + unit] = draw.chance(0.6) ? 1 : 0;
    return x;
  };
  const Tensor of_words = peaks(w.units.size(0), 0), of_places = peaks(w.places.size(0), 1);
  Tensor tops = Tensor::zeros({vocabulary, 2}, DType::f64);
  tops.mutable_data<double>()[0] = tops.mutable_data<double>()[3] = 800;
  return sample(
      [=](const Inputs& x) {
        Linear output;
        output.weight = concat({x[3], tops}, 1);
        return fast(concat({x[0], of_words}, 1), concat({x[1], of_places}, 1), output, x[2], w);
      },
      {w.units, w.places, draw.numbers(w.alpha.shape(), 0.6, 1), draw.numbers({vocabulary, size}, -2, 2)});
}

Sample draw_log_probabilities(Draw& draw, decltype(&latent_log_probabilities) log_probabilities) {
  const Words w = draw_words(draw, draw.length(), 1);
  return sample([=](const Inputs& x) { return log_probabilities(x[0], x[1], x[2], w.mask); },
                {w.units, w.places, w.alpha});
}

Sample draw_posterior(Draw& draw, decltype(&latent_posterior) posterior) {
  const int64_t vocabulary = 1 + draw.up_to(3);
  const Words w = draw_words(draw, vocabulary, vocabulary);
  return sample([=](const Inputs& x) { return posterior(x[0], x[1], x[2], w.mask, w.targets); },
                {w.units, w.places, w.alpha});
}

Sample draw_readout(Draw& draw) {
  const int64_t size = draw.up_to(3), annotation = draw.up_to(3), vocabulary = 1 + draw.up_to(3);
  const Words w = draw_words(draw, size, vocabulary);
  const Tensor annotations = draw.numbers({w.places.size(0), annotation});
  return sample_of(draw, LatentReadout(annotation, size, draw.rng()),
                   {w.units, annotations, w.alpha, draw.numbers({vocabulary, size})},
                   [=](const LatentReadout& readout, const Inputs& x) {
                     Linear output;
                     output.weight = x[3];
                     const Tensor loss = readout.loss(x[0], x[1], output, x[2], w.mask, w.targets, w.options).loss;
                     return std::vector<Tensor>{
                         loss,
                         readout.log_probabilities(x[0], readout.place_scores(x[1], output), output, x[2], w.mask)};
                   });
}

}  // namespace

Entries latent() {
  return {
      {"latent_cross_entropy", [](Draw& draw) { return draw_loss(draw, fast); }, 5},
      {"latent_cross_entropy: far peaks", draw_peaks, 10},
      {"latent_cross_entropy_plain", [](Draw& draw) { return draw_loss(draw, plain); }, 10},
      {"latent_log_probabilities", [](Draw& draw) { return draw_log_probabilities(draw, latent_log_probabilities); },
       5},
      {"latent_log_probabilities_plain",
       [](Draw& draw) { return draw_log_probabilities(draw, latent_log_probabilities_plain); }, 10},
      {"latent_posterior", [](Draw& draw) { return draw_posterior(draw, latent_posterior); }, 5},
      {"latent_posterior_plain", [](Draw& draw) { return draw_posterior(draw, latent_posterior_plain); }, 10},
      {"LatentReadout", draw_readout, 10},
  };
}

}  // namespace heed::gradients
