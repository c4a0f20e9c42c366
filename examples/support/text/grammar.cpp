#include "examples/support/text/grammar.h"

#include "autograd/base/error.h"
#include "examples/support/text/grammar/grammar_writer.h"
#include "examples/support/text/splitmix.h"
#include "examples/support/text/text.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>
#include <utility>

namespace heed::support {

namespace {

int draw_length(SplitMix& random, int min_words, int max_words) {
  const int usual = std::min(12, max_words);
  if (min_words >= usual) return min_words + random.below(max_words - min_words + 1);
  int length = min_words + random.below(usual - min_words + 1);
  if (random.chance(82)) return length;
  for (length = usual; length < max_words && !random.chance(12);) ++length;
  return length;
}

}  // namespace

ParallelText generate_grammar(size_t count, uint64_t seed, int min_words, int max_words) {
  if (min_words < 3 || max_words < min_words) {
    throw Error("grammar: sentences of {} to {} words were asked for; 3 <= min <= max must hold", min_words,
                max_words);
  }
  SplitMix random(seed);
  grammar::Writer writer(random);
  ParallelText text;
  std::unordered_set<std::string> seen;
  int64_t in_vain = 0;
  while (text.source.size() < count) {
    const grammar::Words words = writer.sentence(draw_length(random, min_words, max_words));
    std::string english = join_words(words.en);
    if (words.size() < min_words || words.size() > max_words || !seen.insert(english).second) {
      if (++in_vain < 100000) continue;
      throw Error("grammar: found only {} of {} different sentences of {} to {} words", text.source.size(),
                  count, min_words, max_words);
    }
    in_vain = 0;
    text.source.push_back(std::move(english));
    text.target.push_back(join_words(words.fr));
  }
  return text;
}

ParallelText builtin_split(const std::string& split) {
  if (split == "test_long") return generate_grammar(300, 2, 30, 60);
  constexpr size_t held_out = 500, train = 20000;
  const size_t begin = split == "test" ? 0 : split == "valid" ? held_out : 2 * held_out;
  const size_t end = begin + (split == "train" ? train : held_out);
  if (begin == 2 * held_out && split != "train") {
    throw Error("the built-in corpus has no split '{}'; it has train, valid, test and test_long", split);
  }
  // One set of distinct sentences, cut in three: nothing of the tests can be in the training text. Shuffled
  // first, because the few very short sentences that exist are all found early.
  const ParallelText all = generate_grammar(2 * held_out + train, 1, 3, 60);
  std::vector<size_t> order(all.source.size());
  std::iota(order.begin(), order.end(), size_t{0});
  SplitMix(3).shuffle(order);
  ParallelText text;
  for (size_t i = begin; i < end; ++i) {
    text.source.push_back(all.source[order[i]]);
    text.target.push_back(all.target[order[i]]);
  }
  return text;
}

}  // namespace heed::support
