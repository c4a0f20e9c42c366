// Minibatches of sentence pairs.
//
// Sentences of one batch are padded to the longest of them, so batches of similar lengths waste little. As in
// Bahdanau et al. B.2: shuffle the corpus, fetch a pool of 20 batches, sort the
// pool by length, cut it into batches. The order of batches is then shuffled, so that a step's length says
// nothing about the next one's.
//
//     source      w_1 .. w_S </s>          what the encoder reads
//     target_in   <s> y_1 .. y_T           what the decoder has seen before each step (teacher forcing)
//     target_out  y_1 .. y_T </s>          what it should say at that step
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace heed::support {

using Ids = std::vector<int64_t>;

// B = size, S = source_steps, T = target_steps. Sentences stand in the order of falling target length (at
// equal length: falling source length, then rising index), so at every step those that still run are the
// first columns.
struct PairBatch {
  int64_t size = 0, source_steps = 0, target_steps = 0;
  Ids source;                 // [S, B], row after row; 0 (<pad>) after the end of a sentence
  Ids target_in, target_out;  // [T, B], likewise
  Ids source_lengths;         // [B], </s> counted
  Ids target_lengths;         // [B], words and </s>, which is as many steps as <s> and words
  std::vector<size_t> index;  // [B], which sentence of the corpus stands in this column
  int64_t target_tokens = 0;  // the sum of target_lengths: how many predictions the loss counts
};

struct BatchOptions {
  int64_t batch_size = 80;  // at most so many sentences in a batch
  bool by_tokens = false;   // or, with by_tokens, so many padded tokens on the longer side: max(S, T) * B
  int64_t pool = 20;        // batches that are fetched and sorted together; 0 for the whole corpus
  int64_t max_length = 0;   // training only: leave out pairs with a side of more words; 0 for no limit

  void fields(auto& visit) {
    visit("batch_size", batch_size, "sentences in a minibatch", {.least = 1});
    visit.saved("by_tokens", by_tokens);
    visit.saved("pool", pool);
    visit("max_length", max_length, "leave longer sentences out of training; 0: none");
  }
};

// A warning about sentences of more than 1,000 words that `options` leave in, or "" if there are none: time and
// memory of a step grow with the longest. words[i] is how many sentence i has, name(i) tells which that is.
std::string long_sentences_note(const std::vector<size_t>& words, const BatchOptions& options,
                                const std::function<std::string(size_t)>& name);

struct Batches {
  std::vector<PairBatch> batches;
  int64_t dropped = 0;  // pairs left out as too long
};

// The batches of one epoch of training. `sources` and `targets` hold the numbers of the words, without <s> or
// </s>. The result is a function of the arguments alone; every pair that is short enough occurs once. Throws
// when the numbers of sentences differ, when there are none (or none short enough), or when an option makes
// no sense.
Batches make_batches(const std::vector<Ids>& sources, const std::vector<Ids>& targets, const BatchOptions& options,
                     uint64_t seed, uint64_t epoch);

// Every sentence once, whatever its length, longest targets first: for evaluation. `targets` may be empty
// when there is nothing to compare with (translation); then sources are sorted and the batches have no
// target.
std::vector<PairBatch> make_evaluation_batches(const std::vector<Ids>& sources, const std::vector<Ids>& targets,
                                               const BatchOptions& options);

// One batch of the sentences with these numbers. `targets` may be empty, as above.
PairBatch make_batch(const std::vector<Ids>& sources, const std::vector<Ids>& targets, std::vector<size_t> index);

}  // namespace heed::support
