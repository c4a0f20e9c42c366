#include "examples/caption/evaluation/measures.h"

#include <algorithm>
#include <cmath>

#include "examples/support/measures/cider.h"
#include "examples/support/measures/meteor.h"
#include "examples/support/measures/rouge.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/ranks/deal_out.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

TeacherForced measure_batch(const Captioners& models, const CaptionBatch& batch, const Pictures& pictures,
                            Reading reading, Rng random) {
  TeacherForced sums;
  const Tensor seen = pictures.at(batch.pictures);
  std::vector<Tensor> log_ps, alphas;
  for (const Captioner* model : models.all()) {
    Rng own = alphas.empty() ? random : random.split(alphas.size());
    const auto [log_p, alpha] = model->score(batch, seen, reading, &own);
    log_ps.push_back(log_p);
    alphas.push_back(alpha);
  }
  const Tensor log_p = support::mean_of_probabilities(log_ps), alpha = support::mean_of_weights(alphas);
  for (const double p : log_p.to_vector()) sums.log_probability += p;
  sums.words = log_p.numel();
  if (!alpha) return sums;
  const auto locations = alpha.size(1);
  dispatch_float(alpha.dtype(), "measure", [&]<class T>(T) {
    for (int64_t n = 0; n < sums.words; ++n) {
      double largest = 0;
      for (int64_t i = 0; i < locations; ++i) {
        const double a = static_cast<double>(alpha.data<T>()[n * locations + i]);
        if (a > 0) sums.entropy -= a * std::log(a);
        largest = std::max(largest, a);
      }
      sums.largest += largest;
    }
  });
  return sums;
}

double mean(double sum, int64_t count) { return count ? sum / static_cast<double>(count) : 0; }

}  // namespace

double TeacherForced::perplexity() const { return std::exp(-mean(log_probability, words)); }
double TeacherForced::mean_entropy() const { return mean(entropy, words); }
double TeacherForced::mean_largest() const { return mean(largest, words); }

TeacherForced teacher_forced(const Captioners& models, const CaptionIds& captions, const Pictures& pictures,
                             Reading reading, ThreadPool& pool) {
  support::BatchOptions options;
  options.batch_size = 32;
  const std::vector<support::Ids> nothing(captions.words.size());
  const auto batches = support::make_evaluation_batches(nothing, captions.words, options);
  std::vector<TeacherForced> sums(batches.size());
  const auto measure = [&](int64_t k) {
    support::stop_if_interrupted();
    const auto i = static_cast<size_t>(k);
    sums[i] = measure_batch(models, pack_captions(batches[i], captions.picture), pictures, reading,
                            Rng(1).split(static_cast<uint64_t>(k)));
  };
  support::deal_out(pool, static_cast<int64_t>(batches.size()), measure,
                    [&](int64_t k, auto& visit) { visit(sums[static_cast<size_t>(k)]); });
  TeacherForced total;
  for (const TeacherForced& part : sums) {
    total.log_probability += part.log_probability;
    total.entropy += part.entropy;
    total.largest += part.largest;
    total.words += part.words;
  }
  return total;
}

support::Bleu bleu(const std::vector<Caption>& captions, const CaptionSet& set) {
  std::vector<std::string> hypotheses;
  for (const Caption& caption : captions) hypotheses.push_back(caption.text);
  return support::corpus_bleu(hypotheses, set.references);
}

CaptionScores score_captions(const std::vector<std::string>& captions,
                             const std::vector<std::vector<std::string>>& references) {
  CaptionScores scores;
  const support::Bleu bleu = support::corpus_bleu(captions, references);
  for (int n = 1; n <= 4; ++n) scores.bleu[static_cast<size_t>(n - 1)] = 100 * bleu.score(n);
  scores.meteor = 100 * support::corpus_meteor(captions, references).score();
  scores.rouge_l = 100 * support::corpus_rouge_l(captions, references);
  scores.cider_d = support::corpus_cider_d(captions, references);
  scores.chrf = 100 * support::corpus_chrf(captions, references).score();
  return scores;
}

support::JudgedSentences judge_captions(const std::vector<std::string>& captions,
                                        const std::vector<std::vector<std::string>>& references) {
  support::JudgedSentences judged;
  for (size_t i = 0; i < captions.size(); ++i) {
    int64_t words = 0;
    for (const std::string& reference : references[i])
      words += static_cast<int64_t>(support::split_words(reference).size());
    const auto count = static_cast<int64_t>(references[i].size());
    judged.add((2 * words + count) / (2 * count), captions[i], references[i]);
  }
  return judged;
}

Pointing pointing_of(const std::vector<Caption>& captions, const std::string& split, int64_t side) {
  Pointing sum;
  const SceneSplit scenes = scene_split(split);
  for (size_t i = 0; i < captions.size(); ++i) {
    const Scene scene = draw_scene(scenes.seed, static_cast<int64_t>(i));
    add_pointing(sum, scene, captions[i].words, captions[i].alpha, side);
  }
  return sum;
}

}  // namespace heed::caption
