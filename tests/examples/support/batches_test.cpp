#include "examples/support/training/batches.h"

#include "autograd/base/error.h"
#include "examples/support/text/splitmix.h"
#include "tests/catch.hpp"

#include <algorithm>
#include <set>

using namespace heed::support;

namespace {

struct Sentences {
  std::vector<Ids> sources, targets;
};

// Sentence i starts with the word 100 + i, so that it can be recognised.
Sentences random_sentences(size_t count, uint64_t seed) {
  SplitMix random(seed);
  Sentences sentences;
  for (size_t i = 0; i < count; ++i) {
    sentences.sources.emplace_back(static_cast<size_t>(1 + random.below(20)), static_cast<int64_t>(100 + i));
    sentences.targets.emplace_back(static_cast<size_t>(1 + random.below(20)), static_cast<int64_t>(100 + i));
  }
  return sentences;
}

// Everything that the header promises about one batch.
void check_batch(const PairBatch& batch, const Sentences& sentences) {
  const size_t size = static_cast<size_t>(batch.size);
  REQUIRE(batch.index.size() == size);
  REQUIRE(batch.source.size() == size * static_cast<size_t>(batch.source_steps));
  REQUIRE(batch.target_in.size() == size * static_cast<size_t>(batch.target_steps));
  REQUIRE(batch.target_out.size() == batch.target_in.size());
  int64_t tokens = 0;
  for (size_t column = 0; column < size; ++column) {
    const auto read = [&](const Ids& table) {
      Ids ids;
      for (size_t at = column; at < table.size(); at += size) ids.push_back(table[at]);
      while (!ids.empty() && ids.back() == 0) ids.pop_back();
      return ids;
    };
    Ids source = sentences.sources[batch.index[column]];
    Ids input = sentences.targets[batch.index[column]];
    Ids output = input;
    source.push_back(2);
    input.insert(input.begin(), 1);
    output.push_back(2);
    CHECK(read(batch.source) == source);
    CHECK(read(batch.target_in) == input);
    CHECK(read(batch.target_out) == output);
    CHECK(batch.source_lengths[column] == static_cast<int64_t>(source.size()));
    CHECK(batch.target_lengths[column] == static_cast<int64_t>(output.size()));
    tokens += batch.target_lengths[column];
  }
  CHECK(batch.target_tokens == tokens);
  CHECK(batch.target_steps == batch.target_lengths.front());
  CHECK(batch.source_steps == *std::max_element(batch.source_lengths.begin(), batch.source_lengths.end()));
  CHECK(std::is_sorted(batch.target_lengths.rbegin(), batch.target_lengths.rend()));
}

std::vector<size_t> all_indices(const std::vector<PairBatch>& batches) {
  std::vector<size_t> index;
  for (const PairBatch& batch : batches) index.insert(index.end(), batch.index.begin(), batch.index.end());
  return index;
}

}  // namespace

TEST_CASE("a batch is time-major, padded with zeros, longest target first") {
  const std::vector<Ids> sources = {{10}, {11, 12, 13}, {14, 15}};
  const std::vector<Ids> targets = {{20}, {21, 22}, {}};
  const PairBatch batch = make_batch(sources, targets, {0, 1, 2});
  CHECK(batch.index == std::vector<size_t>{1, 0, 2});
  CHECK(batch.source == Ids{11, 10, 14, 12, 2, 15, 13, 0, 2, 2, 0, 0});
  CHECK(batch.source_lengths == Ids{4, 2, 3});
  CHECK(batch.target_in == Ids{1, 1, 1, 21, 20, 0, 22, 0, 0});
  CHECK(batch.target_out == Ids{21, 20, 2, 22, 2, 0, 2, 0, 0});
  CHECK(batch.target_lengths == Ids{3, 2, 1});
  CHECK(batch.target_tokens == 6);
}

TEST_CASE("equal target lengths are ordered by source length, then by number") {
  const std::vector<Ids> sources = {{5}, {5, 5}, {5}, {5, 5, 5}};
  const std::vector<Ids> targets = {{6}, {6}, {6}, {6}};
  CHECK(make_batch(sources, targets, {2, 0, 1, 3}).index == std::vector<size_t>{3, 1, 0, 2});
}

TEST_CASE("an epoch holds every pair once, in batches of the size asked for") {
  const Sentences sentences = random_sentences(203, 1);
  const auto by_tokens = GENERATE(false, true);
  const BatchOptions options{by_tokens ? 100 : 8, by_tokens, 3, 0};
  const Batches epoch = make_batches(sentences.sources, sentences.targets, options, 1, 0);
  CHECK(epoch.dropped == 0);
  std::vector<size_t> index = all_indices(epoch.batches);
  std::sort(index.begin(), index.end());
  REQUIRE(index.size() == 203);
  for (size_t i = 0; i < index.size(); ++i) REQUIRE(index[i] == i);
  for (const PairBatch& batch : epoch.batches) {
    check_batch(batch, sentences);
    const int64_t cost = by_tokens ? std::max(batch.source_steps, batch.target_steps) * batch.size : batch.size;
    CHECK((cost <= options.batch_size || batch.size == 1));
  }
}

TEST_CASE("batches are a function of seed and epoch") {
  const Sentences sentences = random_sentences(100, 2);
  const auto order = [&](uint64_t seed, uint64_t epoch) {
    return all_indices(make_batches(sentences.sources, sentences.targets, {8, false, 4, 0}, seed, epoch).batches);
  };
  CHECK(order(1, 0) == order(1, 0));
  CHECK(order(1, 0) != order(1, 1));
  CHECK(order(1, 0) != order(2, 0));
  CHECK(order(1, 1) != order(2, 0));
}

TEST_CASE("sorting pools saves padding") {
  const Sentences sentences = random_sentences(1000, 3);
  const auto padded = [&](int64_t pool) {
    int64_t cells = 0;
    const BatchOptions options{20, false, pool, 0};
    for (const PairBatch& batch : make_batches(sentences.sources, sentences.targets, options, 1, 0).batches) {
      cells += batch.target_steps * batch.size;
    }
    return cells;
  };
  int64_t tokens = 0;
  for (const Ids& target : sentences.targets) tokens += static_cast<int64_t>(target.size()) + 1;
  CHECK(padded(1) > tokens * 16 / 10);
  CHECK(padded(20) < tokens * 11 / 10);
  CHECK(padded(0) < padded(20));
}

TEST_CASE("long pairs are dropped from training and counted, but evaluated") {
  const Sentences sentences = random_sentences(100, 4);
  const BatchOptions options{8, false, 4, 10};
  const Batches epoch = make_batches(sentences.sources, sentences.targets, options, 1, 0);
  CHECK(epoch.dropped > 0);
  CHECK(epoch.dropped + static_cast<int64_t>(all_indices(epoch.batches).size()) == 100);
  for (const PairBatch& batch : epoch.batches) {
    CHECK(batch.source_steps <= 11);
    CHECK(batch.target_steps <= 11);
  }
  const auto evaluation = make_evaluation_batches(sentences.sources, sentences.targets, options);
  const auto index = all_indices(evaluation);
  CHECK(std::set<size_t>(index.begin(), index.end()).size() == 100);
  for (size_t i = 0; i + 1 < evaluation.size(); ++i) {
    check_batch(evaluation[i], sentences);
    CHECK(evaluation[i].target_lengths.back() >= evaluation[i + 1].target_lengths.front());
  }
}

TEST_CASE("sources alone make batches to translate") {
  const Sentences sentences = random_sentences(10, 5);
  const auto batches = make_evaluation_batches(sentences.sources, {}, {4, false, 0, 0});
  REQUIRE(batches.size() == 3);
  CHECK(std::is_sorted(batches[0].source_lengths.rbegin(), batches[0].source_lengths.rend()));
  CHECK(batches[0].target_out.empty());
  CHECK(batches[0].target_tokens == 0);
}

TEST_CASE("batches refuse what makes no sense") {
  const Sentences sentences = random_sentences(4, 6);
  CHECK_THROWS_AS(make_batches(sentences.sources, {{1}}, {}, 1, 0), heed::Error);
  CHECK_THROWS_AS(make_batches(sentences.sources, {}, {}, 1, 0), heed::Error);
  CHECK_THROWS_AS(make_batches({}, {}, {}, 1, 0), heed::Error);
  CHECK_THROWS_AS(make_batches(sentences.sources, sentences.targets, {0, false, 20, 0}, 1, 0), heed::Error);
  CHECK_THROWS_WITH(make_batches({{7, 7}}, {{7}}, {80, false, 20, 1}, 1, 0),
                    Catch::Matchers::ContainsSubstring("none of 1 sentence pairs"));
}
