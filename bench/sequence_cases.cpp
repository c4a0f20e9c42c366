// A GRU and an LSTM over a sequence, written in three ways that compute the same:
//     cell    step by step, the input's product too
//     loop    the input's product once for the whole sequence, then the steps
//     layer   nn/recurrent/recurrent.h
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "bench/measure.h"
#include "nn/losses/losses.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/recurrent.h"

namespace heed::bench {
namespace {

constexpr int64_t B = 64, T = 30, I = 256, H = 512;

enum class Way { cell, loop, layer };

struct Shard {
  Tensor x;       // [T, b, I]
  Tensor target;  // [T b, H]
};

template <class Cell>
struct Sequence {
  Recurrent<Cell> layer;
  std::vector<Shard> shards;
  std::unique_ptr<Trainer> trainer;

  Sequence(const Options& options, Rng rng) : layer(I, H, {}, rng) {
    for (int shard = 0; shard < options.threads; ++shard) {
      const int64_t b = B * (shard + 1) / options.threads - B * shard / options.threads;
      shards.push_back({rng.uniform({T, b, I}, -1, 1), rng.uniform({T * b, H}, -0.5, 0.5)});
    }
    trainer = std::make_unique<Trainer>(options, Parameters(layer));
  }

  // The layer stands in the middle of a network, so the gradient of its input is wanted too. It is asked for
  // by letting the input depend on something trained, and dropped where the layer below would go on with it.
  Tensor input(const Shard& shard) const {
    Tensor x = detach(shard.x);
    return record("layer below", {cell().bias_ih}, x, [](const Tensor&, Adjoints&) {});
  }
  const Cell& cell() const { return layer.forward[0]; }

  Tensor hidden(const Shard& shard, Way way) const {
    const Tensor x = input(shard);
    const int64_t b = x.size(1);
    if (way == Way::layer) return layer(pack(x)).outputs.rows;
    Tensor projected;
    if (way == Way::loop) projected = cell().project(reshape(x, {T * b, I}));
    State state{Tensor::zeros({b, H}), has_memory(Cell()) ? Tensor::zeros({b, H}) : Tensor{}};
    std::vector<Tensor> h;
    for (int64_t t = 0; t < T; ++t) {
      state = way == Way::cell ? cell()(x[t], state) : cell().step(narrow(projected, 0, t * b, b), state);
      h.push_back(state.h);
    }
    return concat(h, 0);
  }

  double step(Way way) {
    return trainer->step([&](int shard) {
      const Shard& mine = shards[static_cast<size_t>(shard)];
      return mse(hidden(mine, way), mine.target, Reduction::sum) * (1.0 / static_cast<double>(T * B * H));
    });
  }
};

template <class Cell>
Case sequence_case(const Options& options, Way way) {
  const auto work = std::make_shared<Sequence<Cell>>(options, Rng(1));
  Case result;
  result.unit = "tokens/s";
  result.items = static_cast<double>(B * T);
  result.step = [=] { return work->step(way); };
  return result;
}

}  // namespace

void add_sequence_cases(std::vector<Entry>& to) {
  const std::pair<const char*, Way> ways[] = {{"cell", Way::cell}, {"loop", Way::loop}, {"layer", Way::layer}};
  for (const auto& [name, way] : ways)
    to.push_back({fmt::format("gru_seq_{}", name), true,
                  [way = way](const Options& options) { return sequence_case<GruCell>(options, way); }});
  for (const auto& [name, way] : ways)
    to.push_back({fmt::format("lstm_seq_{}", name), true,
                  [way = way](const Options& options) { return sequence_case<LstmCell>(options, way); }});
}

}  // namespace heed::bench
