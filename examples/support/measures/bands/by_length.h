// The figures of a split by the length of its sentences, each with its band of 95 % (bootstrap.h): whether a
// model holds where sentences are long (Bahdanau et al. Figure 2, Luong et al. Figure 6).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "examples/support/measures/alignment_error.h"
#include "examples/support/measures/bands/bootstrap.h"
#include "examples/support/measures/bleu.h"
#include "examples/support/measures/chrf.h"

namespace heed::support {

// What is known of each sentence of a split.
struct JudgedSentences {
  std::vector<int64_t> length;  // in words, by which they are put into bins
  std::vector<Bleu> bleu;
  std::vector<Chrf> chrf;
  std::vector<AlignmentScore> alignment;  // empty if nobody asked

  void add(int64_t words, const std::string& hypothesis, const std::vector<std::string>& references);
};

// Sentences of from .. to words.
struct LengthBin {
  int64_t from = 1;
  std::optional<int64_t> to;  // none: any number
  std::vector<size_t> sentences;

  std::string name() const;  // "11-20", "41 and more"
};

// The bins that end at these lengths, and one for what is longer, if there is something. Every sentence is in
// one.
std::vector<LengthBin> bins_of(const std::vector<int64_t>& lengths, const std::vector<int64_t>& ends);
// Ends at multiples of 1, 2, 5, 10, 20, .. words, so that all but the longest 2 % lie in at most 8 bins.
std::vector<int64_t> usual_ends(std::vector<int64_t> lengths);
// "10,20,30". Throws WrongUsage if these are no whole numbers of 1 or more, each larger than the one before.
std::vector<int64_t> read_ends(const std::string& text);

struct Figure {
  double value = 0;
  Band band{};
};
struct Figures {
  int64_t sentences = 0;
  double mean_length = 0;
  Figure bleu, chrf;          // in percent
  std::optional<Figure> aer;  // a fraction
};
Figures figures_of(const JudgedSentences& judged, const std::vector<size_t>& which);

// Of two models on the same sentences, in the same units.
struct Differences {
  Difference bleu, chrf;
  std::optional<Difference> aer;  // if both have alignments
};
Differences differences_of(const JudgedSentences& a, const JudgedSentences& b, const std::vector<size_t>& which);
std::vector<size_t> all_of(const JudgedSentences& judged);

// A table with a line for each bin and one for all; with `against` also what `judged` is better by. The same
// for programs: [{"from", "to", "sentences", "words", "bleu", "bleu_low", "bleu_high", "chrf", .., "aer",
// ..}, ..], with `against` also "bleu_difference" {"value", "low", "high", "p"} and so on.
std::string length_table(const JudgedSentences& judged, const std::vector<LengthBin>& bins,
                         const JudgedSentences* against = nullptr);
nlohmann::json length_json(const JudgedSentences& judged, const std::vector<LengthBin>& bins,
                           const JudgedSentences* against = nullptr);

// "BLEU +1.20 [0.31, 2.11], p = 0.008; chrF ..", and the same for programs: {"bleu": {"value", ..}, ..}.
std::string difference_line(const Differences& differences);
nlohmann::json difference_json(const Differences& differences);

}  // namespace heed::support
