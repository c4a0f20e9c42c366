#include "bench/rnnsearch.h"

#include <numeric>

namespace heed::bench {

namespace {

translate::ModelSettings rnnsearch(const TranslationSize& size) {
  translate::ModelSettings settings;
  settings.cell = "gru-torch";
  settings.variant = translate::Variant::paper;
  settings.source_words = settings.target_words = size.words;
  settings.embedding = size.embedding;
  settings.encoder_hidden = size.encoder;
  settings.hidden = size.hidden;
  settings.alignment = size.alignment;
  settings.readout = size.readout;
  return settings;
}

}  // namespace

translate::Translator make_translator(const TranslationSize& size, Rng& rng) { return {rnnsearch(size), rng}; }

translate::Translator make_latent(const TranslationSize& size, Rng& rng) {
  translate::ModelSettings settings = rnnsearch(size);
  settings.attention = translate::AttentionKind::latent;
  return {settings, rng};
}

translate::Translator make_posterior(const TranslationSize& size, Rng& rng) {
  translate::ModelSettings settings = rnnsearch(size);
  settings.attention = translate::AttentionKind::latent;
  settings.posterior_feeding = true;
  return {settings, rng};
}

translate::Translator make_luong(const TranslationSize& size, Rng& rng) {
  translate::ModelSettings settings;
  settings.order = translate::Order::luong;
  settings.cell = "lstm";
  settings.layers = 2;
  settings.bidirectional = false;
  settings.feed = true;
  settings.score = "general";
  settings.source_words = settings.target_words = size.words;
  settings.embedding = size.embedding;
  settings.encoder_hidden = settings.hidden = size.hidden;
  settings.readout = size.readout;
  return {settings, rng};
}

std::vector<int64_t> spread_lengths(int64_t batch, int64_t shortest, int64_t longest) {
  std::vector<int64_t> lengths(static_cast<size_t>(batch));
  for (int64_t b = 0; b < batch; ++b)
    lengths[static_cast<size_t>(b)] = longest - b * (longest - shortest + 1) / batch;
  return lengths;
}

std::vector<int64_t> random_words(int64_t steps, const std::vector<int64_t>& lengths, int64_t words, Rng& rng) {
  std::vector<int64_t> ids;
  for (int64_t t = 0; t < steps; ++t)
    for (int64_t length : lengths) ids.push_back(t < length ? 3 + rng.below(words - 3) : 0);
  return ids;
}

std::vector<int64_t> shift_right(const std::vector<int64_t>& ids, const std::vector<int64_t>& lengths) {
  std::vector<int64_t> shifted(lengths.size(), 1);
  shifted.insert(shifted.end(), ids.begin(), ids.end() - static_cast<int64_t>(lengths.size()));
  return shifted;
}

support::PairBatch make_pairs(const TranslationSize& size, bool targets, Rng& rng) {
  support::PairBatch batch;
  batch.size = size.batch;
  batch.source_steps = size.steps;
  batch.source_lengths = spread_lengths(size.batch, size.shortest, size.steps);
  batch.source = random_words(size.steps, batch.source_lengths, size.words, rng);
  if (!targets) return batch;
  batch.target_steps = size.steps;
  batch.target_lengths = batch.source_lengths;
  batch.target_out = random_words(size.steps, batch.target_lengths, size.words, rng);
  batch.target_in = shift_right(batch.target_out, batch.target_lengths);
  batch.target_tokens = std::accumulate(batch.target_lengths.begin(), batch.target_lengths.end(), int64_t{0});
  return batch;
}

}  // namespace heed::bench
