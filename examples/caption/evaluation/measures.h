// How good a captioner is: perplexity (teacher-forced) and where attention looks meanwhile; BLEU and the
// other usual measures of its captions (free-running). The two are never mixed up.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "examples/caption/data/corpus.h"
#include "examples/caption/data/pointing.h"
#include "examples/caption/model/captioner.h"
#include "examples/caption/model/decode.h"
#include "examples/support/measures/bands/by_length.h"
#include "examples/support/measures/bleu.h"
#include "optim/thread_pool.h"

namespace heed::caption {

struct TeacherForced {
  double log_probability = 0;  // summed over all words and </s>
  double entropy = 0;          // of alpha, in nats, summed likewise; log L at most
  double largest = 0;          // the largest alpha, summed likewise
  int64_t words = 0;

  double perplexity() const;
  double mean_entropy() const;  // 0 without attention
  double mean_largest() const;
};

// Of captioners together: the mean of their probabilities, and of where they look.
TeacherForced teacher_forced(const Captioners& models, const CaptionIds& captions, const Pictures& pictures,
                             Reading reading, ThreadPool& pool);

// BLEU against all references of each picture.
support::Bleu bleu(const std::vector<Caption>& captions, const CaptionSet& set);

struct CaptionScores {
  std::array<double, 4> bleu{};  // BLEU-1 .. BLEU-4, in percent (support/bleu.h)
  double meteor = 0;             // in percent, exact and stem matches alone (support/meteor.h)
  double rouge_l = 0;            // in percent (support/rouge.h)
  double cider_d = 0;            // 0 to 10 (support/cider.h)
  double chrf = 0;               // chrF2 in percent (support/chrf.h)
};

// Captions and references are words separated by spaces (caption_tokens). Throws when a picture has no
// reference, or when there are not as many captions as pictures.
CaptionScores score_captions(const std::vector<std::string>& captions,
                             const std::vector<std::vector<std::string>>& references);

// Picture by picture, each as long as its references are in the mean, rounded (halves up).
support::JudgedSentences judge_captions(const std::vector<std::string>& captions,
                                        const std::vector<std::vector<std::string>>& references);

// Where the captions of all built-in pictures of a split looked, on a grid of side x side places.
Pointing pointing_of(const std::vector<Caption>& captions, const std::string& split, int64_t side);

}  // namespace heed::caption
