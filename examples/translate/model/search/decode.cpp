#include "examples/translate/model/search/decode.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "autograd/base/immutable.h"
#include "examples/support/process/memory_left.h"
#include "examples/support/ranks/deal_out.h"

namespace heed::translate {
namespace {

using support::Vocabulary;
using Ids = std::vector<int64_t>;

struct Written {
  Ids words;
  std::vector<std::vector<float>> alpha;  // without options.weights: of each word the place where it looked most
  double log_probability = 0, score = 0;

  void parts(auto& visit) {
    visit(words);
    visit(alpha);
    visit(log_probability);
    visit(score);
  }
};
using AllWritten = std::vector<std::vector<Written>>;  // of each sentence the best first, if it has words at all

[[noreturn]] void not_a_number() {
  throw Error(
      "translate: the model gives every word the probability NaN, its training has diverged; lower --lr, or "
      "see "
      "with --check-finite where it begins");
}

// Only the place where a word looked most, unless all weights are wanted: it is what replace_unknown needs.
Looks looks_of(const DecodeOptions& options) { return options.weights ? Looks::weights : Looks::places; }

// The words that may be written about these sentences, if not all may.
class Writable {
 public:
  Writable(const DecodeOptions& options, const std::vector<const Ids*>& sources) {
    if (options.shortlist) words_ = options.shortlist->words_for(sources);
  }
  const Ids* words() const { return words_.empty() ? nullptr : &words_; }
  // Places in the list become words.
  Ids written(Ids places) const {
    if (!words_.empty())
      for (int64_t& word : places) word = words_[static_cast<size_t>(word)];
    return places;
  }

 private:
  Ids words_;
};

support::BeamOptions beam_options(const DecodeOptions& options) {
  support::BeamOptions beam;
  beam.width = options.beam;
  beam.length_penalty = options.length_penalty;
  beam.prune = options.prune;
  beam.forbidden = {Vocabulary::pad, Vocabulary::start};
  if (options.forbid_unknown) beam.forbidden.push_back(Vocabulary::unknown);
  return beam;
}

std::vector<std::vector<support::Hypothesis>> search(support::StepModel& model, const Ids& longest,
                                                     const DecodeOptions& options) {
  if (options.beam > 1) return support::beam_search(model, longest, beam_options(options));
  std::vector<std::vector<support::Hypothesis>> found;
  for (support::Hypothesis& one : support::greedy_search(model, longest, beam_options(options)))
    found.push_back({std::move(one)});
  return found;
}

// Some sentences, side by side.
void write_group(const Models& models, const std::vector<Ids>& sources, const std::vector<size_t>& which,
                 AllWritten& results, const DecodeOptions& options) {
  const support::PairBatch pairs = support::make_batch(sources, {}, which);
  std::vector<const Ids*> together;
  Ids longest;
  for (const size_t i : which) together.push_back(&sources[i]);
  for (const size_t i : pairs.index) longest.push_back(longest_translation(sources[i].size()));
  const Writable writable(options, together);
  const auto model = make_search(models, pack_batch(pairs), {options.reading, writable.words()}, looks_of(options));
  auto found = search(*model, longest, options);
  for (size_t r = 0; r < found.size(); ++r) {
    if (found[r].empty() || std::isnan(found[r][0].log_probability)) not_a_number();
    found[r].resize(std::min(found[r].size(), static_cast<size_t>(options.best)));
    for (support::Hypothesis& each : found[r]) {
      if (options.weights)
        for (auto& alpha : each.alpha) alpha.resize(static_cast<size_t>(pairs.source_lengths[r]));
      results[pairs.index[r]].push_back(
          {writable.written(std::move(each.words)), std::move(each.alpha), each.log_probability, each.score});
    }
  }
}

// What `rows` hypotheses about sentences of up to `words` words take: their annotations, and the weights of
// every step, once as the search goes and once in its results. In bytes.
double search_bytes(const ModelSettings& m, size_t rows, size_t words, bool weights) {
  const auto source = static_cast<double>(words + 1);
  // Latent attention keeps what each place adds to the score of each word.
  const double of_places = (m.attention == AttentionKind::latent ? static_cast<double>(m.target_words) : 0) +
                           (m.posterior_feeding ? static_cast<double>(m.annotation()) : 0);
  const double each = of_places + static_cast<double>(4 * m.encoder_hidden + 3 * m.alignment) +
                      (weights ? 2 * static_cast<double>(longest_translation(words)) : 0);
  return sizeof(float) * static_cast<double>(rows) * source * each;
}

double search_bytes(const Models& models, size_t rows, size_t words, bool weights) {
  double sum = 0;
  for (const Translator* model : models.all()) sum += search_bytes(model->settings, rows, words, weights);
  return sum;
}

// `needs` of pieces of work, of which as many run at the same time as there are threads.
void require_memory(std::vector<double> needs, size_t longest, int threads) {
  std::sort(needs.begin(), needs.end(), std::greater<>());
  needs.resize(std::min(needs.size(), static_cast<size_t>(threads)));
  const double need = std::accumulate(needs.begin(), needs.end(), 0.0);
  const auto left = static_cast<double>(support::memory_left());
  if (need > left)
    throw Error(
        "translate: lines of up to {} words take up to {:.0f} MB to be searched, and there are {:.0f} MB; "
        "split the "
        "longest, or take a smaller --beam or fewer --threads",
        longest, need / 1e6, left / 1e6);
}

size_t longest_of(const std::vector<Ids>& sources) {
  size_t longest = 0;
  for (const Ids& source : sources) longest = std::max(longest, source.size());
  return longest;
}

// The longest first, so many at once that a product has enough rows: numbers are read from memory once for all of them.
std::vector<std::vector<size_t>> groups_of(const std::vector<Ids>& sources, int64_t beam) {
  constexpr int64_t rows = 64;
  const auto sentences = static_cast<size_t>(std::max<int64_t>(rows / beam, 1));
  std::vector<size_t> order;
  for (size_t i = 0; i < sources.size(); ++i)
    if (!sources[i].empty()) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return sources[a].size() > sources[b].size(); });
  std::vector<std::vector<size_t>> groups((order.size() + sentences - 1) / sentences);
  for (size_t i = 0; i < order.size(); ++i) groups[i / sentences].push_back(order[i]);
  return groups;
}

AllWritten write_all(const Models& models, const std::vector<Ids>& sources, const DecodeOptions& options,
                     ThreadPool& pool) {
  AllWritten results(sources.size());
  Immutable weights;  // no parameter changes while this writes
  const std::vector<std::vector<size_t>> groups = groups_of(sources, options.beam);
  std::vector<double> needs;
  for (const std::vector<size_t>& group : groups)
    needs.push_back(search_bytes(models, group.size() * static_cast<size_t>(options.beam), sources[group[0]].size(),
                                 options.weights));
  require_memory(std::move(needs), longest_of(sources), pool.threads());
  const auto write = [&](int64_t k) {
    const Immutable::Scope scope(weights);
    const ProductPrecision products(choose(answer_precisions, "precision", options.precision).make);
    write_group(models, sources, groups[static_cast<size_t>(k)], results, options);
  };
  support::deal_out(pool, static_cast<int64_t>(groups.size()), write, [&](int64_t k, auto& visit) {
    for (const size_t i : groups[static_cast<size_t>(k)]) visit(results[i]);
  });
  return results;
}

// <unk> becomes the source word with the largest weight (Luong et al. 4.1; a copy, no
// dictionary).
void replace_unknown(Translation& t, const std::vector<std::vector<float>>& alpha, bool weights) {
  for (size_t i = 0; i < t.tokens.size(); ++i) {
    if (!t.replaced[i] || alpha.empty() || t.source_tokens.empty()) continue;
    const auto& row = alpha[i];
    const auto end = row.begin() + static_cast<int64_t>(std::min(row.size(), t.source_tokens.size()));
    t.tokens[i] = t.source_tokens[weights ? static_cast<size_t>(std::max_element(row.begin(), end) - row.begin())
                                          : static_cast<size_t>(row[0])];
  }
}

Translation read(Written written, const std::string& line, const TextModel& text, const DecodeOptions& options) {
  Translation t;
  t.source_tokens = text.tokens(line);
  t.log_probability = written.log_probability;
  t.score = written.score;
  for (const int64_t id : written.words) {
    t.tokens.push_back(text.target.word(id));
    t.replaced.push_back(id == Vocabulary::unknown);
  }
  if (options.replace_unknown) replace_unknown(t, written.alpha, options.weights);
  if (options.weights) t.alpha = std::move(written.alpha);
  t.text = text.join(t.tokens);
  return t;
}

}  // namespace

std::vector<std::vector<Translation>> best_translations(const Models& models, const TextModel& text,
                                                        const std::vector<std::string>& lines,
                                                        const DecodeOptions& options, ThreadPool& pool) {
  const std::vector<Ids> sources = text.encode_source(lines);
  AllWritten written = write_all(models, sources, options, pool);
  std::vector<std::vector<Translation>> results(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    if (written[i].empty()) written[i].emplace_back();  // a line without words
    for (Written& each : written[i]) results[i].push_back(read(std::move(each), lines[i], text, options));
  }
  return results;
}

std::vector<Translation> translate(const Models& models, const TextModel& text, const std::vector<std::string>& lines,
                                   const DecodeOptions& options, ThreadPool& pool) {
  DecodeOptions one = options;
  one.best = 1;
  std::vector<Translation> results;
  for (std::vector<Translation>& of_line : best_translations(models, text, lines, one, pool))
    results.push_back(std::move(of_line.front()));
  return results;
}

}  // namespace heed::translate
