// A run that has translated a split, and what came of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "examples/support/measures/bands/by_length.h"
#include "examples/support/measures/bleu_13a.h"
#include "examples/support/measures/ter.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/evaluation/measures.h"
#include "examples/translate/evaluation/split_text.h"

namespace heed::translate {

struct JudgedRun {
  std::vector<Translation> translations;  // of all lines
  Perplexity perplexity;
  support::Bleu bleu;                          // of tokens
  std::optional<support::Bleu13a> plain_bleu;  // of plain text, of a run that tokenises
  support::Band plain_band;                    // of that, of 95 %, in percent
  support::Chrf chrf;
  support::Ter ter;                    // of tokens
  support::AlignmentScore alignment;   // with gold links, of a model that looks somewhere
  support::JudgedSentences sentences;  // one by one, lengths being those of the sources
  double sentences_per_second = 0;

  bool aligned() const { return !sentences.alignment.empty(); }
};

// Whether the model has an alignment at all: one with a fixed context has none.
bool looks_somewhere(const LoadedRun& run);

JudgedRun judge(const LoadedRun& run, const SplitText& text, const DecodeOptions& options, ThreadPool& pool);

}  // namespace heed::translate
