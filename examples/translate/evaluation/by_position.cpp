#include "examples/translate/evaluation/by_position.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "autograd/base/immutable.h"
#include "autograd/ops/extrema.h"
#include "autograd/views/views.h"
#include "examples/support/own_words/scheduled_sampling.h"
#include "examples/support/process/interrupt.h"
#include "examples/translate/model/search/search.h"
#include "nn/losses/cross_entropy.h"

namespace heed::translate {
namespace {

using Bins = std::vector<PositionBin>;

PositionBin& bin_of(Bins& bins, size_t position) {  // counted from 0
  const size_t at = position / kPositions;
  while (bins.size() <= at) {
    bins.emplace_back();
    bins.back().from = static_cast<int64_t>(bins.size() - 1) * kPositions + 1;
  }
  return bins[at];
}

// Adds what is known of the right words of each step.
void add(Bins& bins, const Translator& model, const Batch& batch, support::Reading reading,
         Known PositionBin::*which) {
  Search search(model, batch, {.reading = reading});
  size_t position = 0;
  const auto see = [&](int64_t first, const Tensor& scores) {
    const int64_t rows = scores.size(0);
    const Tensor right = narrow(batch.target_out.rows, 0, first, rows);
    const std::vector<int64_t> words = right.to_ids(), best = argmax(scores, 1).to_ids();
    const std::vector<double> log_p = log_probability(scores, right).to_vector();
    PositionBin& bin = bin_of(bins, position++);
    for (size_t b = 0; b < words.size(); ++b) {
      (bin.*which).log_probability += log_p[b];
      (bin.*which).likeliest += best[b] == words[b];
    }
    if (which == &PositionBin::told) bin.words += rows;
  };
  if (which == &PositionBin::told) support::step_through_right(search, batch.target_in, see);
  else support::likeliest_words(search, batch.target_in, see);
}

void add(Known& sum, const Known& more) {
  sum.log_probability += more.log_probability;
  sum.likeliest += more.likeliest;
}

double accuracy(const Known& known, int64_t words) {
  return 100.0 * static_cast<double>(known.likeliest) / static_cast<double>(words);
}
double perplexity(const Known& known, int64_t words) {
  return std::exp(-known.log_probability / static_cast<double>(words));
}

}  // namespace

std::vector<PositionBin> known_by_position(const Translator& model, const std::vector<support::Ids>& sources,
                                           const std::vector<support::Ids>& targets, support::Reading reading,
                                           ThreadPool& pool) {
  support::BatchOptions options;
  options.batch_size = 32;
  const auto batches = support::make_evaluation_batches(sources, targets, options);
  std::vector<Bins> found(batches.size());
  Immutable weights;  // no parameter changes while this reads
  pool.run(static_cast<int64_t>(batches.size()), [&](int64_t k) {
    support::stop_if_interrupted();
    const Immutable::Scope scope(weights);
    const Batch batch = pack_batch(batches[static_cast<size_t>(k)]);
    add(found[static_cast<size_t>(k)], model, batch, reading, &PositionBin::told);
    add(found[static_cast<size_t>(k)], model, batch, reading, &PositionBin::own);
  });
  Bins all;
  for (const Bins& bins : found)
    for (size_t i = 0; i < bins.size(); ++i) {
      PositionBin& sum = bin_of(all, i * kPositions);
      sum.words += bins[i].words;
      add(sum.told, bins[i].told);
      add(sum.own, bins[i].own);
    }
  return all;
}

std::string position_table(const std::vector<PositionBin>& bins) {
  std::string text = fmt::format("{:>10} {:>8} {:>16} {:>16} {:>12} {:>12}\n", "position", "words", "right after",
                                 "right after", "perplexity", "perplexity");
  text += fmt::format("{:>10} {:>8} {:>16} {:>16} {:>12} {:>12}\n", "", "", "right words, %", "its own, %", "told",
                      "own");
  for (const PositionBin& bin : bins)
    text += fmt::format("{:>10} {:>8} {:>16.1f} {:>16.1f} {:>12.2f} {:>12.4g}\n",
                        fmt::format("{}-{}", bin.from, bin.from + kPositions - 1), bin.words,
                        accuracy(bin.told, bin.words), accuracy(bin.own, bin.words), perplexity(bin.told, bin.words),
                        perplexity(bin.own, bin.words));
  return text;
}

nlohmann::json position_json(const std::vector<PositionBin>& bins) {
  nlohmann::json rows = nlohmann::json::array();
  for (const PositionBin& bin : bins)
    rows.push_back({{"from", bin.from},
                    {"to", bin.from + kPositions - 1},
                    {"middle", static_cast<double>(bin.from) + 0.5 * (kPositions - 1)},
                    {"words", bin.words},
                    {"told_accuracy", accuracy(bin.told, bin.words)},
                    {"own_accuracy", accuracy(bin.own, bin.words)},
                    {"told_perplexity", perplexity(bin.told, bin.words)},
                    {"own_perplexity", perplexity(bin.own, bin.words)}});
  return rows;
}

}  // namespace heed::translate
