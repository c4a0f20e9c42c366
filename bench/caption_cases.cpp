// Show, Attend and Tell: a training step with soft and with hard attention, and SqueezeNet, which looks at
// the images.
#include <numeric>

#include "autograd/reduce.h"
#include "bench/measure.h"
#include "bench/rnnsearch.h"
#include "bench/show_attend_tell.h"
#include "examples/caption/squeezenet.h"

namespace heed::bench {
namespace {

struct Captions {
  ShowAttendTell model;
  std::vector<CaptionShard> shards;
  double images, words = 0, baseline = -100, loss_per_word = 0;
  uint64_t steps = 0;
  std::unique_ptr<Trainer> trainer;

  Captions(const CaptionSize& size, const Options& options, Rng rng)
      : model(size, rng), images(static_cast<double>(size.B)) {
    for (int shard = 0; shard < options.threads; ++shard) {
      shards.push_back(make_captions(size, shard, options.threads, rng));
      words += static_cast<double>(shards.back().out.rows.numel());
    }
    trainer = std::make_unique<Trainer>(options, Parameters(model));
  }

  double soft_step() {
    return trainer->step([&](int shard) {
      return model.soft_loss(shards[static_cast<size_t>(shard)], 1 / words, 1 / images);
    });
  }

  double hard_step() {
    std::vector<double> log_p(shards.size());
    const Rng of_step = Rng(2).split(steps++);
    const double loss = trainer->step([&](int shard) {
      Rng rng = of_step.split(static_cast<uint64_t>(shard));
      const auto index = static_cast<size_t>(shard);
      const ShowAttendTell::Hard result = model.hard_loss(shards[index], 1 / words, baseline, rng);
      log_p[index] = result.log_probability;
      return result.loss;
    });
    const double total = std::accumulate(log_p.begin(), log_p.end(), 0.0);
    baseline = 0.9 * baseline + 0.1 * total / images;
    loss_per_word = -total / words;
    return loss;
  }
};

Case captions(bool hard, const Options& options) {
  const auto work = std::make_shared<Captions>(CaptionSize{}, options, Rng(1));
  Case result;
  result.unit = "tokens/s";
  result.items = work->words;
  result.step = [=] { return hard ? work->hard_step() : work->soft_step(); };
  if (hard) result.watch = [=] { return work->loss_per_word; };
  return result;
}

Case squeezenet(int64_t batch) {
  Rng rng(1);
  const auto net = std::make_shared<caption::SqueezeNet>(rng);
  const Tensor images = rng.uniform({batch, 3, 224, 224}, 0, 1);
  Case result;
  result.unit = "images/s";
  result.items = static_cast<double>(batch);
  result.step = [=] { return sum(net->logits(net->features(images))).item(); };
  return result;
}

}  // namespace

void add_caption_cases(std::vector<Entry>& to) {
  to.push_back({"sat_soft", true, [](const Options& options) { return captions(false, options); }});
  to.push_back({"sat_hard", true, [](const Options& options) { return captions(true, options); }});
  to.push_back({"squeezenet_b1", false, [](const Options&) { return squeezenet(1); }});
  to.push_back({"squeezenet_b8", false, [](const Options&) { return squeezenet(8); }});
}

}  // namespace heed::bench
