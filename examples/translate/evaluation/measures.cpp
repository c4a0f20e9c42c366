#include "examples/translate/evaluation/measures.h"

#include <cmath>

#include "examples/support/process/interrupt.h"
#include "examples/support/ranks/deal_out.h"

namespace heed::translate {

double Perplexity::value() const { return tokens ? std::exp(-log_probability / static_cast<double>(tokens)) : 0; }

Perplexity perplexity(const Models& models, const std::vector<std::vector<int64_t>>& sources,
                      const std::vector<std::vector<int64_t>>& targets, support::Reading reading, ThreadPool& pool) {
  support::BatchOptions options;
  options.batch_size = 32;
  const auto batches = support::make_evaluation_batches(sources, targets, options);
  std::vector<double> sums(batches.size());
  const auto measure = [&](int64_t i) {
    support::stop_if_interrupted();
    const Batch batch = pack_batch(batches[static_cast<size_t>(i)]);
    std::vector<Tensor> log_p;
    for (const Translator* model : models.all()) log_p.push_back(model->score(batch, reading).first);
    for (const double p : support::mean_of_probabilities(log_p).to_vector()) sums[static_cast<size_t>(i)] += p;
  };
  support::deal_out(pool, static_cast<int64_t>(batches.size()), measure,
                    [&](int64_t i, auto& visit) { visit(sums[static_cast<size_t>(i)]); });
  Perplexity result;
  for (size_t i = 0; i < batches.size(); ++i) {
    result.log_probability += sums[i];
    result.tokens += batches[i].target_tokens;
  }
  return result;
}

support::Bleu bleu(const std::vector<Translation>& translations, const std::vector<std::string>& references) {
  std::vector<std::string> hypotheses;
  for (const Translation& t : translations) hypotheses.push_back(t.text);
  return support::corpus_bleu(hypotheses, references);
}

}  // namespace heed::translate
