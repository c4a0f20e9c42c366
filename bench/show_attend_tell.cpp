#include "bench/show_attend_tell.h"

#include "autograd/elementwise.h"
#include "autograd/reduce.h"
#include "autograd/softmax.h"
#include "autograd/zip.h"
#include "bench/rnnsearch.h"
#include "nn/cell.h"
#include "nn/losses.h"

namespace heed::bench {

CaptionShard make_captions(const CaptionSize& size, int shard, int shards, Rng& rng) {
  std::vector<int64_t> lengths;
  const std::vector<int64_t> all = spread_lengths(size.B, size.shortest, size.T);
  for (int64_t b = shard; b < size.B; b += shards) lengths.push_back(all[static_cast<size_t>(b)]);
  const auto images = static_cast<int64_t>(lengths.size());
  CaptionShard result;
  result.annotations =
      relu(rng.uniform({images * size.L, size.D}, -1, 1));  // half of them zero, as after a ReLU
  const std::vector<int64_t> ids = random_words(size.T, lengths, size.V, rng);
  result.out = pack(Tensor::from(ids, {size.T, images}), lengths);
  result.in = pack(Tensor::from(shift_right(ids, lengths), {size.T, images}), lengths);
  auto sight = std::make_shared<Sight>();
  sight->width = size.L;
  sight->lengths.assign(lengths.size(), size.L);
  for (int64_t row = 0; row < images * size.L; ++row) sight->rows.push_back(row);
  result.sight = std::move(sight);
  return result;
}

ShowAttendTell::ShowAttendTell(const CaptionSize& s, Rng& rng)
    : words(s.V, s.E, rng, 0.1),
      initial_h(s.D, s.H, rng),
      initial_c(s.D, s.H, rng),
      key(s.D, s.A, rng),
      query(s.H, s.A, rng, false),
      v(rng.uniform({s.A}, -1 / std::sqrt(s.A), 1 / std::sqrt(s.A))),
      input(s.E, 4 * s.H, rng),
      state(s.H, 4 * s.H, rng, false),
      context(s.D, 4 * s.H, rng, false),
      gate(s.H, 1, rng),
      deep_h(s.H, s.E, rng, false),
      deep_z(s.D, s.E, rng, false),
      output(s.E, s.V, rng),
      size_(s) {}

namespace {

// The LSTM of equations (1) to (3).
State lstm(const Tensor& gates, const Tensor& memory) {
  const std::vector<Tensor> a = chunk(gates, 4, 1);
  const auto [h, c] = zip(
      "lstm",
      [](auto i, auto f, auto g, auto o, auto before) {
        auto now = sigmoid(f) * before + sigmoid(i) * tanh(g);
        return std::tuple(sigmoid(o) * tanh(now), now);
      },
      a[0], a[1], a[2], a[3], memory);
  return {h, c};
}

Tensor joined(const std::vector<Tensor>& parts) { return parts[0] ? concat(parts, 0) : Tensor{}; }

}  // namespace

// All steps; `look` gives the glance of the first n images for n states.
template <class Look>
ShowAttendTell::Run ShowAttendTell::run(const CaptionShard& shard, Look look) const {
  const Tensor mean_annotation = mean(reshape(shard.annotations, {shard.size(), size_.L, size_.D}), {1});
  State now{tanh(initial_h(mean_annotation)), tanh(initial_c(mean_annotation))};
  const Tensor vectors = words(shard.in.rows), projected = input(vectors);
  std::vector<Tensor> h, z, alpha, log_pick, entropy;
  int64_t at = 0;
  for (int64_t n : shard.in.active) {
    now = narrow_rows(now, 0, n);
    const Glance glance = look(now.h);
    const Tensor read = zip(
        "gate", [](auto b, auto c) { return sigmoid(b) * c; }, gate(now.h), glance.context);
    const Tensor gates = linear_onto(narrow(projected, 0, at, n), now.h, state.weight);
    now = lstm(linear_onto(gates, read, context.weight), now.c);
    h.push_back(now.h);
    z.push_back(read);
    alpha.push_back(glance.alpha);
    log_pick.push_back(glance.log_pick);
    entropy.push_back(glance.entropy);
    at += n;
  }
  const Tensor deep =
      linear_onto(linear_onto(vectors, concat(h, 0), deep_h.weight), concat(z, 0), deep_z.weight);
  return {cross_entropy(output(deep), shard.out.rows, {.reduction = Reduction::none}), joined(alpha),
          joined(log_pick), joined(entropy)};
}

Tensor ShowAttendTell::soft_loss(const CaptionShard& shard, double per_word, double per_image) const {
  const Tensor keys = key(shard.annotations);
  const Run result = run(shard, [&](const Tensor& h) {
    const auto [context, alpha] = additive_attention(query(h), v, keys, shard.annotations, shard.sight);
    return Glance{context, alpha, {}, {}};
  });
  const Tensor looked = sum(unpack(shard.in.with(result.alpha)), {0});  // [b, L]
  const Tensor penalty = sum(zip([](auto a) { return (1 - a) * (1 - a); }, looked));
  return sum(result.losses) * per_word + penalty * (0.01 * per_image);
}

ShowAttendTell::Hard ShowAttendTell::hard_loss(const CaptionShard& shard, double per_word, double baseline,
                                               Rng& rng) const {
  const Tensor keys = reshape(key(shard.annotations), {shard.size(), size_.L, size_.A});
  const Run result = run(shard, [&](const Tensor& h) {
    const int64_t n = h.size(0);
    const Tensor scores = zip_sum(
        "score", [](auto w, auto q, auto k) { return w * tanh(q + k); }, v, unsqueeze(query(h), 1),
        narrow(keys, 0, 0, n));
    const Tensor log_alpha = log_softmax(scores, 1), alpha = exp(log_alpha);
    const Tensor place = rng.categorical(alpha);  // [n]
    Tensor row = Tensor::arange(n);
    for (int64_t k = 0; k < n; ++k) row.mutable_data<int64_t>()[k] = k * size_.L + place.data<int64_t>()[k];
    const Tensor entropy = zip_sum(
        "entropy", [](auto a, auto log_a) { return a * log_a; }, alpha, log_alpha);
    return Glance{index_select(shard.annotations, 0, row),
                  {},
                  squeeze(gather(log_alpha, 1, reshape(place, {n, 1})), 1),
                  entropy};
  });
  const Tensor log_p = -sum(unpack(shard.out.with(result.losses)), {0});      // [b], of each caption
  const Tensor log_pick = sum(unpack(shard.out.with(result.log_pick)), {0});  // [b], of the places looked at
  const Tensor reward = detach(log_p) - baseline;
  const Tensor loss = sum(result.losses) - sum(reward * log_pick) * 0.1 + sum(result.entropy) * 0.002;
  return {loss * per_word, sum(detach(log_p)).item()};
}

}  // namespace heed::bench
