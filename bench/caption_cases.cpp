// Show, Attend and Tell: a training step with soft, hard and latent attention, and SqueezeNet, which looks at the
// images.
#include <algorithm>
#include <numeric>

#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "bench/measure.h"
#include "bench/rnnsearch.h"
#include "examples/caption/encoders/squeezenet.h"
#include "examples/caption/model/hard_captions.h"

namespace heed::bench {
namespace {

// The sizes of the LibTorch program.
constexpr int64_t kBatch = 32, kShortest = 8, kLongest = 16;

struct Kind {
  caption::AttentionKind attention = caption::AttentionKind::soft;
  int64_t captions = 1;  // of each picture
  int64_t pool = 1;
};

caption::ModelSettings settings(const Kind& kind) {
  caption::ModelSettings s;
  s.attention = kind.attention;
  s.pool = kind.pool;
  s.embedding = s.hidden = s.alignment = 512;
  s.side = 14;
  s.depth = 512;
  s.words = 3000;
  return s;
}

caption::HardOptions estimator() {
  caption::HardOptions options;
  options.expectation = caption::Expectation::none;
  options.lambda_r = 0.1;
  options.lambda_e = 0.002;
  return options;
}

// Some of the captions, the longest first.
struct Shard {
  caption::CaptionBatch batch;
  Tensor pictures;  // [m, L, D]
};

// Long and short captions of a picture: number b, b + m, ..
Shard make_shard(const caption::ModelSettings& s, int64_t of_each, int shard, int shards, Rng& rng) {
  std::vector<int64_t> lengths;
  const std::vector<int64_t> all = spread_lengths(kBatch, kShortest, kLongest);
  for (int64_t b = shard; b < kBatch; b += shards) lengths.push_back(all[static_cast<size_t>(b)]);
  const auto size = static_cast<int64_t>(lengths.size());
  Shard result;
  result.batch.place.resize(lengths.size());
  const int64_t pictures = (size + of_each - 1) / of_each;
  for (int64_t b = 0; b < size; ++b) result.batch.place[static_cast<size_t>(b)] = b % pictures;
  const std::vector<int64_t> ids = random_words(kLongest, lengths, s.words, rng);
  result.batch.out = pack(Tensor::from(ids, {kLongest, size}), lengths);
  result.batch.in = pack(Tensor::from(shift_right(ids, lengths), {kLongest, size}), lengths);
  result.pictures = relu(rng.uniform({pictures, s.locations(), s.depth}, -1, 1));  // half of them 0, as after a ReLU
  return result;
}

struct Captions {
  caption::Captioner model;
  std::vector<Shard> shards;
  double words = 0, loss_per_word = 0;
  caption::Baselines baselines{.caption = -100, .word = -8};
  uint64_t steps = 0;
  std::unique_ptr<Trainer> trainer;

  Captions(const Kind& kind, const Options& options, Rng rng) : model(settings(kind), rng) {
    for (int shard = 0; shard < options.threads; ++shard) {
      shards.push_back(make_shard(model.settings, kind.captions, shard, options.threads, rng));
      words += static_cast<double>(shards.back().batch.out.rows.numel());
    }
    // The other program's penalty is a mean over the pictures; ours is divided by the words.
    model.settings.penalty = 0.01 * words / kBatch;
    trainer = std::make_unique<Trainer>(options, Parameters(model));
  }

  double step() {
    return trainer->step([&](int shard) {
      const Shard& mine = shards[static_cast<size_t>(shard)];
      return model.loss(mine.batch, mine.pictures) * (1 / words);
    });
  }

  double hard_step() {
    std::vector<double> log_p(shards.size());
    const Rng of_step = Rng(2).split(steps++);
    const double loss = trainer->step([&](int shard) {
      Rng rng = of_step.split(static_cast<uint64_t>(shard));
      const Shard& mine = shards[static_cast<size_t>(shard)];
      const caption::HardOptions options = estimator();
      const caption::HardLoss found = caption::hard_loss(
          model, mine.batch, mine.pictures, options, caption::draw_hard(options, mine.batch, false, rng), baselines);
      log_p[static_cast<size_t>(shard)] = found.rewards.caption;
      return found.loss * (1 / words);
    });
    const double total = std::accumulate(log_p.begin(), log_p.end(), 0.0);
    baselines.caption = 0.9 * baselines.caption + 0.1 * total / kBatch;
    loss_per_word = -total / words;
    return loss;
  }
};

Case captions(const Kind& kind, const Options& options) {
  const bool hard = kind.attention == caption::AttentionKind::hard;
  const auto work = std::make_shared<Captions>(kind, options, Rng(1));
  Case result;
  result.unit = "tokens/s";
  result.items = work->words;
  result.step = [=] { return hard ? work->hard_step() : work->step(); };
  if (hard) result.watch = [=] { return work->loss_per_word; };
  return result;
}

// With several threads each sees its share of the images.
Case squeezenet(int64_t batch, const Options& options) {
  Rng rng(1);
  const auto net = std::make_shared<caption::SqueezeNet>(rng);
  const Tensor images = rng.uniform({batch, 3, 224, 224}, 0, 1);
  const auto pool = std::make_shared<ThreadPool>(options.threads);
  const int64_t shares = std::min<int64_t>(batch, options.threads);
  Case result;
  result.unit = "images/s";
  result.items = static_cast<double>(batch);
  result.step = [=] {
    std::vector<double> sums(static_cast<size_t>(shares));
    pool->run(shares, [&](int64_t share) {
      const Tensor part = slice(images, 0, share * batch / shares, (share + 1) * batch / shares);
      sums[static_cast<size_t>(share)] = sum(net->logits(net->features(part))).item();
    });
    return std::accumulate(sums.begin(), sums.end(), 0.0);
  };
  return result;
}

}  // namespace

void add_caption_cases(std::vector<Entry>& to) {
  using enum caption::AttentionKind;
  const auto add = [&](const char* name, bool trains, const Kind& kind) {
    to.push_back({name, trains, [=](const Options& options) { return captions(kind, options); }});
  };
  add("sat_soft", true, {});
  add("sat_hard", true, {.attention = hard});
  add("sat_soft_shared", false, {.captions = 4});
  add("sat_latent", false, {.attention = latent});
  add("sat_latent_shared", false, {.attention = latent, .captions = 4});
  add("sat_latent_pooled", false, {.attention = latent, .pool = 2});
  add("sat_latent_both", false, {.attention = latent, .captions = 4, .pool = 2});
  to.push_back({"squeezenet_b1", false, [](const Options& options) { return squeezenet(1, options); }});
  to.push_back({"squeezenet_b8", false, [](const Options& options) { return squeezenet(8, options); }});
}

}  // namespace heed::bench
