#include "examples/support/training/batches.h"

#include "autograd/base/error.h"
#include "examples/support/text/splitmix.h"
#include "examples/support/text/vocabulary.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>

namespace heed::support {

namespace {

// The corpus as batches are made from it; without targets every target has length 0.
struct Pairs {
  const std::vector<Ids>& sources;
  const std::vector<Ids>& targets;

  int64_t source_length(size_t i) const { return static_cast<int64_t>(sources[i].size()); }
  int64_t target_length(size_t i) const { return targets.empty() ? 0 : static_cast<int64_t>(targets[i].size()); }
  int64_t longer(size_t i) const { return std::max(source_length(i), target_length(i)); }

  // Longest first: falling target length, falling source length, rising index.
  void sort(std::span<size_t> index) const {
    std::sort(index.begin(), index.end(), [this](size_t a, size_t b) {
      return std::tuple(-target_length(a), -source_length(a), a) <
             std::tuple(-target_length(b), -source_length(b), b);
    });
  }
};

void check(const Pairs& pairs, const BatchOptions& options) {
  if (!pairs.targets.empty() && pairs.sources.size() != pairs.targets.size()) {
    throw Error("batches: {} source sentences, but {} target sentences", pairs.sources.size(), pairs.targets.size());
  }
  if (options.batch_size < 1 || options.pool < 0 || options.max_length < 0) {
    throw Error("batches: batch size {} must be at least 1, pool {} and max length {} at least 0", options.batch_size,
                options.pool, options.max_length);
  }
}

// Cuts sorted sentences into batches that respect options.batch_size; a sentence that exceeds it alone is a
// batch.
void cut(const Pairs& pairs, std::span<const size_t> sorted, const BatchOptions& options,
         std::vector<PairBatch>& batches) {
  std::vector<size_t> index;
  int64_t steps = 0;
  for (const size_t i : sorted) {
    const int64_t steps_with = std::max(steps, pairs.longer(i) + 1);
    const int64_t size_with = static_cast<int64_t>(index.size()) + 1;
    const int64_t cost = options.by_tokens ? steps_with * size_with : size_with;
    if (cost > options.batch_size && !index.empty()) {
      batches.push_back(make_batch(pairs.sources, pairs.targets, std::move(index)));
      index.clear();
      steps = 0;
    }
    index.push_back(i);
    steps = std::max(steps, pairs.longer(i) + 1);
  }
  if (!index.empty()) batches.push_back(make_batch(pairs.sources, pairs.targets, std::move(index)));
}

// How many of these sentences, from the first on, make one pool.
size_t pool_size(const Pairs& pairs, std::span<const size_t> index, const BatchOptions& options) {
  int64_t cost = 0;
  size_t count = 0;
  while (count < index.size() && (options.pool == 0 || cost < options.pool * options.batch_size)) {
    cost += options.by_tokens ? pairs.longer(index[count]) + 1 : 1;
    ++count;
  }
  return count;
}

// Sentences as columns of `steps` rows, each with `before` in front and `after` behind where these are not
// <pad>.
Ids columns(const std::vector<Ids>& sentences, const std::vector<size_t>& index, int64_t steps, int64_t before,
            int64_t after) {
  const size_t size = index.size();
  Ids table(static_cast<size_t>(steps) * size, Vocabulary::pad);
  for (size_t column = 0; column < size; ++column) {
    size_t at = column;
    const auto put = [&](int64_t id) {
      table[at] = id;
      at += size;
    };
    if (before != Vocabulary::pad) put(before);
    for (const int64_t id : sentences[index[column]]) put(id);
    if (after != Vocabulary::pad) put(after);
  }
  return table;
}

}  // namespace

PairBatch make_batch(const std::vector<Ids>& sources, const std::vector<Ids>& targets, std::vector<size_t> index) {
  const Pairs pairs{sources, targets};
  pairs.sort(index);
  PairBatch batch;
  batch.size = static_cast<int64_t>(index.size());
  for (const size_t i : index) {
    batch.source_lengths.push_back(pairs.source_length(i) + 1);
    batch.source_steps = std::max(batch.source_steps, batch.source_lengths.back());
    if (targets.empty()) continue;
    batch.target_lengths.push_back(pairs.target_length(i) + 1);
    batch.target_steps = std::max(batch.target_steps, batch.target_lengths.back());
    batch.target_tokens += batch.target_lengths.back();
  }
  batch.source = columns(sources, index, batch.source_steps, Vocabulary::pad, Vocabulary::end);
  if (!targets.empty()) {
    batch.target_in = columns(targets, index, batch.target_steps, Vocabulary::start, Vocabulary::pad);
    batch.target_out = columns(targets, index, batch.target_steps, Vocabulary::pad, Vocabulary::end);
  }
  batch.index = std::move(index);
  return batch;
}

std::string long_sentences_note(const std::vector<size_t>& words, const BatchOptions& options,
                                const std::function<std::string(size_t)>& name) {
  constexpr size_t long_sentence = 1000;
  int64_t count = 0;
  size_t longest = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] <= long_sentence) continue;
    if (options.max_length > 0 && words[i] > static_cast<size_t>(options.max_length)) continue;
    if (count++ == 0 || words[i] > words[longest]) longest = i;
  }
  if (count == 0) return "";
  return fmt::format(
      "{} has {} words ({} of {} have more than {}): such steps are slow and take much memory; --max-length "
      "100, for "
      "instance, leaves them out",
      name(longest), words[longest], count, words.size(), long_sentence);
}

Batches make_batches(const std::vector<Ids>& sources, const std::vector<Ids>& targets, const BatchOptions& options,
                     uint64_t seed, uint64_t epoch) {
  const Pairs pairs{sources, targets};
  check(pairs, options);
  if (sources.size() != targets.size()) throw Error("batches: there are no target sentences to learn from");
  std::vector<size_t> index;
  for (size_t i = 0; i < sources.size(); ++i) {
    if (options.max_length == 0 || pairs.longer(i) <= options.max_length) index.push_back(i);
  }
  if (index.empty()) {
    throw Error("batches: none of {} sentence pairs is left with at most {} words on each side; raise the limit",
                sources.size(), options.max_length);
  }
  Batches result;
  result.dropped = static_cast<int64_t>(sources.size() - index.size());
  SplitMix random(mix_bits(seed) + epoch);
  random.shuffle(index);
  for (std::span<size_t> rest(index); !rest.empty();) {
    const std::span<size_t> pool = rest.first(pool_size(pairs, rest, options));
    pairs.sort(pool);
    cut(pairs, pool, options, result.batches);
    rest = rest.subspan(pool.size());
  }
  random.shuffle(result.batches);
  return result;
}

std::vector<PairBatch> make_evaluation_batches(const std::vector<Ids>& sources, const std::vector<Ids>& targets,
                                               const BatchOptions& options) {
  const Pairs pairs{sources, targets};
  check(pairs, options);
  std::vector<size_t> index(sources.size());
  std::iota(index.begin(), index.end(), size_t{0});
  pairs.sort(index);
  std::vector<PairBatch> batches;
  cut(pairs, index, options, batches);
  return batches;
}

}  // namespace heed::support
