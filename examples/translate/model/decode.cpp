#include "examples/translate/model/decode.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "autograd/base/immutable.h"
#include "autograd/ops/indexing.h"

namespace heed::translate {
namespace {

using support::Vocabulary;
using Ids = std::vector<int64_t>;

int64_t longest_translation(size_t source_words) { return static_cast<int64_t>(2 * source_words + 10); }

// One sentence and the hypotheses about it, or many sentences with one hypothesis each.
class Search : public support::StepModel {
 public:
  Search(const Translator& model, const Batch& batch) : model_(model), prepared_(model.prepare(batch)) {
    state_.state = prepared_.encoded.start;
  }
  Search(const Translator& model, const Batch& batch, int64_t width) : Search(model, batch) {
    prepared_.encoded = prepared_.encoded.repeated(width);
  }

  Tensor step(const Ids& words) override {
    DecoderStep next = model_.step(prepared_, state_, Tensor::from(words));
    state_ = next.next;
    alpha_ = next.alpha;
    return next.logits;
  }
  Tensor alpha() const override { return alpha_; }
  void select(const Ids& rows) override {
    const Tensor index = Tensor::from(rows);
    state_.state.h = index_select(state_.state.h, 0, index);
    if (state_.state.c) state_.state.c = index_select(state_.state.c, 0, index);
    if (state_.context) state_.context = index_select(state_.context, 0, index);
  }

 private:
  const Translator& model_;
  Prepared prepared_;
  DecoderState state_;
  Tensor alpha_;
};

struct Written {
  Ids words;
  std::vector<std::vector<float>> alpha;
  double log_probability = 0;
};

[[noreturn]] void not_a_number() {
  throw Error(
      "translate: the model gives every word the probability NaN, its training has diverged; lower --lr, or "
      "see "
      "with --check-finite where it begins");
}

Written search_one(const Translator& model, const Ids& source, const DecodeOptions& options) {
  Search search(model, pack_batch(support::make_batch({source}, {}, {0})), options.beam);
  support::BeamOptions beam;
  beam.width = options.beam;
  beam.length_penalty = options.length_penalty;
  beam.max_length = longest_translation(source.size());
  if (options.forbid_unknown) beam.forbidden = Vocabulary::unknown;
  std::vector<support::Hypothesis> found = support::beam_search(search, beam);
  if (found.empty()) not_a_number();
  support::Hypothesis& best = found[0];
  return {std::move(best.words), std::move(best.alpha), best.log_probability};
}

// Greedy: many sentences at once.
void greedy(const Translator& model, const std::vector<Ids>& sources, const std::vector<size_t>& which,
            std::vector<Written>& results, bool forbid_unknown) {
  const support::PairBatch pairs = support::make_batch(sources, {}, which);
  Search search(model, pack_batch(pairs));
  int64_t longest = 0;
  for (size_t i : which) longest = std::max(longest, longest_translation(sources[i].size()));
  support::BeamOptions options;
  if (forbid_unknown) options.forbidden = Vocabulary::unknown;
  auto found = support::greedy_search(search, Ids(pairs.index.size(), longest), options);
  for (size_t r = 0; r < found.size(); ++r) {
    if (std::isnan(found[r].log_probability)) not_a_number();
    for (auto& alpha : found[r].alpha) alpha.resize(static_cast<size_t>(pairs.source_lengths[r]));
    results[pairs.index[r]] = {std::move(found[r].words), std::move(found[r].alpha),
                               found[r].log_probability};
  }
}

std::vector<Written> write_all(const Translator& model, const std::vector<Ids>& sources,
                               const DecodeOptions& options, ThreadPool& pool) {
  std::vector<Written> results(sources.size());
  Immutable weights;  // no parameter changes while this writes
  if (options.beam > 1) {
    pool.run(static_cast<int64_t>(sources.size()), [&](int64_t i) {
      const Immutable::Scope scope(weights);
      const Ids& source = sources[static_cast<size_t>(i)];
      if (!source.empty()) results[static_cast<size_t>(i)] = search_one(model, source, options);
    });
    return results;
  }
  std::vector<size_t> order;
  for (size_t i = 0; i < sources.size(); ++i)
    if (!sources[i].empty()) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return sources[a].size() > sources[b].size(); });
  constexpr size_t rows = 32;
  pool.run(static_cast<int64_t>((order.size() + rows - 1) / rows), [&](int64_t k) {
    const Immutable::Scope scope(weights);
    const auto begin = order.begin() + k * static_cast<int64_t>(rows);
    const auto end = std::min(begin + rows, order.end());
    greedy(model, sources, {begin, end}, results, options.forbid_unknown);
  });
  return results;
}

// <unk> becomes the source word with the largest weight (Luong et al. 2015, section 4; a copy, no
// dictionary).
void replace_unknown(Translation& t) {
  for (size_t i = 0; i < t.tokens.size(); ++i) {
    if (!t.replaced[i] || t.alpha.empty() || t.source_tokens.empty()) continue;
    const auto& alpha = t.alpha[i];
    const auto end = alpha.begin() + static_cast<int64_t>(std::min(alpha.size(), t.source_tokens.size()));
    t.tokens[i] = t.source_tokens[static_cast<size_t>(std::max_element(alpha.begin(), end) - alpha.begin())];
  }
}

}  // namespace

std::vector<Translation> translate(const Translator& model, const TextModel& text,
                                   const std::vector<std::string>& lines, const DecodeOptions& options,
                                   ThreadPool& pool) {
  const std::vector<Ids> sources = text.encode_source(lines);
  std::vector<Written> written = write_all(model, sources, options, pool);
  std::vector<Translation> results(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    Translation& t = results[i];
    t.source_tokens = text.tokens(lines[i]);
    t.alpha = std::move(written[i].alpha);
    t.log_probability = written[i].log_probability;
    for (int64_t id : written[i].words) {
      t.tokens.push_back(text.target.word(id));
      t.replaced.push_back(id == Vocabulary::unknown);
    }
    if (options.replace_unknown) replace_unknown(t);
    t.text = text.join(t.tokens);
  }
  return results;
}

}  // namespace heed::translate
