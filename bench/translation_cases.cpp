// RNNsearch (examples/translate): a training step, and translating with a beam and greedily.
#include <numeric>

#include "autograd/base/immutable.h"
#include "autograd/ops/extrema.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "bench/measure.h"
#include "bench/rnnsearch.h"
#include "examples/support/text/beam_search.h"

namespace heed::bench {
namespace {

using translate::Batch;
using translate::Translator;

constexpr int64_t kDecodeSteps = 20;

struct Training {
  Translator model;
  double scale;  // of the sum of losses: 1 / words
  std::vector<Batch> shards;
  std::unique_ptr<Trainer> trainer;

  using Make = Translator (*)(const TranslationSize&, Rng&);
  Training(const TranslationSize& size, const Options& options, Rng rng, Make make) : model(make(size, rng)) {
    const support::PairBatch batch = make_pairs(size, true, rng);
    scale = 1.0 / static_cast<double>(batch.target_tokens);
    for (int shard = 0; shard < options.threads; ++shard)
      shards.push_back(translate::pack_batch(batch, shard, options.threads));
    trainer = std::make_unique<Trainer>(options, Parameters(model));
  }
  double step() {
    return trainer->step([&](int shard) { return model.loss(shards[static_cast<size_t>(shard)]) * scale; });
  }
};

Case training(const TranslationSize& size, const Options& options, Training::Make make = make_translator) {
  const auto work = std::make_shared<Training>(size, options, Rng(1), make);
  Case result;
  result.unit = "tokens/s";  // target words, without padding
  result.items = 1 / work->scale;
  result.step = [=] { return work->step(); };
  return result;
}

double beam_search(const Translator& model, const Batch& sentence, int64_t beam) {
  translate::Prepared prepared = model.prepare(sentence);
  prepared.encoded = prepared.encoded.select(std::vector<int64_t>(static_cast<size_t>(beam), 0));
  translate::DecoderState state{prepared.encoded.start, {}};
  std::vector<int64_t> words{1};
  std::vector<double> scores{0};
  std::vector<std::vector<support::Candidate>> steps;
  for (int64_t t = 0; t < kDecodeSteps; ++t) {
    const translate::DecoderStep step = model.step(prepared, state, Tensor::from(words));
    steps.push_back(support::best_words(step.logits, scores, beam));
    std::vector<int64_t> from;
    words.clear();
    scores.clear();
    for (const support::Candidate& best : steps.back()) {
      from.push_back(best.row);
      words.push_back(best.word);
      scores.push_back(best.log_probability);
    }
    const Tensor index = Tensor::from(from);
    state = {{index_select(step.next.state.h, 0, index), {}}, index_select(step.next.carried, 0, index)};
  }
  std::vector<int64_t> translation(steps.size());
  size_t hypothesis = 0;
  for (size_t t = steps.size(); t-- > 0;) {
    translation[t] = steps[t][hypothesis].word;
    hypothesis = static_cast<size_t>(steps[t][hypothesis].row);
  }
  return scores[0];
}

Case beam_case(int64_t beam) {
  Rng rng(1);
  const auto model = std::make_shared<Translator>(make_translator(kSmall, rng));
  TranslationSize one = kSmall;
  one.batch = 1;
  const Batch sentence = translate::pack_batch(make_pairs(one, false, rng));
  const auto weights = std::make_shared<Immutable>();
  Case result;
  result.unit = "sentences/s";
  result.step = [=] {
    const Immutable::Scope scope(*weights);
    return beam_search(*model, sentence, beam);
  };
  return result;
}

int64_t greedy_search(const Translator& model, const Batch& batch) {
  translate::Prepared prepared = model.prepare(batch);
  translate::DecoderState state{prepared.encoded.start, {}};
  Tensor words = Tensor::from(std::vector<int64_t>(static_cast<size_t>(batch.size()), 1));
  for (int64_t t = 0; t < kDecodeSteps; ++t) {
    const translate::DecoderStep step = model.step(prepared, state, words);
    words = argmax(step.logits, 1);
    state = step.next;
  }
  const std::vector<int64_t> last = words.to_ids();
  return std::accumulate(last.begin(), last.end(), int64_t{0});
}

// With several threads each translates its share of the sentences.
Case greedy_case(const Options& options) {
  Rng rng(1);
  const auto model = std::make_shared<Translator>(make_translator(kSmall, rng));
  const auto pool = std::make_shared<ThreadPool>(options.threads);
  const auto weights = std::make_shared<Immutable>();
  const support::PairBatch all = make_pairs(kSmall, false, rng);
  std::vector<Batch> shares;
  for (int share = 0; share < options.threads; ++share)
    shares.push_back(translate::pack_batch(all, share, options.threads));
  Case result;
  result.unit = "sentences/s";
  result.items = static_cast<double>(all.size);
  result.step = [=] {
    std::vector<int64_t> sums(shares.size());
    pool->run(static_cast<int64_t>(shares.size()), [&](int64_t share) {
      const Immutable::Scope scope(*weights);
      sums[static_cast<size_t>(share)] = greedy_search(*model, shares[static_cast<size_t>(share)]);
    });
    return static_cast<double>(std::accumulate(sums.begin(), sums.end(), int64_t{0}));
  };
  return result;
}

}  // namespace

void add_translation_cases(std::vector<Entry>& to) {
  to.push_back({"rnnsearch_small", true, [](const Options& options) { return training(kSmall, options); }});
  to.push_back(
      {"rnnsearch_latent", true, [](const Options& options) { return training(kSmall, options, make_latent); }});
  to.push_back({"rnnsearch_posterior", true,
                [](const Options& options) { return training(kSmall, options, make_posterior); }});
  to.push_back({"luong_small", true, [](const Options& options) { return training(kSmall, options, make_luong); }});
  to.push_back({"beam12", false, [](const Options&) { return beam_case(12); }});
  to.push_back({"greedy64", false, [](const Options& options) { return greedy_case(options); }});
  to.push_back({"rnnsearch_paper", true, [](const Options& options) { return training(kPaper, options); }});
}

}  // namespace heed::bench
