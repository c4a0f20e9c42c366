// Show, Attend and Tell: a training step with soft and with hard attention, and SqueezeNet, which looks at
// the images.
#include <numeric>

#include "autograd/elementwise.h"
#include "autograd/pooling.h"
#include "autograd/reduce.h"
#include "autograd/shape_ops.h"
#include "bench/measure.h"
#include "bench/rnnsearch.h"
#include "bench/show_attend_tell.h"
#include "nn/conv2d.h"

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

// Iandola et al. 2016: squeeze to few channels, then expand by 1x1 and 3x3 kernels side by side.
struct Fire {
  Conv2d squeeze, expand1, expand3;
  Fire(int64_t in, int64_t narrow, int64_t wide, Rng& rng)
      : squeeze(in, narrow, {1, 1}, rng),
        expand1(narrow, wide, {1, 1}, rng),
        expand3(narrow, wide, {3, 3}, rng, {.padding = {1, 1}}) {}
  Tensor operator()(const Tensor& x) const {
    const Tensor s = relu(squeeze(x));
    return relu(concat({expand1(s), expand3(s)}, 1));
  }
};

struct SqueezeNet {
  Conv2d first;
  std::vector<Fire> fires;
  Conv2d last;
  explicit SqueezeNet(Rng& rng)
      : first(3, 64, {3, 3}, rng, {.stride = {2, 2}}), last(512, 1000, {1, 1}, rng) {
    const int64_t sizes[][3] = {{64, 16, 64},   {128, 16, 64},  {128, 32, 128}, {256, 32, 128},
                                {256, 48, 192}, {384, 48, 192}, {384, 64, 256}, {512, 64, 256}};
    for (const auto& [in, narrow, wide] : sizes) fires.emplace_back(in, narrow, wide, rng);
  }
  Tensor operator()(const Tensor& images) const {
    const auto pooled = [](const Tensor& x) {
      return max_pool2d(x, {.kernel = {3, 3}, .stride = {2, 2}, .ceil_mode = true}).first;
    };
    Tensor x = pooled(relu(first(images)));
    for (size_t i = 0; i < fires.size(); ++i) {
      x = fires[i](x);
      if (i == 1 || i == 3) x = pooled(x);
    }
    return mean(relu(last(x)), {2, 3});
  }
};

Case squeezenet(int64_t batch) {
  Rng rng(1);
  const auto net = std::make_shared<SqueezeNet>(rng);
  const Tensor images = rng.uniform({batch, 3, 224, 224}, 0, 1);
  Case result;
  result.unit = "images/s";
  result.items = static_cast<double>(batch);
  result.step = [=] { return sum((*net)(images)).item(); };
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
