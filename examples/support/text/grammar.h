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

#include "examples/support/text/corpus.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace heed::support {

// `count` distinct sentences (lower case, words separated by spaces, " ." at the end), English in `source`,
// French in `target`. The English ones have `min_words` to `max_words` words, the full stop included. Where
// the range allows it, four of five have at most 12 words and the others tail off towards max_words;
// otherwise lengths are spread evenly. The result depends on the arguments alone. Throws when 3 <= min_words
// <= max_words does not hold, or when the grammar has not that many sentences of these lengths.
ParallelText generate_grammar(size_t count, uint64_t seed, int min_words, int max_words);

// The built-in corpus: "train" (20,000 pairs), "valid" (500), "test" (500), all of 3 to 60 words and without
// a common sentence, and "test_long" (300 pairs of 30 to 60 words). Throws for another name.
ParallelText builtin_split(const std::string& split);

}  // namespace heed::support
