// Describing pictures with a trained captioner or several: free running, every word predicted from its own words before.
#pragma once

#include <string>
#include <vector>

#include "examples/caption/data/corpus.h"
#include "examples/caption/model/search.h"
#include "examples/support/text/vocabulary.h"
#include "optim/thread_pool.h"

namespace heed::caption {

struct DecodeOptions {
  int64_t beam = 5;             // 1: greedy
  double length_penalty = 0.7;  // captions are short; 1 makes them longer than people write them
  Reading reading = Reading::expectation;
  uint64_t seed = 1;           // of reading by samples
  bool forbid_unknown = true;  // never write <unk>
  int64_t max_length = 40;     // words

  void fields(auto& visit) {
    visit("beam", beam, "width of the search; 1: greedy", {.least = 1, .most = 1000});
    visit("length_penalty", length_penalty, "exponent of the length that scores are divided by", {.most = 10});
    visit("reading", reading, readings, "what a word sees of the annotations a");
    visit("seed", seed, "of --reading sample");
    visit("max_length", max_length, "words of a caption", {.least = 1, .most = 10000});
    visit("forbid_unknown", forbid_unknown, "allow <unk> as a word", {.flag = "!--allow-unknown"});
  }
};

struct Caption {
  std::vector<std::string> words;
  std::string text;
  double log_probability = 0;  // of the words and </s>
  // Where each word, and </s>, looked: [words + 1][L]; empty without attention. The weights alpha, or with
  // Reading::sample 1 for the place that was drawn. With latent attention read by expectation, whence each word came:
  // the posterior of the places, given the word (of one captioner alone: several have the mean of alpha). A caption cut at max_length has no </s>.
  std::vector<std::vector<float>> alpha;

  void parts(auto& visit) {
    visit(words);
    visit(text);
    visit(log_probability);
    visit(alpha);
  }
};

// One caption for each of these pictures, in their order; they run over the threads of the pool.
std::vector<Caption> describe(const Captioners& models, const support::Vocabulary& vocabulary,
                              const Pictures& pictures, const std::vector<int64_t>& numbers,
                              const DecodeOptions& options, ThreadPool& pool);

// Of all pictures of a set.
std::vector<Caption> describe(const Captioners& models, const support::Vocabulary& vocabulary, const CaptionSet& set,
                              const DecodeOptions& options, ThreadPool& pool);

}  // namespace heed::caption
