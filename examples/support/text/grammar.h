// A corpus out of nothing: sentences of a small English-French grammar, written for heed.
//
// The grammar is small enough to be learnt in a minute, and hard enough to need attention. Words do not stand
// in the same order in both languages:
//
//     the red car          ->  la voiture rouge             adjectives change places (but: la petite voiture)
//     she does not see him ->  elle ne le voit pas          negation surrounds the verb, objects jump
//     the queen 's old cat ->  le vieux chat de la reine    the owner comes last
//
// and a French word depends on words far away: gender and number of the noun decide the article, the
// adjective and, over any distance, the predicate ("the queen who sees the dogs is tired" -> "... est
// fatiguée"). Articles, pronouns and prepositions are elided and contracted (l' homme, n' aime pas, près du
// jardin). Clauses join and nest (because, when, who, that, ...) to any length. Each English sentence has
// exactly one translation here, so a perfect BLEU can be reached.
#pragma once

#include "examples/support/text/alignments/word_links.h"
#include "examples/support/text/corpus.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

namespace heed::support {

// Sentences, and of each which words stand for which, English - French: gold alignments, as the grammar has a
// reason for every word that it writes.
//
// Sure is what one entry of the lexicon writes on both sides: noun, adjective, verb, adverb, pronoun,
// preposition, conjunction, numeral, article and article, "'s" and its "de", "not" and "pas", "never" and
// "jamais", full stop and full stop. A word that the other language has no counterpart for is linked as
// possible to what it goes with:
//
//     does?voit              of "does not see", to the verb
//     not?ne                 the first half of "ne .. pas"
//     at?regarde             the particle of "looks at", to the verb
//     near?de                of "près de"; likewise because?que, while?que
//     in?devant of?devant    of "in front of", beside front-devant
//     in?le in?matin         of "in the morning", beside the-le and morning-matin
//     's?le cat?le           of "the queen 's cat", the article that French puts before the cat
//
// Where French joins two words in one (de le: du) it has the links of both. So every word has a link.
struct AlignedText {
  ParallelText text;
  std::vector<WordLinks> links;
};

enum class Lengths {
  usual,  // most sentences are short
  even,   // about as many of each length, as far as there are
};

// `count` distinct sentences (lower case, words separated by spaces, " ." at the end), English in `source`,
// French in `target`, none of them among the `taken`. The English ones have `min_words` to `max_words` words,
// the full stop included. Usual lengths: where the range allows it, four of five have at most 12 words and
// the others tail off towards max_words; otherwise wishes are spread evenly. The result depends on the
// arguments alone. Throws when 3 <= min_words <= max_words does not hold, or when the grammar has not that
// many sentences of these lengths.
AlignedText generate_aligned(size_t count, uint64_t seed, int min_words, int max_words,
                             Lengths lengths = Lengths::usual, const std::unordered_set<std::string>& taken = {});
ParallelText generate_grammar(size_t count, uint64_t seed, int min_words, int max_words);

// A corpus of the grammar; as it stands here it is the built-in one. No English sentence is in two of its
// splits.
struct GrammarCorpus {
  int64_t train = 20000, valid = 500, test = 500;  // pairs
  uint64_t seed = 1;
  int min_words = 3, max_words = 60;
  int test_min_words = 0, test_max_words = 0;  // of test sentences that are to differ; 0: as the others
  Lengths lengths = Lengths::usual;
};
struct AlignedCorpus {
  AlignedText train, valid, test;
};
AlignedCorpus make_corpus(const GrammarCorpus& wanted);

// The built-in corpus: "train" (20,000 pairs), "valid" (500), "test" (500), all of 3 to 60 words and without
// a common sentence, and "test_long" (300 pairs of 30 to 60 words). Throws for another name.
AlignedText builtin_aligned(const std::string& split);
ParallelText builtin_split(const std::string& split);

}  // namespace heed::support
