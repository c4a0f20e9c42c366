// How good a captioner is: perplexity with the right words given, and where attention looks meanwhile.
#pragma once

#include "examples/caption/data/corpus.h"
#include "examples/caption/data/pointing.h"
#include "examples/caption/model/captioner.h"
#include "examples/caption/model/describe.h"
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

TeacherForced teacher_forced(const Captioner& model, const CaptionIds& captions, const Pictures& pictures,
                             Reading reading, ThreadPool& pool);

// BLEU against all references of each picture.
support::Bleu bleu(const std::vector<Caption>& captions, const CaptionSet& set);

// Where the captions of all built-in pictures of a split looked, on a grid of side x side places.
Pointing pointing_of(const std::vector<Caption>& captions, const std::string& split, int64_t side);

}  // namespace heed::caption
