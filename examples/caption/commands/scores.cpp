#include "examples/caption/commands/scores.h"

#include "examples/support/measures/bleu.h"
#include "examples/support/measures/cider.h"
#include "examples/support/measures/meteor.h"
#include "examples/support/measures/rouge.h"

namespace heed::caption {

CaptionScores score_captions(const std::vector<std::string>& captions,
                             const std::vector<std::vector<std::string>>& references) {
  CaptionScores scores;
  const support::Bleu bleu = support::corpus_bleu(captions, references);
  for (int n = 1; n <= 4; ++n) scores.bleu[static_cast<size_t>(n - 1)] = 100 * bleu.score(n);
  scores.meteor = 100 * support::corpus_meteor(captions, references).score();
  scores.rouge_l = 100 * support::corpus_rouge_l(captions, references);
  scores.cider_d = support::corpus_cider_d(captions, references);
  return scores;
}

}  // namespace heed::caption
