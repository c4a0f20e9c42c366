// Words that are written from one of several places, the sum over places being exact (nn/attention/latent),
// beside soft attention's loss of the same words: output layer and loss, with their gradients.
#include "autograd/ops/softmax.h"
#include "bench/measure.h"
#include "nn/attention/latent/latent_cross_entropy.h"
#include "nn/losses/linear_cross_entropy.h"

namespace heed::bench {
namespace {

struct PlacesSize {
  int64_t sentences, words, blocks, places, vocabulary;  // sentence s has the places of block s % blocks
};
constexpr int64_t kUnits = 256;

// A share of the work; words and places are rows of units.
struct WordsShare {
  Tensor words, places, alpha, targets;
  SharedMask mask;
};

WordsShare make_share(const PlacesSize& size, Rng& rng) {
  std::vector<int64_t> block;
  for (int64_t t = 0; t < size.words; ++t)
    for (int64_t s = 0; s < size.sentences; ++s) block.push_back(s % size.blocks);
  const auto n = static_cast<int64_t>(block.size());
  WordsShare share{rng.uniform({n, kUnits}, -1, 1),
                   rng.uniform({size.blocks * size.places, kUnits}, -1, 1),
                   softmax(rng.uniform({n, size.places}, -2, 2), -1),
                   {},
                   attend_to_blocks(size.places, block)};
  std::vector<int64_t> ids;
  for (int64_t t = 0; t < n; ++t) ids.push_back(rng.below(size.vocabulary));
  share.targets = Tensor::from(ids);
  return share;
}

double step(const WordsShare& share, const Linear& output, bool latent, double smoothing) {
  Tape tape;
  const CrossEntropyOptions options{.label_smoothing = smoothing, .reduction = Reduction::sum};
  const Tensor loss = latent ? latent_cross_entropy(share.words, share.places, output, share.alpha, share.mask,
                                                    share.targets, options)
                                   .loss
                             : linear_cross_entropy(share.words, output, share.targets, options);
  if (latent) tape.gradients(loss, {share.words, share.places, share.alpha, output.weight, output.bias});
  else tape.gradients(loss, {share.words, output.weight, output.bias});
  return loss.item();
}

// Each thread has its share of the blocks, and of the sentences about them.
Case words_from_places(PlacesSize size, const Options& options, bool latent, double smoothing = 0) {
  Rng rng(1);
  const auto output = std::make_shared<Linear>(kUnits, size.vocabulary, rng);
  const double words = static_cast<double>(size.sentences * size.words);
  std::vector<WordsShare> shares;
  for (int64_t k = 0; k < options.threads; ++k) {
    PlacesSize mine = size;
    mine.blocks = (k + 1) * size.blocks / options.threads - k * size.blocks / options.threads;
    mine.sentences = mine.blocks * (size.sentences / size.blocks);
    shares.push_back(make_share(mine, rng));
  }
  const auto pool = std::make_shared<ThreadPool>(options.threads);
  Case result;
  result.unit = "words/s";
  result.items = words;
  result.step = [=] {
    std::vector<double> losses(shares.size());
    pool->run(options.threads, [&](int64_t k) {
      losses[static_cast<size_t>(k)] = step(shares[static_cast<size_t>(k)], *output, latent, smoothing);
    });
    double total = 0;
    for (const double loss : losses) total += loss;
    return total / words;
  };
  return result;
}

}  // namespace

void add_latent_cases(std::vector<Entry>& to) {
  const PlacesSize translate{80, 15, 80, 15, 8000}, caption{64, 12, 64, 196, 4000};
  PlacesSize shared = caption, pooled = caption;
  shared.blocks = 16;  // four captions of each picture
  pooled.places = 49;  // 14 x 14 places, pooled 2 x 2
  PlacesSize both = shared;
  both.places = pooled.places;
  const auto add = [&](const char* name, const PlacesSize& size, bool latent, double smoothing = 0) {
    to.push_back({name, false, [=](const Options& o) { return words_from_places(size, o, latent, smoothing); }});
  };
  add("soft_ce_translate", translate, false);
  add("latent_ce_translate", translate, true);
  add("latent_ce_translate_smooth", translate, true, 0.1);
  add("soft_ce_caption", caption, false);
  add("latent_ce_caption", caption, true);
  add("latent_ce_caption_shared", shared, true);
  add("latent_ce_caption_pooled", pooled, true);
  add("latent_ce_caption_both", both, true);
}

}  // namespace heed::bench
